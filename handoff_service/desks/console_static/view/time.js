import { pressure } from "../model/clocks.js";
import { now } from "../wire/clock.js";
import { words } from "../words/words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `0:07`, `12:40`, `1 h 05`: how long ago `since` was, as a running clock. */
export const clock = (since) => running(now() - Date.parse(since));

function running(ms) {
  const elapsed = Math.max(0, ms);
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

/** How much time is left of the clock in `data` (see `dueMark`), or how long it has been due, in words. */
export function untilDue({ due, warn, clock: name, form }) {
  const { clocks } = words();
  const state = pressure({ warn_at: warn, due_at: due }, now());
  const time = running(state === "late" ? now() - Date.parse(due) : Date.parse(due) - now());
  if (form === "brief") return state ? clocks.brief[state](time) : "";
  return clocks[state || "ok"](clocks.names[name] ?? name, time);
}

/** How long the head start of whoever knows the matter still lasts; nothing once it is over. */
export function headStart(until) {
  const left = Date.parse(until) - now();
  return left > 0 ? words().situation.headStart(running(left)) : "";
}

/** `40 s`, `12 min`, `1 h 30 min`: a length of time given in seconds. */
export function duration(seconds) {
  const { time } = words();
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return time.seconds(Math.round(seconds));
  if (minutes < 60) return time.minutes(minutes);
  return [time.hours(Math.floor(minutes / 60)), minutes % 60 ? time.minutes(minutes % 60) : null].filter(Boolean).join(" ");
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

/** `2026-11-24`: the day of a time where the agent is, as the service writes days. */
export function dayOf(at) {
  const day = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** A time within the day that the service wrote. */
export const calendarDay = (day) => `${day}T12:00:00`;

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

/** `hoy, 16:00`, `mañana, 9:00`, `lunes, 16 de noviembre, 9:00`. */
export function dayAndTime(at) {
  const { time } = words();
  if (dayKey(at) === dayKey(now())) return time.today(timeOfDay(at));
  if (dayKey(at) === dayKey(now() + DAY)) return time.tomorrow(timeOfDay(at));
  return `${dayName(at)}, ${timeOfDay(at)}`;
}

const SHOWN = { clock, ago };

/** Brings every running time under `root` up to date. */
export function tick(root = document) {
  for (const element of root.querySelectorAll("[data-since]")) {
    const { since, shown } = element.dataset;
    say(element, SHOWN[shown](since));
  }
  for (const element of root.querySelectorAll("[data-due]")) {
    const { due, warn } = element.dataset;
    element.dataset.state = pressure({ warn_at: warn, due_at: due }, now());
    say(element.querySelector(".due-text"), untilDue(element.dataset));
  }
  for (const element of root.querySelectorAll("[data-until]")) say(element, headStart(element.dataset.until));
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
