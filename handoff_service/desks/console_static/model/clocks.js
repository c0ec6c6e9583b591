import { isOpen } from "./rights.js";

/** The running clock of `handoff` that falls due first (it may have been due already), or null. */
export function nextDue(handoff) {
  if (!isOpen(handoff)) return null;
  const running = (handoff.clocks ?? []).filter((clock) => clock.due_at);
  return running.sort((one, other) => Date.parse(one.due_at) - Date.parse(other.due_at))[0] ?? null;
}

/** How a clock stands at `at` (ms): "" while there is time, "soon" from its warning on, "late" once it is due. */
export function pressure({ warn_at: warnAt, due_at: dueAt } = {}, at) {
  if (!dueAt) return "";
  if (at >= Date.parse(dueAt)) return "late";
  return warnAt && at >= Date.parse(warnAt) ? "soon" : "";
}
