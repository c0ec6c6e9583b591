/** What one customer can know of the conversation: its messages, who has it, who is typing, whether it is paused. */

const TYPING_SHOWN_FOR = 6000;

class Conversation {
  /** `onMessage(message)` is called for each new message that is news, `onOwner()` when owner or place change. */
  constructor({ changed, onMessage, onOwner }) {
    Object.assign(this, { changed, onMessage, onOwner });
    this.forget();
  }

  forget() {
    clearTimeout(this.typingTimer);
    clearTimeout(this.pauseTimer);
    clearTimeout(this.linkTimer);
    this.links = [];
    this.link = null;
    this.id = null;
    this.transcript = new Transcript();
    this.owner = { owner: "assistant" };
    this.hasContinued = false;
    this.typing = null;
    this.pause = null;
  }

  /** False if this is another conversation than before, of which only a part was asked for. */
  welcome(frame, askedAfter) {
    const isOther = this.id !== null && this.id !== frame.conversation_id;
    if (isOther) this.forget();
    this.id = frame.conversation_id;
    this.links = frame.links || [];
    if (isOther && askedAfter > 0) return false;
    const isFirst = this.transcript.newest === 0;
    const fresh = (frame.messages || []).filter((message) => this.add(message));
    for (const change of frame.changes || []) this.alter(change);
    this.transcript.settle();
    if (frame.owner !== this.owner.owner) this.setOwner(frame);
    else this.heedPause(frame);
    if (!isFirst) fresh.forEach(this.onMessage);
    return true;
  }

  add(message) {
    return Number.isInteger(message.seq) && this.transcript.add(message);
  }

  tell(message) {
    if (message.author !== "customer") this.typing = null;
    if (this.add(message)) this.onMessage(message);
  }

  /** What the customer wrote is stored under this number. */
  acknowledge(seq, item) {
    if (!Number.isInteger(seq) || this.transcript.messages.has(seq)) return;
    this.transcript.add({
      seq,
      id: item.id,
      author: "customer",
      name: null,
      text: item.text,
      attachments: item.attachments,
      sent_at: new Date().toISOString(),
    });
  }

  alter({ type, seq, text }) {
    if (type === "edited") this.transcript.edit(seq, text);
    else if (type === "deleted") this.transcript.delete(seq);
  }

  setOwner({ owner, agent, position, wait_seconds, opens_at, paused_until }) {
    const before = this.owner;
    this.heedPause({ paused_until });
    this.owner = { owner, agent, position, wait_seconds, opens_at };
    if (owner !== before.owner) {
      this.hasContinued = false;
      this.typing = null;
    }
    if (owner !== before.owner || position !== before.position) this.onOwner();
  }

  /** Dots go away by themselves: nobody is sure to say that they stopped. */
  setTyping({ author, name }) {
    if (author === "customer") return;
    this.typing = { author: author || this.owner.owner, name: name || agentName(this.owner) };
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.end("typing"), TYPING_SHOWN_FOR);
  }

  /** The state as the service tells it: paused or not. */
  heedPause({ paused_until: until }) {
    clearTimeout(this.pauseTimer);
    if (until) this.setPause(until, this.pause?.text);
    else this.pause = null;
  }

  setPause(until, text) {
    const end = new Date(until || Number.NaN);
    this.pause = { text, end: Number.isNaN(end.getTime()) ? null : end };
    clearTimeout(this.pauseTimer);
    if (this.pause.end) this.pauseTimer = setTimeout(() => this.end("pause"), Math.max(0, end - Date.now()));
  }

  /** A way on to another channel, good once and for a while. */
  setLink({ to, url, expires_at: until }) {
    const end = new Date(until || Number.NaN);
    const left = end - Date.now();
    if (!(left > 0)) return;
    this.link = { to, url, end };
    clearTimeout(this.linkTimer);
    this.linkTimer = setTimeout(() => this.end("link"), left);
  }

  end(what) {
    this[what] = null;
    this.changed();
  }
}

function agentName(owner) {
  const name = owner.agent && typeof owner.agent === "object" ? owner.agent.name : owner.agent;
  return name ? String(name) : "";
}
