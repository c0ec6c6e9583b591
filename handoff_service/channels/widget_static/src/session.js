/**
 * Who is talking, and with which token. The browser keeps one record for each person and one for nobody in particular,
 * so that whoever logs in or out never meets another's conversation.
 */

class Session {
  constructor(store, identity) {
    this.store = store;
    this.become(identity);
  }

  /** Takes up what is kept of this person; an anonymous token goes along when its owner logs in. */
  become(identity) {
    this.identity = identity || null;
    this.person = subjectOf(this.identity);
    const own = this.store.read(this.key) || {};
    const anonymous = this.store.read("session:") || {};
    this.formerToken = anonymous.token || null;
    this.token = own.token || this.formerToken;
    this.readUpTo = own.read ?? anonymous.read ?? null;
  }

  /** Takes up what another tab keeps of this person; what is unsent here goes along. */
  share({ token, read }) {
    this.formerToken = this.token;
    this.token = token;
    this.readUpTo = read ?? null;
  }

  get key() {
    return `session:${this.person}`;
  }

  /** Under which names unsent messages of this person may be kept, the present one first. */
  get outboxes() {
    const names = [this.token, `new:${this.person}`, this.formerToken, "new:"].map((name) => name && `outbox:${name}`);
    return [...new Set(names.filter(Boolean))];
  }

  keep(token) {
    this.token = token || this.token;
    this.save();
    if (this.person) this.store.remove("session:");
    this.formerToken = null;
  }

  /** Kept at once, so that the next page knows it; in memory until there is a token. */
  markRead(seq) {
    if (this.readUpTo !== null && seq <= this.readUpTo) return;
    this.readUpTo = seq;
    if (this.token) this.save();
  }

  save() {
    this.store.write(this.key, { token: this.token, read: this.readUpTo });
  }

  /** The service does not accept the token; the person stays who they are. */
  dropToken() {
    this.formerToken = this.token;
    this.token = null;
    this.readUpTo = null;
    if (this.person) this.store.remove("session:");
    this.save();
  }

  /** Leaves nothing of this person in the browser. */
  erase() {
    this.store.remove(this.key);
    this.store.remove("session:");
  }
}

/** The `sub` of a JWT, which only the service can verify; "" for nobody. */
function subjectOf(identity) {
  if (!identity) return "";
  try {
    const payload = identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return String(JSON.parse(new TextDecoder().decode(bytes)).sub || "?");
  } catch {
    return "?";
  }
}
