import { words } from "../words/words.js";
import { h } from "./dom.js";
import { button } from "./pieces.js";

/** Above the messages: a button for those before, which also come by themselves when the agent has scrolled up there. */
export function createEarlier(app) {
  const { conversation } = words();
  const more = button({ label: conversation.earlier, drawing: "up", kind: "quiet small", testid: "earlier-messages", onclick: () => load() });
  const failed = h("p", { role: "status", data: { testid: "earlier-failed" } });
  const element = h("div", { class: "earlier-messages", hidden: true }, more, failed);

  async function load() {
    const { id } = app.desk.current;
    const count = await app.desk.readEarlier(id);
    if (count && app.desk.selected === id) app.attention.say(conversation.earlierLoaded(count));
  }

  /** Never again by itself after a failure: then it takes a press. */
  function reached() {
    if (!element.hidden && app.desk.transcripts.earlierOf(app.desk.selected) === null) load();
  }

  /** True when the button went away under the agent's focus. */
  function draw(handoff, transcript) {
    const state = app.desk.transcripts.earlierOf(handoff.id);
    const label = state === "reading" ? conversation.earlierLoading : conversation.earlier;
    const text = more.querySelector(".button-label");
    if (text.textContent !== label) text.textContent = label;
    more.setAttribute("aria-busy", String(state === "reading"));
    failed.textContent = state === "failed" ? conversation.earlierFailed : "";
    const loses = !transcript.hasEarlier && document.activeElement === more;
    element.hidden = !transcript.hasEarlier;
    return loses;
  }

  return { element, draw, reached };
}
