/** Whether `handoff` is held by `me`, on whichever desk they took it. */
export const isMine = (handoff, me) =>
  handoff.status === "assigned" && Boolean(handoff.agent) && handoff.agent.name === me.name;

/** Whether nobody has taken it yet. */
export const isQueued = (handoff) => handoff.status === "queued";

/** Whether somebody still waits for something here. */
export const isOpen = (handoff) => handoff.status === "queued" || handoff.status === "assigned";

/** What `me` may do with `handoff` as it stands, the likeliest first. The service decides; this only spares a no. */
export function actionsFor(handoff, me) {
  return [...actionsByStatus(handoff, me), ...(handoff.paused_until ? ["unpause"] : [])];
}

function actionsByStatus(handoff, me) {
  const supervisor = me.role === "supervisor";
  if (handoff.status === "queued") return supervisor ? ["claim", "transfer"] : ["claim"];
  if (isMine(handoff, me)) return ["resolve", "ready", handoff.snoozed_until ? "wake" : "snooze", "transfer", "release"];
  if (handoff.status === "assigned") return supervisor ? ["transfer"] : [];
  if (handoff.status === "resolved") return ["reopen"];
  return [];
}

export const mayReply = (handoff, me) => isMine(handoff, me);

/** The name of whoever wrote `message` on our side: notes name an agent, replies carry the name. */
export const writerOf = (message) => message.agent?.name ?? message.agent ?? message.name ?? null;

/** Whether `me` wrote `message`, and so may correct it or take it back. */
export const isOwn = (message, me) => message.author === "agent" && writerOf(message) === me.name;
