import { isMine, mayReply } from "../model/rights.js";
import { sensitiveIn } from "../model/sensitive.js";
import { words } from "../words/words.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { button } from "./pieces.js";

const LONGEST = 4000;
const COUNT_FROM = 3600;
const TYPING_EVERY_MS = 3000;
/** On the Slack desk these words keep a message internal; whoever is used to that is safe here too. */
const NOTE_PREFIX = /^\s*(?:nota|note)\s*:\s*/i;

/** Where the agent writes: to the customer, or, plainly of another colour, to colleagues only. */
export function createComposer(app) {
  const { composer } = words();
  const field = h("textarea", { class: "composer-field", rows: "2", data: { testid: "composer" }, oninput: typed, onkeydown: pressed });
  const modes = h("div", { class: "modes", role: "group", "aria-label": composer.mode }, modeButton("reply"), modeButton("note"));
  const hint = h("p", { class: "composer-hint", id: "composer-hint" });
  const count = h("span", { class: "composer-count", "aria-live": "polite" });
  const send = button({ label: composer.send, drawing: "send", kind: "primary", type: "submit", testid: "send" });
  const claim = button({ label: words().actions.claim, drawing: "take", keys: "c", testid: "composer-claim", onclick: () => app.claim(app.desk.selected) });
  const warning = h("div", { class: "composer-warning", role: "alert", hidden: true, data: { testid: "sensitive" } });
  const foot = h("div", { class: "composer-foot" }, hint, count, claim, send);
  const element = h("form", {
    class: "composer", "aria-label": composer.label, data: { testid: "composer-form" },
    onsubmit: (event) => (event.preventDefault(), submit()),
  }, modes, warning, field, foot);
  field.setAttribute("aria-describedby", "composer-hint");

  let shownId = null;
  let shownMode = null;
  let lastTyping = 0;

  function modeButton(mode) {
    return h("button", {
      type: "button", class: `mode mode-${mode}`, data: { testid: `mode-${mode}`, mode },
      onclick: () => write(mode),
    }, mode === "note" ? icon("lock") : icon("send"), composer[mode]);
  }

  const modeOf = (handoff) => app.desk.drafts.of(handoff.id).mode ?? "reply";

  function switchTo(mode) {
    app.desk.drafts.switchTo(app.desk.selected, mode);
    hideWarning();
    app.draw();
  }

  function typed() {
    const handoff = app.desk.current;
    let mode = modeOf(handoff);
    hideWarning();
    if (mode === "reply" && NOTE_PREFIX.test(field.value) && !app.desk.drafts.of(handoff.id).note) {
      mode = "note";
      app.desk.drafts.set(handoff.id, { mode, reply: "", note: field.value.replace(NOTE_PREFIX, "") });
    } else {
      app.desk.drafts.set(handoff.id, { mode, [mode]: field.value });
    }
    if (mode === "reply" && field.value.trim() && isMine(handoff, app.desk.me)) signTyping(handoff.id);
    app.draw();
  }

  function signTyping(id) {
    if (Date.now() - lastTyping < TYPING_EVERY_MS) return;
    lastTyping = Date.now();
    app.socket.send({ type: "typing", handoff_id: id });
  }

  function pressed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      app.leaveWriting();
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyN") {
      event.preventDefault();
      switchTo(modeOf(app.desk.current) === "note" ? "reply" : "note");
    }
  }

  function submit({ sure = false } = {}) {
    const handoff = app.desk.current;
    const mode = modeOf(handoff);
    const text = app.desk.drafts.of(handoff.id)[mode].trim();
    if (!text || text.length > LONGEST || (mode === "reply" && !mayReply(handoff, app.desk.me))) return;
    const found = mode === "reply" && !sure ? sensitiveIn(text) : null;
    if (found) return warn(found);
    hideWarning();
    app.desk.drafts.set(handoff.id, { [mode]: "" });
    lastTyping = 0;
    app.desk.send(handoff.id, mode, text);
    field.focus();
  }

  function warn(kind) {
    const { composer: say } = words();
    const anyway = button({ label: say.sendAnyway, kind: "danger small", testid: "send-anyway", onclick: () => submit({ sure: true }) });
    const keep = button({ label: say.keepEditing, kind: "small", onclick: () => (hideWarning(), field.focus()) });
    warning.replaceChildren(icon("alert"), h("span", {}, `${say.sensitive[kind]} ${say.sensitiveAsk}`), keep, anyway);
    warning.hidden = false;
    keep.focus();
  }

  function hideWarning() {
    warning.hidden = true;
    warning.replaceChildren();
  }

  function draw() {
    const handoff = app.desk.current;
    if (!handoff) return;
    const mode = modeOf(handoff);
    const may = mode === "note" || mayReply(handoff, app.desk.me);
    if (handoff.id !== shownId) hideWarning();
    element.classList.toggle("is-note", mode === "note");
    element.classList.toggle("is-shut", !may);
    for (const choice of modes.children) choice.setAttribute("aria-pressed", String(choice.dataset.mode === mode));
    drawField(handoff, mode, may);
    drawFoot(handoff, mode, may);
    shownId = handoff.id;
    shownMode = mode;
  }

  function drawField(handoff, mode, may) {
    const { composer: say } = words();
    const text = app.desk.drafts.of(handoff.id)[mode];
    if (field.value !== text || handoff.id !== shownId || mode !== shownMode) field.value = text;
    field.readOnly = !may;
    field.hidden = !may && !text;
    field.placeholder = mode === "note" ? say.notePlaceholder : say.replyTo(handoff.customer?.name);
    field.setAttribute("aria-label", say[mode]);
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, window.innerHeight * 0.4)}px`;
  }

  function drawFoot(handoff, mode, may) {
    const { composer: say } = words();
    hint.textContent = mode === "note" ? say.noteHint : may ? say.keys : why(handoff);
    const left = LONGEST - field.value.length;
    count.textContent = left < 0 ? say.tooLong(-left) : left < LONGEST - COUNT_FROM ? say.left(left) : "";
    count.classList.toggle("over", left < 0);
    claim.hidden = handoff.status !== "queued" || mode === "note";
    send.hidden = !may;
    send.disabled = !field.value.trim() || left < 0;
    if (mode === shownMode) return;
    send.querySelector(".button-label").textContent = mode === "note" ? say.saveNote : say.send;
    send.querySelector(".icon").replaceWith(icon(mode === "note" ? "lock" : "send"));
  }

  function why(handoff) {
    const { composer: say } = words();
    if (handoff.status === "queued") return say.claimFirst;
    return handoff.status === "assigned" ? say.heldBy(handoff.agent?.name ?? "?") : say.closed;
  }

  /** Puts the cursor into a reply ("reply") or a note ("note"). */
  function write(mode) {
    switchTo(mode);
    draw();
    (field.hidden ? claim : field).focus();
  }

  return { element, draw, write, focus: () => field.focus() };
}
