import { words } from "../words/words.js";
import { choice, openDialog } from "./dialogs.js";
import { fill, h } from "./dom.js";
import { button, nameOf } from "./pieces.js";

/**
 * The ready replies of the handoff's team, filled in. `load()` brings them; `send(text)` sends one as it stands,
 * `edit(text)` puts it where the agent writes.
 */
export function readyDialog(handoff, { load, send, edit }) {
  const { ready } = words();
  const list = h("div", { class: "ready-list", data: { testid: "ready-list" }, onchange: show });
  const state = h("p", { class: "field-hint", role: "status" }, ready.loading);
  const preview = h("blockquote", { class: "quote ready-text", "aria-live": "polite", hidden: true, data: { testid: "ready-text" } });
  const touchUp = button({ label: ready.edit, drawing: "edit", kind: "small", testid: "ready-edit", hidden: true, onclick: () => use(edit) });
  const content = [h("fieldset", { class: "field" }, h("legend", { class: "field-label" }, ready.choose), list), state, preview, touchUp];
  let replies = [];

  const chosen = () => replies.find(({ name }) => name === list.querySelector("input:checked")?.value);

  function show() {
    const reply = chosen();
    preview.textContent = reply?.text ?? "";
    preview.hidden = touchUp.hidden = !reply;
  }

  function use(deed) {
    const reply = chosen();
    if (!reply) return;
    dialog.close("done");
    deed(reply.text);
  }

  const dialog = openDialog({
    title: `${ready.title} · ${nameOf(handoff)}`, content, submitLabel: ready.send, testid: "ready",
    submit: (_, tell) => {
      if (chosen()) use(send);
      else tell(ready.missing);
      return false;
    },
  });
  load().then((loaded) => {
    replies = loaded;
    state.textContent = replies.length ? "" : ready.none;
    fill(list, replies.map(({ name, title }) => choice("reply", name, title[words().locale] ?? name, false, `ready-${name}`)));
    list.querySelector("input")?.focus();
  }, () => (state.textContent = ready.failed));
  return dialog;
}
