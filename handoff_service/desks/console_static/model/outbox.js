import { Refused } from "../wire/api.js";
import { now } from "../wire/clock.js";
import { tab } from "../wire/storage.js";

const KEY = "relevo.outbox";
const CLOCK_SLACK_MS = 5000;

/**
 * What the agent sent and the service has not yet confirmed: kept through a reload, sent in order per handoff,
 * each with an id of its own so that trying again can't say anything twice.
 *
 * An item is `{id, handoffId, kind: "reply" | "note", text, at, state, error}`; `state` is `waiting`, `sending`,
 * `failed` (no answer; may be tried again) or `refused` (the service said no).
 */
export class Outbox {
  #items = tab.read(KEY, []).map((item) => (item.state === "refused" ? item : { ...item, state: "failed" }));
  #confirmed = new Set();
  #deliver;
  #onChange;

  /** @param deliver sends one item and resolves, to the stored message if it is told, when the service has it. */
  constructor({ deliver, onChange }) {
    this.#deliver = deliver;
    this.#onChange = onChange;
  }

  of(handoffId) {
    return this.#items.filter((item) => item.handoffId === handoffId);
  }

  add(handoffId, kind, text) {
    const item = { id: crypto.randomUUID?.() ?? randomId(), handoffId, kind, text, at: now(), state: "waiting" };
    this.#items.push(item);
    this.#changed();
    this.#next(handoffId);
  }

  /** Tries a failed or refused item again, with the id it had. */
  retry(id) {
    const item = this.#items.find((candidate) => candidate.id === id);
    if (!item || item.state === "sending") return;
    this.#set(item, { state: "waiting", error: null, again: true });
    this.#next(item.handoffId);
  }

  /** The line is back: whatever got no answer is tried again. */
  retryFailed() {
    this.#items.filter((item) => item.state === "failed").forEach((item) => this.retry(item.id));
  }

  /** Gives the item up and returns it, so that its words can be kept. */
  discard(id) {
    const item = this.#items.find((candidate) => candidate.id === id);
    this.#items = this.#items.filter((candidate) => candidate.id !== id);
    this.#changed();
    if (item) this.#next(item.handoffId);
    return item;
  }

  /**
   * Drops the items that `messages`, of handoff `handoffId` and written by this agent, prove to have arrived: the
   * message itself is as good as its confirmation.
   */
  settle(handoffId, messages) {
    const open = this.of(handoffId).filter((item) => item.state !== "waiting" || item.again);
    if (!open.length) return;
    const arrived = new Set();
    for (const message of messages) {
      if (this.#confirmed.has(`${handoffId} ${message.seq}`)) continue;
      const item = open.find((candidate) => !arrived.has(candidate.id) && proves(message, candidate));
      if (item) arrived.add(item.id);
    }
    if (!arrived.size) return;
    this.#items = this.#items.filter((item) => !arrived.has(item.id));
    this.#changed();
    this.#next(handoffId);
  }

  async #next(handoffId) {
    const [first] = this.of(handoffId).filter((item) => item.state !== "refused");
    if (first?.state !== "waiting") return;
    this.#set(first, { state: "sending" });
    try {
      const stored = await this.#deliver(first);
      if (stored?.seq != null) this.#confirmed.add(`${handoffId} ${stored.seq}`);
      this.#items = this.#items.filter((item) => item.id !== first.id);
    } catch (error) {
      if (this.#items.some((item) => item.id === first.id)) this.#set(first, outcomeOf(error));
    }
    this.#changed();
    this.#next(handoffId);
  }

  #set(item, change) {
    Object.assign(item, change);
    this.#changed();
  }

  #changed() {
    tab.write(KEY, this.#items);
    this.#onChange();
  }
}

const outcomeOf = (error) =>
  error instanceof Refused
    ? { state: "refused", error: { status: error.status, body: error.body } }
    : { state: "failed" };

const proves = (message, item) =>
  message.id === item.id ||
  ((message.author === "note") === (item.kind === "note") &&
    message.text === item.text &&
    Date.parse(message.sent_at) >= item.at - CLOCK_SLACK_MS);

/** `crypto.randomUUID` exists only in secure contexts, and a console on a plain-HTTP intranet is not one. */
const randomId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
