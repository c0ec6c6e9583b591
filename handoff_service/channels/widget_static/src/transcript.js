/** What was said, by `seq`. It knows up to where nothing is missing, so that a gap can be noticed and filled. */

class Transcript {
  constructor() {
    this.messages = new Map();
    this.complete = 0;
  }

  /** True if the message was not known yet. */
  add(message) {
    const known = this.messages.get(message.seq);
    this.messages.set(message.seq, { ...known, ...message });
    while (this.messages.has(this.complete + 1)) this.complete += 1;
    return !known;
  }

  edit(seq, text) {
    const message = this.messages.get(seq);
    if (message) Object.assign(message, { text, edited: true });
  }

  delete(seq) {
    const message = this.messages.get(seq);
    if (message) Object.assign(message, { text: "", deleted: true, buttons: [], attachments: [] });
  }

  /** The service has just told everything: what is missing below the newest was deleted. */
  settle() {
    this.complete = Math.max(this.complete, this.newest);
  }

  get newest() {
    return Math.max(0, ...this.messages.keys());
  }

  get hasSpoken() {
    return this.list().some((message) => message.author === "customer");
  }

  get hasGap() {
    return this.newest > this.complete;
  }

  list() {
    return [...this.messages.values()].sort((one, other) => one.seq - other.seq);
  }

  unreadAfter(seq) {
    return this.list().filter((message) => message.seq > seq && message.author !== "customer" && !message.deleted);
  }
}

/**
 * The message whose buttons can be pressed: the newest one that has any, as long as only its own author spoke since
 * (an answer may consist of several messages). What the customer or anybody else says later ends them.
 */
function messageWithActiveButtons(messages) {
  const author = messages.length ? messages[messages.length - 1].author : null;
  if (author === "customer") return null;
  for (const message of [...messages].reverse()) {
    if (message.author !== author) return null;
    if (message.buttons?.length) return message;
  }
  return null;
}
