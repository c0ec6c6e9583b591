import { browser } from "../wire/storage.js";

const SINGLE_KEYS = "relevo.singleKeys";

export const singleKeysOn = () => browser.read(SINGLE_KEYS, true);
export const useSingleKeys = (on) => browser.write(SINGLE_KEYS, on);

/** Single keys for those who work here all day; never while somebody types, and only if they want them. */
export function listenToKeys(app) {
  const deeds = {
    j: () => app.move(1), ArrowDown: () => app.move(1),
    k: () => app.move(-1), ArrowUp: () => app.move(-1),
    c: () => app.can("claim") && app.run("claim"),
    e: () => app.can("resolve") && app.run("resolve"),
    t: () => app.can("transfer") && app.run("transfer"),
    r: () => app.write("reply"),
    n: () => app.write("note"),
    "/": () => app.search(),
    "?": () => app.dialogs.help(),
  };
  const listener = (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!singleKeysOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key.startsWith("Arrow") && event.target !== document.body) return;
    const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed || (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key))) return;
    event.preventDefault();
    deed();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

const isTyping = (target) => Boolean(target.closest?.("input, textarea, select, [contenteditable]"));
