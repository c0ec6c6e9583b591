import { words } from "../words/words.js";
import { openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { SHORTCUTS, singleKeysOn, useSingleKeys } from "./keyboard.js";

/** Every shortcut, and the switch that turns the single keys off. */
export function helpDialog() {
  const { help } = words();
  const keys = (names) => names.map((name, index) => [index ? ` ${help.or} ` : "", h("kbd", {}, name)]);
  const entry = (name, ...shown) => h("div", {}, h("dt", {}, keys(shown)), h("dd", {}, help[name]));
  const list = (entries, layout = "") => h("dl", { class: `shortcuts ${layout}`.trim() }, entries);
  const content = [
    h("p", { class: "dialog-lead" }, help.lead),
    list(SHORTCUTS.map(({ name, shown }) => entry(name, ...shown)), "two-columns"),
    h("h3", {}, help.whileTyping),
    list([entry("send", "Enter"), entry("newline", "Shift Enter"), entry("toggle", "Alt N"), entry("leave", "Esc")]),
    h("p", { class: "dialog-lead" }, help.noteTip),
    h("label", { class: "switch" },
      h("input", { type: "checkbox", checked: singleKeysOn(), onchange: (event) => useSingleKeys(event.target.checked), data: { testid: "single-keys" } }),
      help.single),
  ];
  return openDialog({ title: help.title, content, testid: "help" });
}
