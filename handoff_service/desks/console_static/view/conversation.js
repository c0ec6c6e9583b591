import { words } from "../words/words.js";
import { h } from "./dom.js";
import { logo } from "./icons.js";
import { createComposer } from "./composer.js";
import { createHeader } from "./header.js";
import { createTranscript } from "./transcript.js";

/** The middle pane: one conversation, or a quiet invitation to pick one. */
export function createConversation(app) {
  const header = createHeader(app);
  const transcript = createTranscript(app);
  const composer = createComposer(app);
  const open = h("div", { class: "conversation-open" }, header.element, transcript.element, composer.element);
  const none = h("div", { class: "conversation-none" }, logo(),
    h("h2", {}, words().conversation.none), h("p", {}, words().conversation.noneLead));
  const element = h("main", { class: "pane conversation", id: "conversation", tabindex: "-1", data: { testid: "conversation" } }, open, none);

  function draw() {
    const chosen = Boolean(app.desk.current);
    open.hidden = !chosen;
    none.hidden = chosen;
    header.draw();
    composer.draw();
    transcript.draw();
  }

  return { element, draw, write: composer.write, focusComposer: composer.focus, focusHeader: header.focus };
}
