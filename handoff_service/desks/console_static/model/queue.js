import { isMine } from "./rights.js";

const RANK = { urgent: 0, high: 1, normal: 2 };
const CLOSED = new Set(["resolved", "abandoned"]);

/**
 * The list's four sections. What waits keeps the service's order (`order`, ids); what is not in it yet stands where
 * priority and waiting time put it, until the service is asked again. With a `team`, only its handoffs and mine.
 */
export function sections(handoffs, order, me, team = null) {
  const all = [...handoffs.values()].filter((handoff) => !team || handoff.team === team || isMine(handoff, me));
  const place = new Map(order.map((id, index) => [id, index]));
  return {
    waiting: inOrder(all.filter((handoff) => handoff.status === "queued"), place),
    mine: all.filter((handoff) => isMine(handoff, me)).sort(unansweredFirst),
    others: all.filter((handoff) => handoff.status === "assigned" && !isMine(handoff, me)).sort(by("claimed_at")),
    closed: all.filter((handoff) => CLOSED.has(handoff.status)).sort(lastEndedFirst),
  };
}

function inOrder(waiting, place) {
  const known = waiting.filter((handoff) => place.has(handoff.id)).sort((a, b) => place.get(a.id) - place.get(b.id));
  const fresh = waiting.filter((handoff) => !place.has(handoff.id)).sort(dueFirst);
  for (const handoff of fresh) {
    const before = known.findIndex((other) => dueFirst(handoff, other) < 0);
    known.splice(before < 0 ? known.length : before, 0, handoff);
  }
  return known;
}

const dueFirst = (a, b) => RANK[a.priority] - RANK[b.priority] || by("waiting_since")(a, b);

/** When the customer of an assigned handoff began to wait for an answer, or null when the last word was ours. */
export const unansweredSince = (handoff) =>
  handoff.last_message?.author === "customer" ? handoff.last_message.sent_at : null;

function unansweredFirst(a, b) {
  const [mine, other] = [unansweredSince(a), unansweredSince(b)];
  if (Boolean(mine) !== Boolean(other)) return mine ? -1 : 1;
  return mine ? Date.parse(mine) - Date.parse(other) : by("claimed_at")(a, b);
}

const by = (field) => (a, b) => (Date.parse(a[field] ?? a.opened_at) || 0) - (Date.parse(b[field] ?? b.opened_at) || 0);

/** The order of what is over. */
export const lastEndedFirst = (a, b) => by("resolved_at")(b, a);

/** Whether `handoff` holds all the words of `search`: in names, code, words last said, summary, team. */
export function matches(handoff, search) {
  const text = folded(
    [
      handoff.customer?.name, handoff.customer?.id, handoff.code, handoff.summary, handoff.team,
      handoff.agent?.name, handoff.last_message?.text,
    ].join(" "),
  );
  return folded(search).split(/\s+/).every((word) => text.includes(word));
}

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
