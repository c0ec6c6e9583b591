/** Who has the conversation: always visible, and while waiting, the place, the wait and the ways out. */

class Banner {
  constructor(words, actions) {
    Object.assign(this, { words, actions, signature: "" });
    this.node = element("div", { class: "banner", hidden: true });
  }

  /** `buttons` are the ones the service offered with its notice of queueing; their titles are the trainers'. */
  render(owner, buttons, hasContinued, isPaused) {
    const signature = JSON.stringify([owner, buttons, hasContinued, isPaused]);
    if (signature === this.signature) return;
    this.signature = signature;
    const kind = isPaused ? "paused" : owner.owner;
    const content = {
      queue: () => this.queue(owner, buttons, hasContinued),
      agent: () => this.agent(owner),
      paused: () => this.paused(buttons),
    }[kind];
    this.node.hidden = !content;
    this.node.className = `banner ${kind}`;
    this.node.replaceChildren(...(content ? content() : []));
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
      element("div", { class: "offers" }, ...offers.filter(Boolean)),
    ];
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
    ];
  }
}

function waitingLines(owner, words) {
  if (owner.opens_at) return [words.opens(words.moment(new Date(owner.opens_at)))];
  const place = Number.isInteger(owner.position) ? [words.place(owner.position)] : [];
  return [...place, words.waitingTime(owner.wait_seconds)];
}
