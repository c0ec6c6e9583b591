const SHOWN_MS = 6000;

/** Which customers are typing: each sign of it holds for a few seconds, so that dots never stay for ever. */
export class Typing {
  #timers = new Map();
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
  }

  has(id) {
    return this.#timers.has(id);
  }

  sign(id) {
    this.#clear(id);
    const over = () => {
      this.#timers.delete(id);
      this.#onChange();
    };
    this.#timers.set(id, setTimeout(over, SHOWN_MS));
  }

  stop(id) {
    this.#clear(id);
    this.#timers.delete(id);
  }

  stopAll() {
    [...this.#timers.keys()].forEach((id) => this.stop(id));
  }

  #clear(id) {
    clearTimeout(this.#timers.get(id));
  }
}
