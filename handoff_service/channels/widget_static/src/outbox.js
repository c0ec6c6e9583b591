/**
 * What the customer wrote and the service has not yet acknowledged. Kept in the browser, sent one by one in order with
 * an id of its own, and sent again until acknowledged: the service knows the id, so nothing arrives twice.
 */

const ACK_WITHIN = 8000;
const UNAVAILABLE_DELAY = 3000;
const UNAVAILABLE_DELAY_MAX = 60000;

class Outbox {
  constructor(store, { send, changed }) {
    this.store = store;
    this.send = send;
    this.changed = changed;
    this.items = [];
    this.name = "";
    this.reset();
  }

  reset() {
    clearTimeout(this.timer);
    this.inFlight = null;
    this.hold = null;
    this.unavailableDelay = UNAVAILABLE_DELAY;
  }

  /** Takes over what is kept under these names, and keeps it under the first of them from now on. */
  open(names) {
    this.reset();
    this.name = names[0];
    this.items = uniqueInOrder(names.flatMap((name) => this.store.read(name) || []));
    for (const name of names.slice(1)) this.store.remove(name);
    this.save(this.items);
  }

  /** Leaves nothing behind. */
  erase() {
    this.reset();
    this.items = [];
    this.store.remove(this.name);
  }

  /** `attachments` are files the service has already: `{ id, name }`. */
  add(text, { payload, attachments } = {}) {
    const item = {
      id: newId(),
      text,
      at: new Date().toISOString(),
      ...(payload && { payload }),
      ...(attachments && { attachments }),
    };
    this.items.push(item);
    this.save([...this.kept(), item]);
    this.pump();
  }

  /** Sends the next message, if none is on its way and nothing says wait. */
  pump() {
    const next = this.items.find((item) => !item.failed);
    if (!next || this.inFlight || this.hold) return;
    if (!this.send(frameOf(next))) return;
    this.inFlight = next.id;
    this.after(ACK_WITHIN, () => this.release());
  }

  /** The connection is new: what was on its way has to go again. */
  resume() {
    this.reset();
    this.pump();
  }

  /** The service has it. Returns what was sent, or null if it is not (or no longer) ours. */
  acknowledge(id) {
    const item = this.take(id);
    if (this.inFlight === id) {
      this.unavailableDelay = UNAVAILABLE_DELAY;
      this.release();
    }
    return item;
  }

  /** The service did not take it: wait and send it again, or tell the customer. */
  refuse(id, code, retryAfter) {
    if (code === "rate_limited" || code === "unavailable") {
      this.wait(code, retryAfter);
      return;
    }
    const item = this.items.find((candidate) => candidate.id === id);
    if (!item) return;
    item.failed = code;
    this.save(this.kept().map((kept) => (kept.id === id ? { ...kept, failed: code } : kept)));
    if (this.inFlight === id) this.release();
  }

  wait(code, seconds) {
    this.hold = code;
    this.inFlight = null;
    this.after(seconds ? seconds * 1000 : this.unavailableDelay, () => this.release());
    if (!seconds) this.unavailableDelay = Math.min(this.unavailableDelay * 2, UNAVAILABLE_DELAY_MAX);
  }

  release() {
    clearTimeout(this.timer);
    this.hold = null;
    this.inFlight = null;
    this.pump();
    this.changed();
  }

  retry(id) {
    const item = this.take(id);
    if (item) this.add(item.text, item);
  }

  take(id) {
    const item = this.items.find((candidate) => candidate.id === id) || null;
    if (!item) return null;
    this.items = this.items.filter((candidate) => candidate !== item);
    this.save(this.kept().filter((kept) => kept.id !== id));
    return item;
  }

  /** Other tabs of the same customer write here too, so it is read anew for each change. */
  kept() {
    return this.store.read(this.name) || [];
  }

  save(items) {
    if (items.length) this.store.write(this.name, items);
    else this.store.remove(this.name);
  }

  after(milliseconds, then) {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, milliseconds);
  }
}

function frameOf({ id, text, payload, attachments }) {
  return {
    type: "message",
    id,
    text,
    ...(payload && { payload }),
    ...(attachments && { attachments: attachments.map((file) => file.id) }),
  };
}

function uniqueInOrder(items) {
  const byId = new Map(items.map((item) => [item.id, item]));
  return [...byId.values()].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** `randomUUID` exists only on pages served over HTTPS or from localhost. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
