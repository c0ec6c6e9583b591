import { isMine } from "../model/rights.js";
import { unansweredSince } from "../model/queue.js";
import { called, words } from "../words/words.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { dueMark, knownMark, opensMark, snoozedMark } from "./situation.js";
import { button, channelIcon, hidden, languageTag, nameOf, priorityMark, reasonChip, runningTime } from "./pieces.js";

const AUTHOR_ICONS = { customer: null, assistant: "assistant", agent: "person", system: "info" };

/** What of a handoff its row shows: a row is built anew only when this changed. */
export const rowSignature = (app) => (handoff) => {
  const { desk } = app;
  const { id } = handoff;
  return JSON.stringify([
    handoff, id === desk.selected, id === app.rovingRow, desk.unread.get(id), desk.typing.has(id),
    desk.drafts.hasWords(id), unsent(desk, id), desk.actingOn(id), words().locale, app.teamsShown,
  ]);
};

/** One handoff in the list: who, why, since when, and what was said last. */
export function buildRow(app, handoff) {
  const { desk } = app;
  const { id } = handoff;
  const roving = id === app.rovingRow ? "0" : "-1";
  const unread = desk.unread.get(id);
  return h("li", {
    class: `row ${handoff.status} ${unread ? "unread" : ""} ${handoff.priority}`,
    data: { testid: "row", handoff: id, status: handoff.status },
  },
  h("button", {
    type: "button", class: "row-open", tabindex: roving, "aria-current": id === desk.selected ? "true" : null,
    data: { focus: `row-${id}`, testid: "row-open" }, onclick: () => app.open(id),
  },
  h("span", { class: "row-top" }, h("span", { class: "row-name" }, nameOf(handoff), " ", anonymousCode(handoff)), rowTime(handoff, desk.me)),
  h("span", { class: "row-tags" }, rowTags(handoff, desk.me, app.teamsShown)),
  rowNotes(handoff, desk.me),
  h("span", { class: "row-last" }, rowLast(app, handoff))),
  unread ? h("span", { class: "badge", data: { testid: "row-unread" } }, String(unread), hidden(` ${words().queue.unread(unread)}`)) : null,
  handoff.status === "queued" ? claimButton(app, handoff, roving) : null);
}

const claimButton = (app, handoff, tabindex) =>
  button({
    label: words().queue.claim, kind: "primary small row-claim", testid: "row-claim", tabindex,
    "aria-label": words().queue.claimOf(nameOf(handoff)),
    disabled: Boolean(app.desk.actingOn(handoff.id)),
    onclick: () => app.claim(handoff.id),
  });

function rowTime(handoff, me) {
  const { queue } = words();
  if (handoff.status === "queued") {
    return [hidden(` ${queue.waitingFor("")} `), runningTime(handoff.waiting_since ?? handoff.opened_at)];
  }
  const unanswered = isMine(handoff, me) && unansweredSince(handoff);
  if (unanswered) return [hidden(` ${queue.answerFor("")} `), runningTime(unanswered)];
  return runningTime(handoff.last_message?.sent_at ?? handoff.resolved_at ?? handoff.opened_at, "ago");
}

/** Those without a name are told apart by their code. */
const anonymousCode = ({ customer, code }) =>
  customer?.name || !code ? null : h("span", { class: "code" }, code);

function rowTags(handoff, me, teamsShown) {
  const held = handoff.status === "assigned" || handoff.status === "resolved";
  const who = held && !isMine(handoff, me) ? handoff.agent?.name : null;
  return [
    priorityMark(handoff, { brief: handoff.priority === "high" }),
    handoff.status === "abandoned" ? h("span", { class: "chip" }, called("statuses", "abandoned")) : null,
    handoff.status === "resolved" && handoff.outcome
      ? h("span", { class: `chip outcome-${handoff.outcome}` }, called("outcomes", handoff.outcome))
      : reasonChip(handoff),
    handoff.status === "queued" && teamsShown ? h("span", { class: "row-team" }, handoff.team) : null,
    who ? h("span", { class: "row-agent" }, icon("person"), h("span", {}, who)) : null,
    h("span", { class: "row-way" }, languageTag(handoff), channelIcon(handoff)),
  ];
}

/** What presses or holds it up: only then the row has this line. */
function rowNotes(handoff, me) {
  const notes = [dueMark(handoff, { brief: true }), opensMark(handoff), snoozedMark(handoff), knownMark(handoff, me)].filter(Boolean);
  return notes.length ? h("span", { class: "row-notes" }, notes) : null;
}

function rowLast(app, handoff) {
  const { desk } = app;
  const { queue } = words();
  if (unsent(desk, handoff.id)) return h("span", { class: "row-unsent" }, icon("alert"), queue.unsent);
  if (desk.typing.has(handoff.id)) return h("span", { class: "row-typing" }, queue.typing);
  if (desk.drafts.hasWords(handoff.id) && handoff.id !== desk.selected) {
    const draft = desk.drafts.of(handoff.id);
    return [h("span", { class: "row-draft" }, queue.draft), ` ${draft.reply.trim() || draft.note.trim()}`];
  }
  const last = handoff.last_message;
  if (!last) return handoff.summary ?? "";
  const drawing = AUTHOR_ICONS[last.author];
  return [drawing ? icon(drawing) : null, drawing ? hidden(`${called("authors", last.author)}: `) : null, last.text];
}

const unsent = (desk, id) => desk.outbox.of(id).some((item) => item.state === "failed" || item.state === "refused");
