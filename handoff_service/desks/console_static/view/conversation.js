import { words } from "../words/words.js";
import { h } from "./dom.js";
import { logo } from "./icons.js";
import { createComposer } from "./composer.js";
import { createHeader } from "./header.js";
import { button } from "./pieces.js";
import { createSuggestion } from "./suggestion.js";
import { createTranscript } from "./transcript.js";

/** The middle pane: one conversation, or a quiet invitation to pick one. */
export function createConversation(app) {
  const header = createHeader(app);
  const transcript = createTranscript(app);
  const suggestion = createSuggestion(app);
  const composer = createComposer(app);
  const open = h("div", { class: "conversation-open" }, header.element, transcript.element, suggestion.element, composer.element);
  const waiting = h("p", { class: "none-waiting" });
  const next = button({
    label: words().conversation.takeNext, drawing: "take", kind: "primary", testid: "take-next",
    onclick: () => app.claim(app.desk.sections.waiting[0].id),
  });
  const none = h("div", { class: "conversation-none" }, logo(), h("h2", {}, words().conversation.none),
    h("p", { class: "none-lead" }, words().conversation.noneLead), waiting, next);
  const element = h("main", { class: "pane conversation", id: "conversation", tabindex: "-1", data: { testid: "conversation" } }, open, none);

  function draw() {
    const chosen = Boolean(app.desk.current);
    open.hidden = !chosen;
    none.hidden = chosen;
    const count = app.desk.sections.waiting.length;
    waiting.textContent = count ? words().conversation.waiting(count) : words().queue.emptyWaiting;
    next.hidden = count === 0;
    header.draw();
    suggestion.draw();
    composer.draw();
    transcript.draw();
  }

  return { element, draw, write: composer.write, focusComposer: composer.focus, focusHeader: header.focus, suggestion: suggestion.current };
}
