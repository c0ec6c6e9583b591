import { writerOf } from "../model/rights.js";
import { called, words } from "../words/words.js";
import { h, keepingFocus, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { createEarlier } from "./earlier.js";
import { buildMessage, buildOutgoing } from "./message.js";
import { nameOf } from "./pieces.js";
import { dayKey, dayName, fullTime, timeOfDay } from "./time.js";

const SAME_BREATH_MS = 4 * 60_000;
const NEAR_END_PX = 80;
const NEAR_TOP_PX = 300;

/** The scroll of the conversation: stays at its end while the agent is there or writes, and never jumps while they read above. */
export function createTranscript(app) {
  const list = h("ol", { class: "messages" });
  const typing = h("p", { class: "typing", hidden: true, data: { testid: "typing" } });
  const state = h("div", { class: "transcript-state", hidden: true });
  const earlier = createEarlier(app);
  const scroller = h("div", {
    class: "transcript", tabindex: "0", role: "region", "aria-label": words().conversation.transcript,
    data: { testid: "transcript" }, onscroll: () => (atEnd() ? seenAll() : scroller.scrollTop < NEAR_TOP_PX && earlier.reached()),
  }, state, earlier.element, list, typing);
  const jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => toEnd() }, icon("down"), h("span"));
  const element = h("div", { class: "transcript-wrap" }, scroller, jump);

  let shownId = null;
  let shownVersion = "";
  let firstSeq = Infinity;
  let wasRead = false;
  let lastWritten;
  let lastSeq = 0;
  let below = 0;
  let sticking = true;
  new ResizeObserver(() => sticking && toEnd()).observe(scroller);

  const atEnd = () => {
    sticking = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
    return sticking;
  };
  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    sticking = true;
    seenAll();
  }
  function seenAll() {
    below = 0;
    drawJump();
  }
  function drawJump() {
    jump.hidden = sticking && below === 0;
    jump.lastElementChild.textContent = below ? words().conversation.newBelow(below) : words().conversation.toBottom;
  }

  function draw() {
    const { desk } = app;
    const handoff = desk.current;
    if (!handoff) return;
    const transcript = desk.transcripts.of(handoff.id);
    const outgoing = desk.outbox.of(handoff.id);
    drawState(handoff, transcript);
    drawTyping(handoff);
    const version = JSON.stringify([
      handoff, transcript.version, app.editing, words().locale, desk.me.name, dayKey(Date.now()),
      outgoing.map((item) => [item.id, item.state]), desk.transcripts.earlierOf(handoff.id),
    ]);
    if (version === shownVersion) return;
    const opened = handoff.id !== shownId;
    const before = opened ? Infinity : lastSeq;
    const hasGrownAbove = wasRead && Number.isFinite(firstSeq) && transcript.first < firstSeq;
    const written = outgoing.at(-1)?.id;
    const hasWritten = written !== undefined && written !== lastWritten;
    const stay = !opened && !hasWritten && (hasGrownAbove || !sticking); // as it was before anything around it changed its height
    shownVersion = version;
    shownId = handoff.id;
    if (opened) below = 0;
    const place = stay ? placeOf(scroller, list) : null;
    if (earlier.draw(handoff, transcript)) scroller.focus({ preventScroll: true });
    keepingFocus(list, () => drawMessages(handoff, transcript, outgoing));
    firstSeq = transcript.first;
    wasRead = transcript.complete;
    lastWritten = written ?? lastWritten;
    lastSeq = transcript.messages.reduce((last, message) => Math.max(last, message.seq ?? 0), 0);
    below += transcript.messages.filter((message) => message.seq > before && message.author === "customer").length;
    if (!stay) return toEnd();
    place.restore();
    atEnd();
    drawJump();
  }

  function drawMessages(handoff, transcript, outgoing) {
    const lines = linesOf(handoff, transcript, app.editing);
    outgoing.forEach((item) => lines.push({ key: `out-${item.id}`, item, sign: item.state }));
    reconcile(list, lines, {
      key: (line) => `${handoff.id} ${line.key}`,
      signature: (line) => JSON.stringify([line, words().locale, app.desk.me.name, line.item ? handoff : nameOf(handoff)]),
      build: (line) => build(app, handoff, line),
    });
  }

  function drawState(handoff, transcript) {
    const { conversation } = words();
    const reading = app.desk.transcripts.readingOf(handoff.id);
    const empty = transcript.messages.length === 0;
    const text = reading === "failed" ? conversation.failed : reading && empty ? conversation.loading : empty && transcript.complete ? conversation.empty : "";
    if (state.textContent !== text || reading !== "failed") {
      state.replaceChildren(h("p", { class: reading === "reading" ? "loading" : "" }, text));
      if (reading === "failed") state.append(h("button", { type: "button", class: "link", onclick: () => app.desk.read(handoff.id) }, conversation.reload));
    }
    state.hidden = !text;
  }

  function drawTyping(handoff) {
    const shown = app.desk.typing.has(handoff.id);
    const stay = !sticking;
    typing.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), words().conversation.typing(handoff.customer?.name));
    if (typing.hidden === !shown) return;
    typing.hidden = !shown;
    if (!stay) toEnd();
  }

  return { element, draw };
}

/** Where the agent reads: the first message in sight can be put back there, whatever came or went above it. */
function placeOf(scroller, list) {
  const edge = scroller.getBoundingClientRect().top;
  const seen = [...list.querySelectorAll(":scope > .message")].find((line) => line.getBoundingClientRect().bottom > edge);
  if (!seen) return { restore() {} };
  const { key } = seen.dataset;
  const { top } = seen.getBoundingClientRect();
  return {
    restore() {
      const line = list.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`);
      if (line) scroller.scrollTop += line.getBoundingClientRect().top - top;
    },
  };
}

function build(app, handoff, line) {
  if (line.day) return h("li", { class: "day" }, h("span", {}, dayName(line.day)));
  if (line.event) {
    return h("li", { class: `event ${line.kind}`, data: { testid: "event" } },
      h("span", {}, line.event, " ", h("time", { datetime: line.at, title: fullTime(line.at) }, timeOfDay(line.at))));
  }
  return line.item ? buildOutgoing(app, handoff, line.item) : buildMessage(app, handoff, line.message, line.first);
}

/** Messages, what happened to the handoff, and a line at each new day, in order; nothing from before the messages that are here. */
function linesOf(handoff, { messages, hasEarlier }, editing) {
  const lines = [];
  const begin = hasEarlier && messages.length ? Date.parse(messages[0].sent_at) : -Infinity;
  const events = eventsOf(handoff).filter(({ at }) => Date.parse(at) >= begin);
  let day = null;
  let previous = null;
  const put = (line, at) => {
    if (dayKey(at) !== day) {
      day = dayKey(at);
      lines.push({ key: `day-${day}`, day: at });
      previous = null;
    }
    lines.push(line);
  };
  const putEvents = (until) => {
    while (events.length && Date.parse(events[0].at) <= until) {
      const event = events.shift();
      put({ key: `event-${event.kind}`, ...event }, event.at);
      previous = null;
    }
  };
  for (const message of messages) {
    putEvents(Date.parse(message.sent_at) - 1);
    const sameDay = dayKey(message.sent_at) === day;
    const first = !(sameDay && previous && follows(previous, message));
    const key = message.seq == null ? `note-${message.sent_at}-${message.text}` : `seq-${message.seq}`;
    const edited = editing?.id === handoff.id && editing.seq === message.seq;
    put({ key, message, first, edited }, message.sent_at);
    previous = message;
  }
  putEvents(Infinity);
  return lines;
}

const follows = (previous, message) =>
  previous.author === message.author &&
  writerOf(previous) === writerOf(message) &&
  message.author !== "note" &&
  Date.parse(message.sent_at) - Date.parse(previous.sent_at) < SAME_BREATH_MS;

/** The turning points the handoff itself knows. */
function eventsOf(handoff) {
  const { conversation } = words();
  const outcome = handoff.outcome ? called("outcomes", handoff.outcome) : called("statuses", handoff.status);
  const ended = handoff.status === "abandoned" ? conversation.abandonedEvent : conversation.resolvedEvent(outcome);
  return [
    { kind: "opened", at: handoff.opened_at, event: conversation.openedEvent(called("reasons", handoff.reason)) },
    { kind: "closed", at: handoff.resolved_at, event: ended },
  ].filter(({ at }) => at);
}
