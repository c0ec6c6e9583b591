/** Who has the conversation: always visible, and while waiting, the place, the wait and the ways out. */

class Banner {
  constructor(words, actions) {
    Object.assign(this, { words, actions, signature: "" });
    this.node = element("div", { class: "banner", hidden: true });
  }

  /** `buttons` are the ones the service offered with its notice of queueing; their titles are the trainers'. */
  render(owner, buttons, hasContinued, isPaused, waysOn) {
    const signature = JSON.stringify([owner, buttons, hasContinued, isPaused, waysOn]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.waysOn = waysOn;
    const kind = isPaused ? "paused" : owner.owner;
    const content = {
      queue: () => this.queue(owner, buttons, hasContinued),
      agent: () => this.agent(owner),
      paused: () => this.paused(buttons),
    }[kind];
    this.node.hidden = !content;
    this.node.className = `banner ${kind}`;
    const focused = this.node.getRootNode().activeElement?.dataset?.way;
    this.node.replaceChildren(...(content ? content() : []));
    if (focused) this.node.querySelector(`[data-way="${CSS.escape(focused)}"]`)?.focus();
  }

  queue(owner, buttons, hasContinued) {
    const lines = waitingLines(owner, this.words).map((line) => element("p", null, line));
    const assistantAnswers = hasContinued || owner.opens_at;
    const offers = [
      this.offer(buttons, "queue.cancel", this.words.cancel),
      !assistantAnswers && this.offer(buttons, "queue.continue", this.words.carryOn),
    ];
    return [
      icon("queue"),
      element("div", { class: "lines" }, element("strong", null, this.words.ownerQueue), ...lines),
      element("div", { class: "offers" }, ...offers.filter(Boolean), ...this.ways()),
    ];
  }

  /** The channels on which one can go on; where a link was asked for, it stands in place of its button. */
  ways() {
    const { links, link } = this.waysOn;
    return links.filter((to) => this.words.goOnIn[to]).flatMap((to) => {
      const address = link?.to === to && externalLink(link.url, this.words.wayOn[to]);
      if (!address) {
        const button = textButton(this.words.goOnIn[to], { onclick: () => this.actions.goOn(to) });
        button.dataset.way = to;
        return [button];
      }
      address.className = "way";
      address.dataset.way = to;
      address.addEventListener("click", () => setTimeout(() => this.actions.followed()));
      return [address, element("p", { class: "way-hint", role: "status" }, this.words.wayOnHint(this.words.time(link.end)))];
    });
  }

  offer(buttons, payload, fallback) {
    const button = buttons.find((candidate) => candidate.payload === payload) || { title: fallback, payload };
    return textButton(button.title, { onclick: () => this.actions.press(button) });
  }

  /** The end stands in the notice; here is what comes after it, and the way to a person if the service offered it. */
  paused(buttons) {
    const appeal = buttons.find((candidate) => candidate.payload === "pause.appeal");
    return [
      icon("queue"),
      element("div", { class: "lines" }, element("strong", null, this.words.pausedTitle), element("p", null, this.words.pausedLead)),
      element("div", { class: "offers" }, ...(appeal ? [this.offer(buttons, appeal.payload, appeal.title)] : [])),
    ];
  }

  agent(owner) {
    return [
      icon("person"),
      element("div", { class: "lines" }, element("strong", null, this.words.ownerAgent(agentName(owner)))),
      ...(this.waysOn.links.length ? [element("div", { class: "offers" }, ...this.ways())] : []),
    ];
  }
}

function waitingLines(owner, words) {
  if (owner.opens_at) return [words.opens(words.moment(new Date(owner.opens_at)))];
  const place = Number.isInteger(owner.position) ? [words.place(owner.position)] : [];
  return [...place, words.waitingTime(owner.wait_seconds)];
}
