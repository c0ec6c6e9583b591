import { words } from "../words/words.js";
import { choice, field, openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { nameOf } from "./pieces.js";
import { dayOf } from "./time.js";

const HOUR = 3_600_000;
const MORNING = 9;

/** Lays a handoff aside until a time, or until the customer writes. `done(body, tell)` does it. */
export function snoozeDialog(handoff, done) {
  const { snooze } = words();
  const at = h("input", { type: "datetime-local", name: "at", min: `${dayOf(Date.now())}T00:00`, disabled: true, data: { testid: "snooze-at" } });
  const picked = (event) => {
    at.disabled = event.target.value !== "at";
    if (!at.disabled) at.focus();
  };
  const content = [
    h("fieldset", { class: "field", onchange: (event) => event.target.name === "when" && picked(event) },
      h("legend", { class: "field-label" }, snooze.until),
      h("div", { class: "choices" },
        choice("when", "hour", snooze.hour, true, "snooze-hour"),
        choice("when", "morning", snooze.morning, false, "snooze-morning"),
        choice("when", "writes", snooze.writes, false, "snooze-writes"),
        choice("when", "at", snooze.at, false, "snooze-other"))),
    field(snooze.atLabel, at), h("p", { class: "field-hint" }, snooze.hint),
  ];
  return openDialog({
    title: `${snooze.title} · ${nameOf(handoff)}`, content, submitLabel: snooze.submit, testid: "snooze",
    submit: (form, tell) => {
      const until = timeOf(form.get("when"), form.get("at"));
      if (until !== undefined) return done({ until }, tell);
      tell(snooze.missing);
      at.focus();
      return false;
    },
  });
}

/** When, as the API wants it; null for as long as the customer says nothing, undefined where no time was given. */
function timeOf(when, at) {
  if (when === "writes") return null;
  if (when === "hour") return new Date(Date.now() + HOUR).toISOString();
  if (when === "morning") return tomorrowMorning().toISOString();
  return at ? new Date(at).toISOString() : undefined;
}

function tomorrowMorning() {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  day.setHours(MORNING, 0, 0, 0);
  return day;
}
