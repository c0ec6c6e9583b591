import { words } from "../words/words.js";
import { choice, field, openDialog } from "./dialogs.js";
import { fill, h, keepingFocus, reconcile } from "./dom.js";
import { nameOf } from "./pieces.js";

const REFRESH_MS = 10_000;

/**
 * Hands over to a team or an agent, with a note for whoever goes on. The list is asked for anew while the dialog is
 * open. `done(body, note, tell)` does it.
 */
export function transferDialog(handoff, desk, done) {
  const { transfer } = words();
  const label = h("legend", { class: "field-label" });
  const hint = h("p", { class: "field-hint" });
  const list = h("div", { class: "receivers", data: { testid: "receivers" } });
  const nobody = h("p", { class: "field-hint", role: "status" });
  let kind = "team";

  function draw() {
    const receivers = kind === "team" ? teams(handoff, desk) : colleagues(handoff, desk);
    fill(label, transfer[`${kind}Label`]);
    hint.textContent = transfer[`${kind}Hint`];
    const chosen = list.querySelector("input:checked")?.value;
    keepingFocus(list, () => reconcile(list, receivers, {
      key: (receiver) => `${kind} ${receiver.name}`,
      signature: (receiver) => JSON.stringify(receiver),
      build: (receiver) => option(receiver, receiver.name === chosen),
    }));
    nobody.textContent = receivers.length ? "" : desk.staff.known ? transfer.nobody : transfer.loading;
  }

  const aim = (aimed) => {
    kind = aimed;
    list.replaceChildren();
    draw();
  };
  const content = [
    h("fieldset", { class: "field", onchange: (event) => aim(event.target.value) },
      h("legend", { class: "field-label" }, transfer.to),
      h("div", { class: "choices" },
        choice("kind", "team", transfer.team, true, "transfer-team"),
        choice("kind", "agent", transfer.agent, false, "transfer-agent"))),
    h("fieldset", { class: "field" }, label, list), nobody, hint,
    field(transfer.note, h("textarea", { name: "note", rows: "2", maxlength: "4000", data: { testid: "transfer-note" } })),
  ];
  draw();
  const dialog = openDialog({
    title: `${transfer.title} · ${nameOf(handoff)}`, content, submitLabel: transfer.submit, testid: "transfer",
    submit: async (form, tell) => {
      const to = form.get("to");
      if (to) return done({ [kind]: to }, form.get("note").trim(), tell);
      tell(transfer.missing);
      list.querySelector("input")?.focus();
      return false;
    },
  });
  const refresh = () => desk.staff.refresh().then(draw);
  const asking = setInterval(refresh, REFRESH_MS);
  dialog.addEventListener("close", () => clearInterval(asking));
  refresh();
  return dialog;
}

/** Every team, and how many wait there. */
function teams(handoff, desk) {
  const { transfer } = words();
  const { waiting } = desk.everything;
  return desk.teams.map((name) => {
    const count = waiting.filter((other) => other.team === name).length;
    const here = name === handoff.team ? transfer.here : null;
    return { name, state: "team", told: [here, transfer.waiting(count)].filter(Boolean).join(" · ") };
  });
}

/** Everybody but who has it: those with room first, then those who are there, then the others. */
function colleagues(handoff, desk) {
  const holder = handoff.agent?.name ?? desk.me.name;
  const all = desk.staff.agents.filter((name) => name !== holder).map((name) => colleague(name, desk.staff.presenceOf(name)));
  return all.sort((one, other) => one.rank - other.rank || one.name.localeCompare(other.name));
}

function colleague(name, presence) {
  const { transfer } = words();
  if (!presence) return { name, state: "away", rank: 2, told: transfer.unseen };
  const { is_available: there, load, capacity } = presence;
  const where = there ? transfer.available : transfer.away;
  return {
    name, state: there ? "available" : "away", rank: there ? (load < capacity ? 0 : 1) : 2,
    told: [where, transfer.load(load, capacity), there && load >= capacity ? transfer.full : null].filter(Boolean).join(" · "),
  };
}

const option = ({ name, state, told }, checked) =>
  h("label", { class: "receiver" },
    h("input", { type: "radio", name: "to", value: name, checked, data: { testid: `transfer-to-${name}`, focus: `to-${name}` } }),
    h("span", { class: "receiver-name" }, state === "team" ? null : h("span", { class: `dot ${state}`, "aria-hidden": "true" }), name),
    h("span", { class: "receiver-told" }, told));
