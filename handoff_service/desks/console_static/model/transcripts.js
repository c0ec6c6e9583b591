import { Transcript } from "./transcript.js";

/** The transcripts of this desk, and how the reading of each stands. */
export class Transcripts {
  #transcripts = new Map();
  #readings = new Map();

  of(id) {
    if (!this.#transcripts.has(id)) this.#transcripts.set(id, new Transcript());
    return this.#transcripts.get(id);
  }

  /** "reading", "failed" or null. */
  readingOf(id) {
    return this.#readings.get(id)?.state ?? null;
  }

  /**
   * Takes a frame in. `isNew`: it brought a message that was not there before. `doubtful`: something other than the
   * words changed, such as what the assistant understood, and only a reading tells what.
   */
  hear(id, frame) {
    this.#readings.get(id)?.meanwhile.push(frame);
    const transcript = this.of(id);
    const isNew = frame.type === "message" && !transcript.has(frame.message);
    const doubtful = frame.type === "edited" && transcript.textOf(frame.seq) === frame.text;
    if (!doubtful) transcript.apply(frame);
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
        this.of(id).replace(loaded.messages);
        reading.meanwhile.forEach((frame) => this.of(id).apply(frame));
        this.#readings.delete(id);
      }
      return loaded;
    } catch (error) {
      reading.state = "failed";
      throw error;
    }
  }

  /** After a gap in the line nothing here is sure until it is read again. */
  doubt() {
    this.#transcripts.forEach((transcript) => (transcript.complete = false));
  }
}
