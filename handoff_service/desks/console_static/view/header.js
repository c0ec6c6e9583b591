import { actionsFor, isMine, isOpen } from "../model/rights.js";
import { called, words } from "../words/words.js";
import { fill, h, keepingFocus, reconcile } from "./dom.js";
import { explainNotice } from "./explain.js";
import { icon } from "./icons.js";
import { askedMark, dueMark, knownMark, opensMark, snoozedMark, teamMark } from "./situation.js";
import { button, channelIcon, languageTag, nameOf, priorityMark, runningTime } from "./pieces.js";

const LOOKS = {
  claim: { drawing: "take", kind: "primary", keys: "c" },
  resolve: { drawing: "check", kind: "primary", keys: "e" },
  ready: { drawing: "copy", kind: "", keys: "q" },
  snooze: { drawing: "moon", kind: "", "aria-keyshortcuts": "s" },
  wake: { drawing: "clock", kind: "", keys: "s" },
  transfer: { drawing: "transfer", kind: "", keys: "t" },
  release: { drawing: "release", kind: "", "aria-keyshortcuts": "l" },
  reopen: { drawing: "reopen", kind: "", "aria-keyshortcuts": "o" },
  unpause: { drawing: "shield", kind: "", "aria-keyshortcuts": "p" },
};

/** Above the transcript: whose conversation it is, how it stands, and what can be done with it. */
export function createHeader(app) {
  const { conversation } = words();
  const name = h("h2", { class: "who", tabindex: "-1", data: { testid: "conversation-name" } });
  const status = h("p", { class: "status", data: { testid: "conversation-status" } });
  const situation = h("p", { class: "situation", hidden: true, data: { testid: "situation" } });
  const actions = h("div", { class: "actions", role: "group", data: { testid: "actions" } });
  const notice = h("div", { class: "notice", role: "alert", hidden: true, data: { testid: "notice" } });
  const back = button({ label: conversation.back, drawing: "back", iconOnly: true, kind: "quiet back", testid: "back", onclick: () => app.close() });
  const details = button({
    label: conversation.details, drawing: "info", kind: "quiet details-toggle", testid: "details-toggle",
    title: conversation.details, "aria-expanded": "false", "aria-controls": "card", onclick: () => app.toggleCard(),
  });
  const element = h("div", {}, h("header", { class: "conversation-head" }, back, h("div", { class: "conversation-title" }, name, status), actions, details, situation), notice);
  let shown = "";

  function draw() {
    const { desk } = app;
    const handoff = desk.current;
    if (!handoff) return;
    const signature = JSON.stringify([handoff, desk.me, app.teamsShown, words().locale]);
    if (signature !== shown) {
      shown = signature;
      fill(name, nameOf(handoff));
      fill(status, statusLine(handoff, desk.me));
      const told = situationOf(handoff, desk.me, app.teamsShown);
      situation.hidden = told.length === 0;
      fill(situation, told);
    }
    details.setAttribute("aria-expanded", String(app.cardOpen));
    keepingFocus(element, () => drawActions(handoff));
    drawNotice(handoff);
  }

  function drawActions(handoff) {
    const busy = app.desk.actingOn(handoff.id);
    actions.setAttribute("aria-label", nameOf(handoff));
    reconcile(actions, actionsFor(handoff, app.desk.me), {
      key: (action) => action,
      signature: (action) => JSON.stringify([handoff.id, busy, action, words().locale]),
      build: (action) => button({
        ...LOOKS[action], label: busy === action ? words().actions.working : words().actions[action],
        testid: `action-${action}`, data: { focus: `action-${action}` }, disabled: Boolean(busy),
        title: action === "release" ? words().actions.releaseHint : null,
        onclick: () => app.run(action),
      }),
    });
  }

  function drawNotice(handoff) {
    const told = app.desk.notices.get(handoff.id);
    const text = told ? explainNotice(told) : "";
    if (notice.dataset.text === text) return;
    notice.dataset.text = text;
    notice.hidden = !told;
    fill(notice, told && [icon("alert"), h("span", {}, text), button({
      label: words().actions.dismiss, drawing: "close", iconOnly: true, kind: "quiet small", onclick: () => app.desk.dismiss(handoff.id),
    })]);
  }

  return { element, draw, focus: () => name.focus() };
}

function statusLine(handoff, me) {
  const dot = h("span", { class: `dot ${isMine(handoff, me) ? "mine" : handoff.status}`, "aria-hidden": "true" });
  const code = handoff.code ? h("span", { class: "code" }, handoff.code) : null;
  return [priorityMark(handoff), h("span", { class: "status-text" }, dot, statusText(handoff, me)), languageTag(handoff), channelIcon(handoff), code];
}

/** What else one should know before acting: what presses, whose it is, when they open, who was asked, who knows it. */
function situationOf(handoff, me, teamsShown) {
  if (!isOpen(handoff)) return [];
  return [dueMark(handoff), teamsShown ? teamMark(handoff) : null, opensMark(handoff), snoozedMark(handoff), askedMark(handoff), knownMark(handoff, me)].filter(Boolean);
}

function statusText(handoff, me) {
  const { status } = words();
  if (handoff.status === "queued") return [`${status.queuedFor} `, runningTime(handoff.waiting_since ?? handoff.opened_at)];
  if (isMine(handoff, me)) return status.mine;
  if (handoff.status === "assigned") return status.by(handoff.agent?.name ?? "?", called("desks", handoff.agent?.desk));
  if (handoff.status === "abandoned") return status.abandoned;
  return handoff.agent?.name ? status.resolvedBy(handoff.agent.name) : status.resolved;
}
