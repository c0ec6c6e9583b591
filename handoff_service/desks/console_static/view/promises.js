import { words } from "../words/words.js";
import { h } from "./dom.js";
import { field } from "./dialogs.js";
import { icon } from "./icons.js";
import { button } from "./pieces.js";
import { calendarDay, dayOf, fullTime, shortDate } from "./time.js";

const LONGEST = 300;

/** What the customer was promised and nobody has kept yet, here and on any channel; null where nothing was. */
export function promisesOf(app, handoff) {
  const here = handoff.promise ? [{ ...handoff.promise, id: handoff.id }] : [];
  const idByCode = new Map((handoff.handoffs ?? []).map((other) => [other.code, other.id]));
  const elsewhere = (handoff.open_promises ?? []).map((promise) => ({ ...promise, id: idByCode.get(promise.code) ?? null }));
  const all = [...here, ...elsewhere];
  return all.length ? h("ul", { class: "promises" }, all.map((promise) => entry(app, promise))) : null;
}

function entry(app, { id, code, agent, text, due, kept_at: kept }) {
  const { promises } = words();
  const late = !kept && due && due < dayOf(Date.now());
  const when = kept
    ? h("span", { class: "promise-kept", title: fullTime(kept) }, icon("check"), promises.kept)
    : h("span", { class: late ? "promise-late" : "" }, due ? promises[late ? "late" : "due"](shortDate(calendarDay(due))) : promises.undated);
  return h("li", { class: "promise", data: { testid: "promise" } },
    h("p", { class: "promise-text" }, text),
    h("p", { class: "promise-told" }, when, ` · ${agent} · `, h("span", { class: "code" }, code)),
    kept || !id ? null : button({
      label: promises.keep, kind: "small", testid: "promise-keep", data: { focus: `keep-${id}` },
      "aria-label": `${promises.keep}: ${text}`, onclick: () => app.keepPromise(id),
    }));
}

/** The fields of a promise in the resolve form: words for the customer, and a day that counts only with them. */
export function promiseFields() {
  const { promises } = words();
  const due = h("input", { type: "date", name: "due", min: dayOf(Date.now()), disabled: true, data: { testid: "resolve-due" } });
  const text = h("input", {
    name: "promise", maxlength: LONGEST, autocomplete: "off", placeholder: promises.placeholder, data: { testid: "resolve-promise" },
    oninput: () => (due.disabled = !text.value.trim()),
  });
  return [
    h("div", { class: "promise-fields" }, field(promises.text, text), field(promises.by, due)),
    h("p", { class: "field-hint" }, promises.hint),
  ];
}
