import { Refused, Unreachable } from "../wire/api.js";

/** Teams and agents as the service last told: who is there, what they hold, how much more they can take. */
export class Staff {
  teams = [];
  agents = [];
  known = false;
  /** Whether the last wish to be available or away was not granted. */
  failed = false;
  changing = false;

  #present = new Map();
  #api;
  #onChange;

  constructor({ api, onChange }) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** `{name, desk, is_available, load, capacity}`, or null for somebody who was not seen yet. */
  presenceOf(name) {
    return this.#present.get(name) ?? null;
  }

  isAvailable(name) {
    return Boolean(this.presenceOf(name)?.is_available);
  }

  /** Asks anew. What was known stays when nobody can tell. */
  async refresh() {
    const answer = await this.#api.directory().catch(() => null);
    if (!answer) return;
    this.teams = answer.teams ?? [];
    this.agents = answer.agents ?? [];
    this.#present = new Map((answer.present ?? []).map((colleague) => [colleague.name, colleague]));
    this.known = true;
    this.#onChange();
  }

  /** Says that `name` is "available" or "away". True when it is so. */
  async say(name, availability) {
    if (this.changing) return false;
    this.changing = true;
    this.#onChange();
    try {
      this.#present.set(name, await this.#api.changeAgent(name, { availability }));
      this.failed = false;
      return true;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      this.failed = true;
      return false;
    } finally {
      this.changing = false;
      this.#onChange();
    }
  }
}
