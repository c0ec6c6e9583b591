import { TOPICS, called, words } from "../words/words.js";
import { h } from "./dom.js";
import { button, nameOf } from "./pieces.js";
import { promiseFields } from "./promises.js";

/** A modal that closes by Escape, by its cancel button or when `submit` says it is done; focus goes back by itself. */
export function openDialog({ title, lead, content, submitLabel, submitKind = "primary", testid, submit }) {
  const { actions } = words();
  const failed = h("p", { class: "dialog-error", role: "alert" });
  const go = submitLabel ? button({ label: submitLabel, kind: submitKind, type: "submit", testid: `${testid}-submit` }) : null;
  const form = h("form", { method: "dialog", class: "dialog-form" },
    h("h2", { id: `${testid}-title` }, title), lead ? h("p", { class: "dialog-lead" }, lead) : null, content, failed,
    h("div", { class: "dialog-buttons" }, button({ label: go ? actions.cancel : actions.close, onclick: () => dialog.close(), testid: `${testid}-cancel` }), go));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": `${testid}-title`, data: { testid } }, form);
  const tell = (text) => (failed.textContent = text ?? "");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!submit || go.disabled) return;
    go.disabled = true;
    tell("");
    const done = await submit(new FormData(form), tell);
    go.disabled = false;
    if (done) dialog.close("done");
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A control under its label. */
export const field = (label, control) => h("label", { class: "field" }, h("span", { class: "field-label" }, label), control);

/** One of several, as a pill. */
export const choice = (name, value, label, checked, testid) =>
  h("label", { class: "choice" }, h("input", { type: "radio", name, value, checked, data: { testid } }), h("span", {}, label));

/** Ends the handoff: outcome, topic, a promise and a note, all optional. `done(body, tell)` does it. */
export function resolveDialog(handoff, messages, done) {
  const { resolve } = words();
  const outcomes = ["solved", "unsolved", "no_reply", "spam"];
  const content = [
    h("fieldset", { class: "field" }, h("legend", { class: "field-label" }, resolve.outcome),
      h("div", { class: "choices" },
        choice("outcome", "", resolve.noOutcome, true, "outcome-none"),
        outcomes.map((outcome) => choice("outcome", outcome, called("outcomes", outcome), false, `outcome-${outcome}`)))),
    field(resolve.topic, topicSelect(messages)),
    promiseFields(),
    field(resolve.note, h("textarea", { name: "note", rows: "3", maxlength: "4000", placeholder: resolve.notePlaceholder, data: { testid: "resolve-note" } })),
  ];
  return openDialog({
    title: `${resolve.title} · ${nameOf(handoff)}`, lead: resolve.lead, content, submitLabel: resolve.submit, testid: "resolve",
    submit: (form, tell) => done(filledIn(form, ["outcome", "topic", "note", "promise", "due"]), tell),
  });
}

const filledIn = (form, names) =>
  Object.fromEntries(names.map((name) => [name, (form.get(name) ?? "").trim()]).filter(([, value]) => value));

/** All topics by group; those the assistant saw in this conversation first, whatever their names. */
function topicSelect(messages) {
  const { resolve, topicGroups } = words();
  const talk = new Set(["greeting", "thanks", "goodbye", "affirm", "deny", "human"]);
  const seen = [...new Set(messages.map((message) => message.intent).filter((intent) => intent && !talk.has(intent)))].reverse();
  const option = (intent) => h("option", { value: intent }, called("intents", intent));
  return h("select", { name: "topic", data: { testid: "resolve-topic" } },
    h("option", { value: "" }, resolve.noTopic),
    seen.length ? h("optgroup", { label: resolve.seen }, seen.map(option)) : null,
    Object.entries(TOPICS).map(([group, intents]) =>
      h("optgroup", { label: topicGroups[group] }, intents.filter((intent) => !seen.includes(intent)).map(option))));
}

/** Asks before a message is taken back. `done(tell)` does it. */
export function takeBackDialog(message, done) {
  const { message: say } = words();
  return openDialog({
    title: say.deleteTitle, lead: say.deleteLead, testid: "take-back", submitLabel: say.deleteConfirm, submitKind: "danger",
    content: h("blockquote", { class: "quote" }, message.text), submit: (_, tell) => done(tell),
  });
}
