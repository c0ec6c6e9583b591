import { isMine } from "../model/rights.js";
import { called, words } from "../words/words.js";
import { fill, h, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { button } from "./pieces.js";

/** Above the composer: what the assistant would answer, and that what is left is its to answer. Only for the holder. */
export function createSuggestion(app) {
  const element = h("section", { class: "suggestion", hidden: true, "aria-label": words().suggestion.label, data: { testid: "suggestion" } });
  const dismissed = new Set();
  let shown = "";

  function draw() {
    const handoff = app.desk.current;
    const suggestion = current(handoff);
    const busy = handoff && app.desk.actingOn(handoff.id);
    const signature = JSON.stringify([suggestion, handoff?.id, busy, words().locale]);
    if (signature === shown) return;
    shown = signature;
    element.hidden = !suggestion;
    keepingFocus(element, () => fill(element, suggestion && [
      suggestion.text ? answer(handoff, suggestion) : null,
      suggestion.offers_return ? giveBack(busy) : null,
    ]));
  }

  /** What fits now: of a handoff of mine, not waved away, and nothing of mine is on its way. */
  function current(handoff) {
    const suggestion = handoff?.suggestion;
    if (!suggestion || !isMine(handoff, app.desk.me)) return null;
    const isWriting = app.desk.outbox.of(handoff.id).some((item) => item.kind === "reply");
    return isWriting || dismissed.has(`${handoff.id} ${suggestion.seq}`) ? null : suggestion;
  }

  function answer(handoff, { seq, text, intent }) {
    const { suggestion: say } = words();
    return h("div", { class: "suggestion-answer" },
      h("p", { class: "suggestion-lead" }, icon("assistant"), say.lead, intent ? h("span", { class: "chip" }, called("intents", intent)) : null),
      h("p", { class: "suggestion-text", data: { testid: "suggestion-text" } }, text),
      h("div", { class: "suggestion-buttons" },
        button({ label: say.send, drawing: "send", kind: "small primary", testid: "suggestion-send", onclick: () => app.sendSuggestion() }),
        button({ label: say.edit, drawing: "edit", kind: "small", keys: "u", testid: "suggestion-edit", onclick: () => app.editSuggestion() }),
        button({ label: say.dismiss, drawing: "close", kind: "quiet small", iconOnly: true, testid: "suggestion-dismiss", onclick: () => wave(handoff.id, seq) })));
  }

  const giveBack = (busy) =>
    h("p", { class: "suggestion-return" }, icon("assistant"), h("span", {}, words().suggestion.offersReturn),
      button({ label: words().suggestion.giveBack, drawing: "release", kind: "small", keys: "b", testid: "give-back", disabled: Boolean(busy), onclick: () => app.run("give-back") }));

  function wave(id, seq) {
    dismissed.add(`${id} ${seq}`);
    app.draw();
    app.write("reply");
  }

  return { element, draw, current: () => current(app.desk.current) };
}
