/** One conversation as the desk sees it: numbered messages by `seq`, each note behind the message it followed. */
export class Transcript {
  #numbered = new Map();
  #notes = new Map();
  #ordered = null;

  /** True once the whole of it was read, and nothing since then made that doubtful. */
  complete = false;
  /** Rises at each change: views compare it instead of the content. */
  version = 0;

  /** Takes the service's word for everything, the places of the notes included; what was taken back is remembered only as a gap already shown. */
  replace(messages) {
    const retracted = [...this.#numbered.values()].filter((message) => message.deleted);
    this.#numbered.clear();
    this.#notes.clear();
    messages.forEach((message) => this.#put(message));
    retracted.forEach((message) => this.#numbered.has(message.seq) || this.#numbered.set(message.seq, message));
    this.complete = true;
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

  textOf(seq) {
    return this.#numbered.get(seq)?.text ?? null;
  }

  has(message) {
    return message.seq == null ? this.#notes.has(noteKey(message)) : this.#numbered.has(message.seq);
  }

  #put(message) {
    if (message.seq == null) this.#putNote(message);
    else this.#numbered.set(message.seq, { ...this.#numbered.get(message.seq), ...message });
  }

  #putNote(note) {
    const key = noteKey(note);
    const after = this.#notes.get(key)?.after ?? Math.max(0, ...this.#numbered.keys());
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

/** Notes have no number: what was written when tells them apart. */
const noteKey = (note) => `${note.sent_at} ${note.text}`;
