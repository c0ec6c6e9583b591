import { nextDue, pressure } from "../model/clocks.js";
import { isQueued } from "../model/rights.js";
import { now } from "../wire/clock.js";
import { words } from "../words/words.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { dayAndTime, fullTime, headStart, untilDue } from "./time.js";

/** The clock that falls due next, in words that `tick` keeps true; null where none runs. */
export function dueMark(handoff, { brief = false } = {}) {
  const clock = nextDue(handoff);
  if (!clock) return null;
  const { name, warn_at: warn, due_at: due } = clock;
  const data = { testid: "due", due, ...(warn ? { warn } : {}), clock: name, form: brief ? "brief" : "full", state: pressure(clock, now()) };
  return h("span", { class: "due", title: fullTime(due), data }, icon("clock"), h("span", { class: "due-text" }, untilDue(data)));
}

/** Until when its holder laid it aside. */
export const snoozedMark = ({ snoozed_until: at }) =>
  at ? fact("snoozed", "moon", words().situation.snoozed(dayAndTime(at)), { title: fullTime(at) }) : null;

/** When its team opens again. */
export const opensMark = ({ opens_at: at }) =>
  at ? fact("opens", "moon", words().situation.opens(dayAndTime(at)), { title: fullTime(at) }) : null;

export const teamMark = ({ team }) => fact("team", "team", words().situation.team(team));

/** Everybody the ladder has asked so far. */
export const askedMark = ({ asked }) =>
  asked?.length ? fact("asked", "bell", words().situation.asked(asked.join(", "))) : null;

/** Who knows the matter, and how long nobody else is asked; only while it waits. */
export function knownMark(handoff, me) {
  const { preferred_agent: name, preferred_until: until } = handoff;
  if (!name || !isQueued(handoff)) return null;
  const { situation } = words();
  const mark = fact("known", "person", name === me.name ? situation.knownToYou : situation.known(name));
  if (until) mark.append(h("span", { class: "head-start", data: { until } }, headStart(until)));
  return mark;
}

const fact = (name, drawing, text, attributes = {}) =>
  h("span", { class: `fact fact-${name}`, data: { testid: `fact-${name}` }, ...attributes }, icon(drawing), h("span", {}, text));
