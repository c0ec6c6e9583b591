import { isMine } from "../model/rights.js";
import { called, words } from "../words/words.js";

/** Why an action, a correction or a note did not happen, in a sentence for the agent. */
export function explainNotice({ what, refused, status, body }) {
  const { errors } = words();
  if (!refused) return status >= 500 ? errors.server : errors.unreachable;
  if (status === 409) {
    const holder = body?.agent;
    if (what === "claim" && holder?.name) return errors.taken(holder.name, called("desks", holder.desk));
    return what === "edit" || what === "delete" ? errors.changed : errors.takenByNobody;
  }
  if (what === "snooze" && status === 422) return errors.noTime;
  if (what === "transfer" && status === 422) return errors.nobody;
  return explainStatus(status, body);
}

/** Why words for the customer (or a note) were refused. */
export function explainRefusal({ status, body }, handoff, me) {
  const { errors } = words();
  if (status !== 409) return explainStatus(status, body);
  const holder = body?.agent?.name ?? (handoff.status === "assigned" && !isMine(handoff, me) ? handoff.agent?.name : null);
  if (holder && holder !== me.name) return errors.notYoursNow(holder);
  return handoff.status === "resolved" || handoff.status === "abandoned" ? errors.notYoursClosed : errors.notYours;
}

const BY_STATUS = { 401: "forbidden", 403: "forbidden", 404: "missing", 429: "rate" };

function explainStatus(status, body) {
  const { errors } = words();
  const known = errors[BY_STATUS[status] ?? "invalid"];
  return typeof body?.detail === "string" ? `${known} ${errors.said(body.detail)}` : known;
}
