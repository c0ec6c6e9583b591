import { Transcript } from "./transcript.js";

/** Messages that are read at once. */
export const PAGE = 100;
const MOST_AT_ONCE = 1000;

/** The transcripts of this desk, and how the reading of each stands. */
export class Transcripts {
  #transcripts = new Map();
  #readings = new Map();
  #pages = new Map();

  of(id) {
    if (!this.#transcripts.has(id)) this.#transcripts.set(id, new Transcript());
    return this.#transcripts.get(id);
  }

  /** "reading", "failed" or null. */
  readingOf(id) {
    return this.#readings.get(id)?.state ?? null;
  }

  /** The same for the page before what is here. */
  earlierOf(id) {
    return this.#pages.get(id)?.state ?? null;
  }

  /** How many of the newest messages must be read so that nothing doubtful stays; of very many only the last. */
  wantedOf(id) {
    const transcript = this.of(id);
    return transcript.complete ? PAGE : Math.min(Math.max(PAGE, transcript.sizeFrom(0)), MOST_AT_ONCE);
  }

  /**
   * Takes a frame in. `isNew`: it brought a message that was not there before. `doubtful`: something other than the
   * words changed, such as what the assistant understood, and only a reading tells what.
   */
  hear(id, frame) {
    for (const under of [this.#readings, this.#pages]) under.get(id)?.meanwhile.push(frame);
    const transcript = this.of(id);
    const isNew = frame.type === "message" && !transcript.has(frame.message);
    const doubtful = frame.type === "edited" && transcript.textOf(frame.seq) === frame.text;
    if (!doubtful) transcript.apply(frame);
    else if (transcript.sizeFrom(frame.seq) > PAGE) transcript.complete = false;
    return { isNew, doubtful };
  }

  /**
   * Puts what `load` brings in place of what was known, and on top of it the frames that came in meanwhile.
   * Returns what was loaded; throws what `load` throws. Of two readings at once the later one counts.
   */
  async read(id, load) {
    const reading = { state: "reading", meanwhile: [] };
    this.#readings.set(id, reading);
    try {
      const loaded = await load();
      if (this.#readings.get(id) === reading) {
        this.of(id).replace(loaded.messages, loaded.has_earlier);
        reading.meanwhile.forEach((frame) => this.of(id).apply(frame));
        this.#readings.delete(id);
      }
      return loaded;
    } catch (error) {
      reading.state = "failed";
      throw error;
    }
  }

  /**
   * Puts the page that `load` brings, given the number it must end before, in front of what is here. Returns how many
   * messages came; throws what `load` throws. One page at a time, and none where there is nothing earlier.
   */
  async readEarlier(id, load) {
    const transcript = this.of(id);
    const before = transcript.first;
    if (!transcript.hasEarlier || this.earlierOf(id) === "reading") return 0;
    const page = { state: "reading", meanwhile: [] };
    this.#pages.set(id, page);
    try {
      const loaded = await load(before);
      this.#pages.delete(id);
      if (transcript.first !== before) return 0;
      transcript.prepend(loaded.messages, loaded.has_earlier);
      page.meanwhile.forEach((frame) => transcript.apply(frame));
      return loaded.messages.length;
    } catch (error) {
      page.state = "failed";
      throw error;
    }
  }

  /** After a gap in the line nothing here is sure until it is read again. */
  doubt() {
    this.#transcripts.forEach((transcript) => (transcript.complete = false));
  }

  /** Whoever comes back to a conversation begins at its end again: what was read before that goes with the next reading. */
  leave(id) {
    this.of(id).complete = false;
    this.#pages.delete(id);
  }
}
