import { called, words } from "../words/words.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { ago, clock, fullTime } from "./time.js";

/** What a customer is called on screen. */
export const nameOf = (handoff) => handoff.customer?.name || words().customer.anonymous;

/** A time that keeps running; `tick` moves it. */
export const runningTime = (since, shown = "clock") =>
  h("time", {
    class: `running ${shown}`,
    datetime: since,
    title: fullTime(since),
    data: { since, shown },
  }, shown === "clock" ? clock(since) : ago(since));

export const hidden = (text) => h("span", { class: "visually-hidden" }, text);

export const reasonChip = (handoff) =>
  h("span", { class: `chip reason reason-${handoff.reason}` }, called("reasons", handoff.reason));

/** Urgent and high only: what is normal needs no mark. */
export function priorityMark({ priority }, { brief = false } = {}) {
  if (priority !== "urgent" && priority !== "high") return null;
  const name = called("priorities", priority);
  return h("span", { class: `priority ${priority}`, title: brief ? name : null },
    icon(priority === "urgent" ? "alert" : "flag"), brief ? hidden(name) : name);
}

export const languageTag = ({ language }) =>
  h("abbr", { class: "tag", title: called("languages", language) }, (language ?? "").toUpperCase());

const CHANNEL_ICONS = { widget: "widget", telegram: "telegram" };

export const channelIcon = ({ channel }) =>
  h("span", { class: "tag channel", title: called("channels", channel) },
    icon(CHANNEL_ICONS[channel] ?? "widget"), hidden(called("channels", channel)));

/** A button with a drawing and words; `label` alone when there is no room for words (then `title` says it too). */
export function button({ label, drawing, kind = "", testid, keys, iconOnly = false, data = {}, ...attributes }) {
  return h("button", {
    type: "button",
    class: `button ${kind} ${iconOnly ? "icon-only" : ""}`.trim(),
    "aria-label": iconOnly ? label : null,
    title: iconOnly ? label : null,
    data: { ...(testid ? { testid } : {}), ...data },
    ...(keys ? { "aria-keyshortcuts": keys } : {}),
    ...attributes,
  }, drawing ? icon(drawing) : null, iconOnly ? null : h("span", { class: "button-label" }, label),
  keys ? h("kbd", { "aria-hidden": "true" }, keys.toUpperCase()) : null);
}
