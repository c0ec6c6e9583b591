/** One conversation as the desk sees it: numbered messages by `seq`, each note behind the message it followed. */
export class Transcript {
  #numbered = new Map();
  #notes = new Map();
  #ordered = null;

  /** True once it was read, as far back as it goes here, and nothing since then made that doubtful. */
  complete = false;
  /** Whether there is more before what is here. */
  hasEarlier = false;
  /** Rises at each change: views compare it instead of the content. */
  version = 0;

  /**
   * Takes the service's word for the newest part, the places of the notes included; what was taken back is remembered
   * only as a gap already shown. What stands before that part stays where it joins on to it and nothing made it doubtful.
   */
  replace(messages, hasEarlier = false) {
    const first = hasEarlier ? lowest(messages) : 0;
    const joins = this.complete && first > this.first && first <= this.#newest();
    const retracted = [...this.#numbered.values()].filter((message) => message.deleted && message.seq >= first);
    this.#drop((place) => !joins || place >= first);
    messages.forEach((message) => this.#put(message));
    retracted.forEach((message) => this.#numbered.has(message.seq) || this.#numbered.set(message.seq, message));
    if (!joins) this.hasEarlier = hasEarlier;
    this.complete = true;
    this.#changed();
  }

  /** Takes in the page that ends where this begins. */
  prepend(messages, hasEarlier) {
    let after = 0;
    for (const message of messages) {
      if (message.seq == null) this.#notes.set(noteKey(message), { note: message, after });
      else this.#numbered.set((after = message.seq), message);
    }
    this.hasEarlier = hasEarlier;
    this.#changed();
  }

  /** A frame of the desk's socket. The same frame twice changes nothing. */
  apply(frame) {
    if (frame.type === "message") this.#put(frame.message);
    if (frame.type === "edited") this.#amend(frame.seq, { text: frame.text, edited: true });
    if (frame.type === "deleted") this.#amend(frame.seq, { text: "", deleted: true });
    this.#changed();
  }

  /** All there is, in the order in which it was said. */
  get messages() {
    this.#ordered ??= this.#order();
    return this.#ordered;
  }

  /** The lowest number that is here; Infinity without any. */
  get first() {
    return Math.min(...this.#numbered.keys());
  }

  /** How many numbered messages are here from this one on. */
  sizeFrom(seq) {
    return [...this.#numbered.keys()].filter((number) => number >= seq).length;
  }

  textOf(seq) {
    return this.#numbered.get(seq)?.text ?? null;
  }

  has(message) {
    return message.seq == null ? this.#notes.has(noteKey(message)) : this.#numbered.has(message.seq);
  }

  #newest() {
    return Math.max(0, ...this.#numbered.keys());
  }

  #drop(isDropped) {
    for (const seq of this.#numbered.keys()) if (isDropped(seq)) this.#numbered.delete(seq);
    for (const [key, { after }] of this.#notes) if (isDropped(after)) this.#notes.delete(key);
  }

  #put(message) {
    if (message.seq == null) this.#putNote(message);
    else this.#numbered.set(message.seq, { ...this.#numbered.get(message.seq), ...message });
  }

  #putNote(note) {
    const key = noteKey(note);
    const after = this.#notes.get(key)?.after ?? this.#newest();
    this.#notes.set(key, { note, after });
  }

  #amend(seq, change) {
    const message = this.#numbered.get(seq);
    if (message) this.#numbered.set(seq, { ...message, ...change });
  }

  #order() {
    const numbered = [...this.#numbered.values()].sort((a, b) => a.seq - b.seq);
    const notes = [...this.#notes.values()].sort((a, b) => a.after - b.after);
    const ordered = [];
    for (const message of numbered) {
      while (notes.length && notes[0].after < message.seq) ordered.push(notes.shift().note);
      ordered.push(message);
    }
    return ordered.concat(notes.map(({ note }) => note));
  }

  #changed() {
    this.#ordered = null;
    this.version += 1;
  }
}

const lowest = (messages) => Math.min(...messages.filter(({ seq }) => seq != null).map(({ seq }) => seq));

/** Notes have no number: what was written when tells them apart. */
const noteKey = (note) => `${note.sent_at} ${note.text}`;
