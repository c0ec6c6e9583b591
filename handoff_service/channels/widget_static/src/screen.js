/** What of the chat is seen and heard: puts the parts of the panel together and draws the state into them. */

class Screen {
  constructor(settings, chat) {
    const words = wordsFor(settings.locale);
    Object.assign(this, { words, chat });
    const actions = {
      press: (button) => chat.press(button),
      goOn: (to) => chat.goOn(to),
      followed: () => chat.followed(),
      retry: (id) => this.rescue(() => chat.retry(id)),
      discard: (id) => this.rescue(() => chat.discard(id)),
      edit: (id) => this.rescue(() => (this.composer.text = chat.outbox.take(id)?.text || "")),
      opened: () => this.opened(),
      closed: () => chat.closed(),
    };
    this.log = new Log(words, settings.base, actions);
    this.banner = new Banner(words, actions);
    this.composer = new Composer(words, {
      submit: (text) => chat.say(text),
      attach: (file) => chat.attach(file),
      typing: () => chat.type(),
      drafted: (text) => chat.draft(text),
    });
    this.panel = new Panel(settings, words, {
      parts: { log: this.log, banner: this.banner, composer: this.composer },
      actions,
    });
    document.addEventListener("visibilitychange", () => this.render());
  }

  opened() {
    this.composer.refresh();
    this.chat.opened();
  }

  get isSeen() {
    return this.panel.isOpen && document.visibilityState === "visible";
  }

  rescue(act) {
    act();
    this.render();
    this.panel.focusEntry();
  }

  /** A new message of somebody else. */
  notify(message) {
    this.log.incoming();
    const said = `${this.words.speaker(message.author, message.name)}: ${message.text || ""}`;
    this.panel.announce(this.panel.isOpen ? said : this.words.unread(this.chat.unread));
  }

  announceOwner({ owner }) {
    if (!this.panel.isOpen) return;
    if (owner.owner === "agent") this.panel.announce(this.words.ownerAgent(agentName(owner)));
    if (owner.owner === "queue")
      this.panel.announce([this.words.ownerQueue, ...waitingLines(owner, this.words)].join(". "));
  }

  /** Draws soon, and once for all that changes until then. */
  render() {
    if (this.isDrawing) return;
    this.isDrawing = true;
    queueMicrotask(() => {
      this.isDrawing = false;
      this.draw();
    });
  }

  draw() {
    const { chat, words } = this;
    const { owner, typing, transcript, hasContinued, pause, links, link } = chat.conversation;
    if (this.isSeen) chat.markRead();
    const messages = transcript.list();
    const unsent = chat.outbox.items.map((item) => ({ ...item, status: this.statusOf(item) }));
    const pending = [...unsent, ...chat.uploads.rows()].map((item) => ({ ...item, author: "customer" }));
    const offered = messages.flatMap((message) => message.buttons || []).filter((button) => isQueueButton(button) || isPauseButton(button));
    this.log.render(
      rowsOf({ messages, pending, typing, hideReplies: owner.owner === "queue" }, words),
      !messages.length && !pending.length,
    );
    this.banner.render(owner, offered.reverse(), hasContinued, Boolean(pause), { links, link });
    this.composer.rest(Boolean(pause));
    const initial = owner.owner === "agent" ? [...agentName(owner)][0] : null;
    this.panel.render({ subtitle: this.subtitle(owner), initial, notice: this.notice(), unread: chat.unread });
  }

  statusOf(item) {
    if (item.failed) return "failed";
    if (!this.chat.connection.ready) return "waiting";
    return this.chat.outbox.hold || "sending";
  }

  subtitle(owner) {
    if (owner.owner === "agent") return this.words.person(agentName(owner));
    return owner.owner === "queue" ? this.words.ownerQueue : this.words.ownerAssistant;
  }

  notice() {
    const { connection, conversation } = this.chat;
    const { pause } = conversation;
    if (pause) return pause.text || this.words.paused(pause.end && this.words.time(pause.end));
    const isOffline = navigator.onLine === false;
    if (!connection.wanted || (connection.ready && !isOffline)) return "";
    return isOffline || connection.failures > 0 ? this.words.offline : this.words.connecting;
  }
}
