import { browser } from "../wire/storage.js";

const SINGLE_KEYS = "relevo.singleKeys";

export const singleKeysOn = () => browser.read(SINGLE_KEYS, true);
export const useSingleKeys = (on) => browser.write(SINGLE_KEYS, on);

const action = (name, key) => ({ name, shown: [key.toUpperCase()], deeds: { [key]: (app) => app.can(name) && app.run(name) } });
const verdict = (number) => (app) => app.judgeBy(number);

/** What single keys do, in the order in which the help lists them: `name` in words, the keys as shown, the deeds. */
export const SHORTCUTS = [
  { name: "move", shown: ["J", "K"], deeds: { j: (app) => app.move(1), ArrowDown: (app) => app.move(1), k: (app) => app.move(-1), ArrowUp: (app) => app.move(-1) } },
  action("claim", "c"),
  { name: "reply", shown: ["R"], deeds: { r: (app) => app.write("reply") } },
  { name: "note", shown: ["N"], deeds: { n: (app) => app.write("note") } },
  action("resolve", "e"),
  { name: "suggestion", shown: ["U"], deeds: { u: (app) => app.editSuggestion() } },
  { name: "giveBack", shown: ["B"], deeds: { b: (app) => app.giveBack() } },
  action("ready", "q"),
  { name: "snooze", shown: ["S"], deeds: { s: (app) => ["snooze", "wake"].forEach((name) => app.can(name) && app.run(name)) } },
  action("transfer", "t"),
  action("release", "l"),
  action("reopen", "o"),
  action("unpause", "p"),
  { name: "verdict", shown: ["1 – 4"], deeds: { 1: verdict(1), 2: verdict(2), 3: verdict(3), 4: verdict(4) } },
  { name: "card", shown: ["I"], deeds: { i: (app) => app.desk.current && app.showCard() } },
  { name: "availability", shown: ["A"], deeds: { a: (app) => app.switchAvailability() } },
  { name: "team", shown: ["F"], deeds: { f: (app) => app.filterTeam() } },
  { name: "search", shown: ["/"], deeds: { "/": (app) => app.search() } },
  { name: "help", shown: ["?"], deeds: { "?": (app) => app.dialogs.help() } },
];

const DEEDS = Object.assign({}, ...SHORTCUTS.map(({ deeds }) => deeds));
const REPEATABLE = ["j", "k", "ArrowDown", "ArrowUp"];

/** Single keys for those who work here all day; never while somebody types, and only if they want them. */
export function listenToKeys(app) {
  const listener = (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!singleKeysOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key.startsWith("Arrow") && event.target !== document.body) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!Object.hasOwn(DEEDS, key) || (event.repeat && !REPEATABLE.includes(event.key))) return;
    event.preventDefault();
    DEEDS[key](app);
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

const isTyping = (target) => Boolean(target.closest?.("input, textarea, select, [contenteditable]"));
