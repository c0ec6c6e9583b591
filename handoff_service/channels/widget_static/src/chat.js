/** One customer's chat: who it is, what is to be sent, what the service says. */

const REFUSALS_BEFORE_WAITING = 3;
const GAP_TOLERATED_FOR = 1500;

class Chat {
  constructor(settings) {
    this.locale = settings.locale;
    this.store = new BrowserStore("localStorage", "relevo:");
    this.tab = new BrowserStore("sessionStorage", "relevo:");
    this.session = new Session(this.store, settings.identity);
    this.outbox = new Outbox(this.store, {
      send: (frame) => this.connection.send(frame),
      changed: () => this.changed(),
    });
    this.uploads = new Uploads(settings.files, {
      token: () => this.session.token,
      arrived: (file) => this.say("", { attachments: [file] }),
      changed: () => this.changed(),
    });
    this.connection = new Connection(settings.socket, this);
    this.conversation = new Conversation({
      changed: () => this.changed(),
      onMessage: (message) => message.author !== "customer" && this.screen.notify(message),
      onOwner: () => this.screen.announceOwner(this.conversation),
    });
    this.refusals = 0;
    this.isFirstHere = false;
    this.screen = new Screen(settings, this);
    this.panel = this.screen.panel;
    this.takeUpPerson();
    this.store.watch((key, saved) => this.otherTabChanged(key, saved));
    if (this.needsConnection) this.connection.open();
    if (this.tab.read("open") && !this.panel.fullScreen.matches) this.panel.open({ focus: false });
    this.changed();
  }

  changed() {
    this.screen.render();
  }

  // ---- Who it is ------------------------------------------------------------------------------------------

  identify(identity) {
    const before = this.session.person;
    const isSame = subjectOf(identity) === before;
    if (!isSame && before) this.eraseTraces();
    this.session.become(identity);
    this.refusals = 0;
    if (isSame && this.connection.ready) return;
    if (!isSame) this.startOver();
    this.connection.restart();
  }

  logOut() {
    this.eraseTraces();
    this.beNobody();
  }

  beNobody() {
    this.session.become(null);
    this.startOver();
    this.connectAnew();
  }

  /** Visitors who neither open the chat nor have a conversation cost the service nothing. */
  get needsConnection() {
    return this.panel.isOpen || Boolean(this.session.token || this.session.identity || this.outbox.items.length);
  }

  connectAnew() {
    if (this.needsConnection) this.connection.restart();
    else this.connection.close();
  }

  eraseTraces() {
    this.outbox.erase();
    this.tab.remove(this.draftName);
    this.session.erase();
  }

  /** Shows nothing of what was, and takes up what is kept of whoever it is now. */
  startOver() {
    this.isFirstHere = false;
    this.conversation.forget();
    this.uploads.forget();
    this.takeUpPerson();
    this.changed();
  }

  takeUpPerson() {
    this.outbox.open(this.session.outboxes);
    this.screen.composer.text = this.tab.read(this.draftName) || "";
  }

  get draftName() {
    return `draft:${this.session.person}`;
  }

  draft(text) {
    if (text) this.tab.write(this.draftName, text);
    else this.tab.remove(this.draftName);
  }

  /** Logging out in one tab logs out in all; a session begun in one is shared; what was read there is read here. */
  otherTabChanged(key, saved) {
    if (key !== null && key !== this.session.key) return;
    if (!saved && this.session.token) this.beNobody();
    else if (saved?.token && saved.token === this.session.token) this.session.readUpTo = saved.read;
    else if (saved?.token) this.agreeWithOtherTab(saved);
    this.changed();
  }

  /**
   * Two tabs that start together end up in one conversation. If both were given one before either knew of the other,
   * both must choose the same: the one whose token sorts first, unless something was said in the other already.
   */
  agreeWithOtherTab(saved) {
    const { token } = this.session;
    if (!token) this.share(saved);
    else if (!this.isFirstHere || this.conversation.transcript.hasSpoken) return;
    else if (saved.token < token) this.share(saved);
    else this.session.save();
  }

  share(saved) {
    this.session.share(saved);
    this.startOver();
    this.connection.restart();
  }

  // ---- What the connection asks and tells -----------------------------------------------------------------

  get isSeen() {
    return this.screen.isSeen;
  }

  greeting() {
    const { token, identity } = this.session;
    this.askedAfter = this.conversation.transcript.complete;
    return { token, after: this.askedAfter, locale: this.locale, ...(identity ? { identity } : {}) };
  }

  connectionChanged() {
    if (!this.connection.ready) this.conversation.typing = null;
    this.changed();
  }

  received(frame) {
    const { conversation } = this;
    const handle = {
      welcome: () => this.welcomed(frame),
      message: () => this.told(frame),
      ack: () => this.acknowledged(frame),
      edited: () => conversation.alter(frame),
      deleted: () => conversation.alter(frame),
      owner: () => conversation.setOwner(frame),
      typing: () => conversation.setTyping(frame),
      link: () => conversation.setLink(frame),
      error: () => this.refused(frame),
    }[frame.type];
    if (!handle) return;
    handle();
    this.changed();
  }

  welcomed(frame) {
    const { session } = this;
    if (!session.token && !session.person) {
      const saved = this.store.read(session.key);
      if (saved?.token) return this.share(saved);
      this.isFirstHere = true;
    }
    session.keep(frame.token);
    this.outbox.open(session.outboxes);
    for (const { id } of frame.messages || []) if (id) this.outbox.take(id);
    if (!this.conversation.welcome(frame, this.askedAfter)) return this.connection.restart();
    if (session.readUpTo === null) this.markRead();
    this.outbox.resume();
  }

  told(message) {
    if (message.id) this.outbox.acknowledge(message.id);
    this.conversation.tell(message);
    this.fillGapSoon();
  }

  acknowledged({ id, seq }) {
    const item = this.outbox.acknowledge(id);
    if (item) this.conversation.acknowledge(seq, item);
    this.fillGapSoon();
  }

  /** A missing number means a lost message: ask again from the last that is certain. */
  fillGapSoon() {
    clearTimeout(this.gapTimer);
    const fill = () => this.conversation.transcript.hasGap && this.connection.ready && this.connection.restart();
    if (this.conversation.transcript.hasGap) this.gapTimer = setTimeout(fill, GAP_TOLERATED_FOR);
  }

  refused({ code, id, retry_after: seconds, until, message }) {
    if (code === "unauthorized") return this.greetAgain();
    if (code === "paused") this.conversation.setPause(until, message);
    if (this.connection.ready) this.outbox.refuse(id, code, seconds);
    else if (code === "rate_limited" || code === "unavailable") this.connection.retryLater(seconds);
  }

  /** Gives up first the token, then the identity; after a few refusals in a row it waits between tries. */
  greetAgain() {
    this.refusals += 1;
    if (this.session.token) {
      this.session.dropToken();
    } else if (this.session.identity) {
      this.session.become(null);
      window.dispatchEvent(new CustomEvent("relevo:identity-refused"));
    }
    this.startOver();
    if (this.refusals < REFUSALS_BEFORE_WAITING) this.connectAnew();
    else this.connection.retryLater();
  }

  // ---- What the customer does -----------------------------------------------------------------------------

  opened() {
    this.tab.write("open", true);
    this.refusals = 0;
    this.connection.open();
    this.changed();
  }

  closed() {
    this.tab.remove("open");
    this.changed();
  }

  say(text, more) {
    this.connection.open();
    this.outbox.add(text, more);
    this.screen.log.toEnd();
    this.changed();
  }

  attach(file) {
    this.connection.open();
    this.uploads.add(file);
    this.screen.log.toEnd();
  }

  retry(id) {
    (this.uploads.has(id) ? this.uploads : this.outbox).retry(id);
  }

  discard(id) {
    if (this.uploads.has(id)) this.uploads.discard(id);
    else this.outbox.take(id);
  }

  press({ title, payload }) {
    if (payload === "queue.continue") this.conversation.hasContinued = true;
    this.say(String(title), { payload });
    this.panel.focusEntry();
  }

  /** Asks for a way on to another channel. */
  goOn(to) {
    this.connection.send({ type: "link", to });
  }

  /** A link is good once: after it was followed another one has to be asked for. */
  followed() {
    this.conversation.link = null;
    this.changed();
  }

  type() {
    this.connection.send({ type: "typing" });
  }

  markRead() {
    this.session.markRead(this.conversation.transcript.newest);
  }

  get unread() {
    const { readUpTo } = this.session;
    return readUpTo === null ? 0 : this.conversation.transcript.unreadAfter(readUpTo).length;
  }
}
