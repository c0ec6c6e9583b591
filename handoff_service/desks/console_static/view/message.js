import { isOwn, writerOf } from "../model/rights.js";
import { called, words } from "../words/words.js";
import { h } from "./dom.js";
import { explainRefusal } from "./explain.js";
import { icon } from "./icons.js";
import { button, hidden } from "./pieces.js";
import { fullTime, timeOfDay } from "./time.js";

const MARKS = { assistant: "assistant", note: "lock" };
const percent = (number) => `${Math.round(number * 100)} %`;

/** One message of the transcript; `first` says that somebody else (or nobody lately) spoke before it. */
export function buildMessage(app, handoff, message, first) {
  const own = isOwn(message, app.desk.me);
  const classes = ["message", message.author, own ? "own" : "", first ? "first" : "", message.deleted ? "deleted" : ""];
  return h("li", {
    class: classes.filter(Boolean).join(" "),
    data: { testid: "message", author: message.author, seq: String(message.seq ?? "") },
  }, first ? head(message, handoff, own) : hidden(`${speaker(message, handoff, own)}: `), body(app, handoff, message, own),
  message.author === "customer" && !message.deleted ? understanding(message) : null);
}

function head(message, handoff, own) {
  const mark = MARKS[message.author];
  return h("div", { class: "message-head" },
    mark ? icon(mark) : null,
    h("span", { class: "message-who" }, speaker(message, handoff, own)),
    h("time", { datetime: message.sent_at, title: fullTime(message.sent_at) }, timeOfDay(message.sent_at)));
}

function speaker(message, handoff, own) {
  const { authors } = words();
  if (own) return authors.you;
  if (message.author === "customer") return handoff.customer?.name || authors.customer;
  if (message.author === "agent") return writerOf(message) ?? authors.agent;
  if (message.author === "note") return [authors.note, writerOf(message)].filter(Boolean).join(" · ");
  return authors[message.author] ?? message.author;
}

function body(app, handoff, message, own) {
  if (app.editing?.seq === message.seq && app.editing?.id === handoff.id && own) return editor(app, handoff, message);
  const { conversation } = words();
  const content = message.deleted
    ? h("p", { class: "bubble gone" }, conversation.deleted)
    : h("div", { class: "bubble", title: fullTime(message.sent_at) },
      message.text ? h("p", { class: "text", dir: "auto", data: { testid: "message-text" } }, message.text) : null,
      (message.attachments ?? []).map(attachment),
      message.edited || message.edited_at ? h("span", { class: "edited" }, conversation.edited) : null);
  return [
    h("div", { class: "message-body" }, content, own && !message.deleted ? tools(app, handoff, message) : null),
    offered(message),
  ];
}

const offered = ({ buttons, deleted }) =>
  buttons?.length && !deleted
    ? h("ul", { class: "offered", "aria-label": words().conversation.offered },
      buttons.map((choice) => h("li", {}, choice.title)))
    : null;

/** Links only to http(s) and this service; whatever else an address is, it is not followed. */
function attachment({ name, url, mime }) {
  const address = safeUrl(url);
  const label = name || words().conversation.attachment;
  if (!address) return h("span", { class: "attachment" }, icon("file"), label);
  const picture = mime?.startsWith("image/") ? h("img", { src: address, alt: label, loading: "lazy", class: "picture" }) : null;
  return h("a", { class: "attachment", href: address, target: "_blank", rel: "noopener noreferrer" },
    picture ?? [icon("file"), label]);
}

function safeUrl(url) {
  try {
    const address = new URL(url, location.origin);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** What the assistant made of it, quietly; the mood only where there is one. */
function understanding({ intent, confidence, frustration }) {
  const { conversation } = words();
  const mood = frustration == null || frustration < 0.35 ? null : frustration < 0.7 ? "tense" : "angry";
  if (!intent && !mood) return null;
  return h("div", { class: "understanding" },
    intent ? h("span", {
      class: "intent", data: { testid: "intent" },
      title: conversation.intent(called("intents", intent), confidence == null ? "–" : percent(confidence)),
    }, called("intents", intent)) : null,
    mood ? h("span", { class: `mood ${mood}`, data: { testid: "mood" }, title: conversation.frustration(percent(frustration)) },
      h("span", { class: "mood-bars", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      conversation.mood[mood]) : null);
}

function tools(app, handoff, message) {
  const { message: say } = words();
  return h("div", { class: "tools" },
    button({
      label: say.edit, drawing: "edit", iconOnly: true, kind: "quiet small", testid: "message-edit",
      data: { focus: `edit-${message.seq}` }, onclick: () => app.edit({ id: handoff.id, seq: message.seq }),
    }),
    button({
      label: say.delete, drawing: "trash", iconOnly: true, kind: "quiet small", testid: "message-delete",
      onclick: () => app.dialogs.takeBack(handoff, message),
    }));
}

function editor(app, handoff, message) {
  const { message: say, actions } = words();
  const field = h("textarea", {
    class: "editor-field", rows: "3", "aria-label": say.editLabel, maxlength: "4000", value: message.text,
    data: { testid: "edit-text", focus: "editor" },
    onkeydown: (event) => {
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save(event);
    },
  });
  const close = () => app.edit(null, message.seq);
  async function save(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || text === message.text) return close();
    if (await app.desk.edit(handoff.id, message.seq, text)) close();
  }
  return h("form", { class: "editor", onsubmit: save }, field,
    h("div", { class: "editor-buttons" },
      button({ label: actions.cancel, kind: "quiet small", onclick: close }),
      button({ label: say.save, kind: "primary small", type: "submit", testid: "edit-save" })));
}

/** Something of mine that the service has not confirmed yet. */
export function buildOutgoing(app, handoff, item) {
  const { outgoing, authors } = words();
  const stuck = item.state === "failed" || item.state === "refused";
  const state = item.state === "refused" ? explainRefusal(item.error, handoff, app.desk.me) : outgoing[item.state];
  return h("li", {
    class: `message own outgoing ${item.kind === "note" ? "note" : "agent"} ${item.state} first`,
    data: { testid: "outgoing", state: item.state },
  },
  h("div", { class: "message-head" }, item.kind === "note" ? icon("lock") : null,
    h("span", { class: "message-who" }, item.kind === "note" ? authors.note : authors.you)),
  h("div", { class: "message-body" }, h("div", { class: "bubble" }, h("p", { class: "text" }, item.text))),
  h("div", { class: "outgoing-state", role: stuck ? "alert" : null }, stuck ? icon("alert") : null,
    h("span", {}, state),
    stuck ? [
      h("button", { type: "button", class: "link", data: { testid: "retry" }, onclick: () => app.desk.outbox.retry(item.id) }, outgoing.retry),
      h("button", { type: "button", class: "link", data: { testid: "rewrite" }, onclick: () => app.rewrite(item) }, outgoing.toDraft),
      h("button", { type: "button", class: "link", data: { testid: "discard" }, onclick: () => app.desk.outbox.discard(item.id) }, outgoing.discard),
    ] : null));
}
