import { called, words } from "../words/words.js";
import { isOpen, isQueued } from "../model/rights.js";
import { fill, h, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { button, nameOf, priorityMark } from "./pieces.js";
import { promisesOf } from "./promises.js";
import { dayName, duration, fullTime, shortDate, timeOfDay } from "./time.js";

/** The right pane: why this person is here, who they are, and what there was before. */
export function createCard(app) {
  const content = h("div", { class: "card-scroll", tabindex: "0", role: "region", "aria-label": words().card.label });
  const close = button({ label: words().conversation.closeDetails, drawing: "close", iconOnly: true, kind: "quiet card-close", testid: "card-close", onclick: () => app.toggleCard(false) });
  const element = h("aside", { class: "pane card", id: "card", "aria-label": words().card.label, data: { testid: "card" }, onkeydown: (event) => event.key === "Escape" && app.cardOpen && app.toggleCard(false) }, close, content);
  let shown = "";

  function draw() {
    const handoff = app.desk.current;
    element.hidden = !handoff;
    const signature = JSON.stringify([handoff && { ...handoff, last_message: null }, words().locale]);
    if (!handoff || signature === shown) return;
    shown = signature;
    keepingFocus(element, () => fill(content,
      why(handoff), summary(handoff), customer(handoff), promised(app, handoff), earlier(app, handoff), clocks(handoff), facts(handoff), verdict(app, handoff)));
  }

  /** Whether there is no room for the card beside the conversation. */
  const isOverlay = () => getComputedStyle(close).display !== "none";

 
  return { element, draw, isOverlay, focus: () => close.focus(), focusContent: () => content.focus() };
}

const part = (title, testid, ...content) => h("section", { class: "card-part", data: { testid } }, h("h3", {}, title), content);

function why(handoff) {
  const { card } = words();
  return part(card.why, "card-why",
    h("p", { class: "why-sentence" }, words().reasonSentences[handoff.reason] ?? called("reasons", handoff.reason)),
    priorityMark(handoff),
    handoff.signals?.length
      ? h("ul", { class: "signals", "aria-label": card.signals }, [...handoff.signals].sort(heaviestFirst).map(signal))
      : null);
}

const heaviestFirst = (one, other) => (Number(other.weight) || 0) - (Number(one.weight) || 0);

/** Whether the handoff came in time: one press, changed by another. Nobody can say before it was taken. */
function verdict(app, handoff) {
  if (isQueued(handoff)) return null;
  const { card, verdicts } = words();
  const choices = Object.entries(verdicts).map(([name, label]) =>
    button({
      label, kind: "small verdict", testid: `verdict-${name}`, data: { focus: `verdict-${name}` },
      "aria-pressed": String(handoff.verdict === name), onclick: () => app.judge(handoff.id, name),
    }));
  return part(card.verdict, "card-verdict", h("div", { class: "verdicts", role: "group", "aria-label": card.verdict }, choices));
}

/** A signal in words, with a bar as long as it weighed in the decision. */
function signal({ name, value, weight, words: told }) {
  const share = Math.max(0, Math.min(1, Number(weight) || 0));
  const bar = h("span", { class: "weight-fill" });
  bar.style.inlineSize = `${Math.round(share * 100)}%`;
  return h("li", { class: "signal", title: words().card.weight(`${Math.round(share * 100)} %`) },
    h("span", { class: "signal-name" }, told?.[words().locale] ?? called("signals", name)),
    h("span", { class: "signal-value" }, told ? "" : inWords(value)),
    h("span", { class: "weight", "aria-hidden": "true" }, bar));
}

function inWords(value) {
  if (value === true || value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value).replaceAll("_", " ");
  return value > 0 && value < 1 ? `${Math.round(value * 100)} %` : `× ${value}`;
}

const summary = (handoff) =>
  part(words().card.summary, "card-summary",
    h("p", { class: handoff.summary ? "summary" : "summary none" }, handoff.summary || words().card.noSummary));

function customer(handoff) {
  const { customer: say } = words();
  const { id, verified } = handoff.customer ?? {};
  const { account } = handoff;
  const { locale } = words();
  return part(words().card.customer, "card-customer",
    h("p", { class: "customer-name" }, nameOf(handoff)),
    h("p", { class: `verified ${verified ? "yes" : "no"}` }, icon(verified ? "shield" : "unverified"), verified ? say.verified : say.unverified),
    h("dl", { class: "facts" },
      fact(say.id, id ?? say.none),
      fact(say.plan, account && (account.plan?.[locale] ?? say.noPlan)),
      fact(say.debt, account && (account.debt?.[locale] ?? say.noDebt)),
      fact(say.mood, handoff.mood && moodInWords(handoff.mood)),
      fact(say.paused, handoff.paused_until && timeOfDay(handoff.paused_until))));
}

function moodInWords({ level, rising }) {
  const called = words().moods[level] ?? level;
  return rising ? words().customer.rising(called) : called;
}

const fact = (name, value) => (value ? h("div", {}, h("dt", {}, name), h("dd", {}, value)) : null);

function facts(handoff) {
  const { card } = words();
  return part(card.conversation, "card-facts", h("dl", { class: "facts" },
    fact(card.language, called("languages", handoff.language)),
    fact(card.channel, called("channels", handoff.channel)),
    fact(card.code, handoff.code && [h("span", { class: "code" }, handoff.code), copyButton(handoff.code)]),
    fact(card.team, handoff.team),
    fact(card.priority, called("priorities", handoff.priority)),
    fact(card.opened, `${dayName(handoff.opened_at)}, ${timeOfDay(handoff.opened_at)}`),
    fact(card.outcome, handoff.outcome && called("outcomes", handoff.outcome)),
    fact(card.topic, handoff.topic && called("intents", handoff.topic))));
}

function promised(app, handoff) {
  const list = promisesOf(app, handoff);
  return list && part(words().promises.title, "card-promises", list);
}

/** How long answers may take, by this team's own hours. */
function clocks(handoff) {
  const { clocks: say } = words();
  if (!handoff.clocks?.length) return null;
  const entries = handoff.clocks.map(({ name, state, spent_seconds: spent, limit_seconds: limit }) =>
    fact(say.names[name] ?? name, [h("span", { class: `clock-state ${state}` }, say.states[state] ?? state), h("span", { class: "clock-spent" }, say.spent(duration(spent), duration(limit)))]));
  return part(say.title, "card-clocks", h("dl", { class: "facts" }, entries));
}

function copyButton(code) {
  const told = h("span", { class: "visually-hidden", role: "status" });
  const copy = button({
    label: words().card.copyCode, drawing: "copy", iconOnly: true, kind: "quiet small", data: { focus: "copy" },
    onclick: async () => {
      const done = await copyText(code);
      copy.classList.toggle("done", done);
      told.textContent = done ? words().card.copied : "";
    },
  });
  return [copy, told];
}

const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

function earlier(app, handoff) {
  const { card } = words();
  const others = (handoff.handoffs ?? []).filter((other) => other.id !== handoff.id).sort((one, other) => isOpen(other) - isOpen(one));
  if (!handoff.handoffs) return null;
  return part(card.earlier, "card-earlier",
    others.length
      ? h("ol", { class: "earlier" }, others.map((other) => h("li", {}, earlierEntry(app, other))))
      : h("p", { class: "summary none" }, card.noEarlier));
}

const earlierEntry = (app, other) =>
  h("button", { type: "button", class: "earlier-entry", data: { testid: "earlier", handoff: other.id, focus: `earlier-${other.id}` }, onclick: () => app.open(other.id) },
    h("span", { class: "earlier-top" },
      h("span", {}, called("reasons", other.reason)),
      h("time", { datetime: other.opened_at, title: fullTime(other.opened_at) }, shortDate(other.opened_at))),
    h("span", { class: "earlier-how" },
      isOpen(other) ? h("span", { class: "chip open" }, called("statuses", other.status)) : called(...(other.outcome ? ["outcomes", other.outcome] : ["statuses", other.status])),
      [other.topic && called("intents", other.topic), other.agent?.name, called("channels", other.channel)].filter(Boolean).map((text) => ` · ${text}`)),
    other.code ? h("span", { class: "code" }, other.code) : null);
