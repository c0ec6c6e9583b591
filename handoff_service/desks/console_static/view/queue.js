import { matches } from "../model/queue.js";
import { browser } from "../wire/storage.js";
import { words } from "../words/words.js";
import { h, keepingFocus, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { buildRow, rowSignature } from "./row.js";

const FOLDED = "relevo.folded";
const SECTIONS = ["waiting", "mine", "others", "closed"];
const FIRST_SHOWN = { waiting: 50, mine: 100, others: 12, closed: 8 };
const MORE = 30;

/** The left pane: who waits, who is mine, what colleagues hold, what was closed. */
export function createQueue(app) {
  const search = h("input", {
    type: "search", class: "search", placeholder: words().queue.search, "aria-label": words().queue.searchLabel,
    autocomplete: "off", spellcheck: "false", data: { testid: "search" },
    oninput: () => draw(),
    onkeydown: (event) => event.key === "Escape" && leaveSearch(event),
  });
  const teams = h("select", {
    class: "team-filter", "aria-label": words().queue.teamLabel, hidden: true, data: { testid: "team-filter" },
    onchange: () => (app.desk.team = teams.value || null),
    onkeydown: (event) => event.key === "Escape" && app.leaveWriting(),
  });
  let offered = "";
  const parts = Object.fromEntries(SECTIONS.map((name) => [name, createSection(name, () => draw())]));
  const scroller = h("div", { class: "queue-scroll" }, SECTIONS.map((name) => parts[name].element));
  const element = h("nav", { class: "pane queue", "aria-label": words().queue.label, data: { testid: "queue" } },
    h("div", { class: "queue-head" }, icon("search"), search, h("kbd", { "aria-hidden": "true" }, "/")), teams, scroller);

  function leaveSearch(event) {
    event.stopPropagation();
    if (search.value) search.value = "";
    else search.blur();
    draw();
  }

  /** The ids of the rows that can be seen, top to bottom. */
  const shown = () => [...scroller.querySelectorAll(".row")].map((row) => row.dataset.handoff);

  function focusRow(id) {
    const row = scroller.querySelector(`[data-focus="${CSS.escape(`row-${id}`)}"]`);
    row?.focus({ preventScroll: true });
    row?.closest("li").scrollIntoView({ block: "nearest" });
  }

  element.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.closest?.(".row-open")) return;
    event.preventDefault();
    event.stopPropagation();
    app.move(step);
  });

  function drawTeams() {
    const { desk } = app;
    const wanted = JSON.stringify([desk.teams, desk.team]);
    app.teamsShown = desk.teams.length > 1;
    if (wanted === offered) return;
    offered = wanted;
    teams.hidden = !app.teamsShown;
    teams.replaceChildren(...["", ...desk.teams].map((name) => h("option", { value: name }, name || words().queue.allTeams)));
    teams.value = desk.team ?? "";
    teams.classList.toggle("chosen", Boolean(desk.team));
  }

  function draw() {
    drawTeams();
    const sections = app.desk.sections;
    const found = Object.fromEntries(
      SECTIONS.map((name) => [name, sections[name].filter((handoff) => matches(handoff, search.value))]),
    );
    const ids = SECTIONS.flatMap((name) => found[name].map((handoff) => handoff.id));
    app.rovingRow = ids.includes(app.desk.selected) ? app.desk.selected : ids[0];
    keepingFocus(element, () =>
      SECTIONS.forEach((name) => parts[name].draw(app, found[name], sections[name].length, Boolean(search.value))));
  }

  return { element, draw, shown, focusRow, focusSearch: () => search.focus(), focusTeams: () => teams.focus() };
}

function createSection(name, redraw) {
  let limit = FIRST_SHOWN[name];
  let open = !browser.read(FOLDED, []).includes(name);
  const count = h("span", { class: "count", data: { testid: `count-${name}` } });
  const list = h("ul", { class: "rows", id: `rows-${name}` });
  const empty = h("p", { class: "empty" });
  const more = h("button", { type: "button", class: "more", onclick: () => ((limit += MORE), redraw()) });
  const toggle = h("button", {
    type: "button", class: "section-toggle", "aria-controls": `rows-${name}`, onclick: () => fold(!open),
  }, icon("chevron"), h("span", {}, words().queue[name]), count);
  const element = h("section", { class: `section section-${name}`, data: { testid: `section-${name}` } },
    h("h2", { class: "section-head" }, toggle), list, empty, more);

  function fold(opened) {
    open = opened;
    const folded = browser.read(FOLDED, []).filter((other) => other !== name);
    browser.write(FOLDED, open ? folded : [...folded, name]);
    redraw();
  }

  function draw(app, handoffs, total, searching) {
    const visible = open ? handoffs.slice(0, limit) : [];
    toggle.setAttribute("aria-expanded", String(open));
    count.textContent = String(total);
    element.classList.toggle("some", total > 0);
    reconcile(list, visible, {
      key: (handoff) => handoff.id, signature: rowSignature(app), build: (handoff) => buildRow(app, handoff),
    });
    list.hidden = visible.length === 0;
    empty.hidden = !open || handoffs.length > 0 || (searching && total === 0);
    empty.textContent = searching ? words().queue.noMatch : words().queue[`empty${name[0].toUpperCase()}${name.slice(1)}`];
    more.hidden = !open || handoffs.length <= limit;
    more.textContent = words().queue.more(Math.min(MORE, handoffs.length - limit));
  }

  return { element, draw };
}
