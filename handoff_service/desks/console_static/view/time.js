import { now } from "../wire/clock.js";
import { words } from "../words/words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From these on a wait is shown as long, then as too long. */
const LONG_WAIT = 3 * MINUTE;
const LATE_WAIT = 8 * MINUTE;

/** `0:07`, `12:40`, `1 h 05`: how long ago `since` was, as a running clock. */
export function clock(since) {
  const elapsed = Math.max(0, now() - Date.parse(since));
  const two = (number) => String(number).padStart(2, "0");
  if (elapsed < HOUR) return `${Math.floor(elapsed / MINUTE)}:${two(Math.floor((elapsed % MINUTE) / 1000))}`;
  if (elapsed < DAY) return `${Math.floor(elapsed / HOUR)} h ${two(Math.floor((elapsed % HOUR) / MINUTE))}`;
  return words().time.days(Math.floor(elapsed / DAY));
}

/** `ahora`, `4 min`, `3 h`, `2 d`: how long ago `since` was, where seconds don't matter. */
export function ago(since) {
  const elapsed = Math.max(0, now() - Date.parse(since));
  const { time } = words();
  if (elapsed < MINUTE) return time.now;
  if (elapsed < HOUR) return time.minutes(Math.floor(elapsed / MINUTE));
  if (elapsed < DAY) return time.hours(Math.floor(elapsed / HOUR));
  return time.days(Math.floor(elapsed / DAY));
}

/** "", "long" or "late": how a wait since then should look. */
export function urgency(since) {
  const elapsed = now() - Date.parse(since);
  if (elapsed >= LATE_WAIT) return "late";
  return elapsed >= LONG_WAIT ? "long" : "";
}

/** The browser's own variety of the console's language: a Briton and a Mexican read clocks differently. */
function locale() {
  const language = words().locale;
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

const formatter = (options) => new Intl.DateTimeFormat(locale(), options);

export const timeOfDay = (at) => formatter({ timeStyle: "short" }).format(new Date(at));

export const fullTime = (at) => formatter({ dateStyle: "long", timeStyle: "medium" }).format(new Date(at));

export const shortDate = (at) => formatter({ day: "numeric", month: "short", year: "numeric" }).format(new Date(at));

/** Equal for times of the same day where the agent is. */
export const dayKey = (at) => new Date(at).toDateString();

/** `Hoy`, `Ayer`, `lunes, 16 de noviembre`. */
export function dayName(at) {
  const { conversation } = words();
  if (dayKey(at) === dayKey(now())) return conversation.today;
  if (dayKey(at) === dayKey(now() - DAY)) return conversation.yesterday;
  const sameYear = new Date(at).getFullYear() === new Date(now()).getFullYear();
  return formatter({ weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(new Date(at));
}

const SHOWN = { clock, ago };

/** Brings every running time under `root` up to date. */
export function tick(root = document) {
  for (const element of root.querySelectorAll("[data-since]")) {
    const { since, shown } = element.dataset;
    const text = SHOWN[shown](since);
    if (element.textContent !== text) element.textContent = text;
    if (shown === "clock") element.dataset.urgency = urgency(since);
  }
}
