import { LANGUAGES, words } from "../words/words.js";
import { fill, h } from "./dom.js";
import { icon, logo } from "./icons.js";
import { button, hidden } from "./pieces.js";

/** The bar on top: the product, the line to the service, and how this person likes the console. */
export function createBar(app) {
  const { bar } = words();
  const state = h("span", { class: "connection", role: "status", data: { testid: "connection" } });
  const me = h("span", { class: "me", data: { testid: "me" } });
  const availability = button({ label: "", kind: "quiet availability", testid: "availability", keys: "a", onclick: () => app.switchAvailability() });
  const sound = button({ label: bar.sound, iconOnly: true, kind: "quiet", testid: "sound", onclick: () => (app.attention.toggleSound(), draw()) });
  const element = h("header", { class: "bar" },
    h("a", { class: "skip", href: "#conversation", onclick: (event) => (event.preventDefault(), app.focusConversation()) }, bar.skip),
    h("h1", { class: "brand" }, logo(), h("span", { class: "brand-name" }, "Relevo"), h("span", { class: "brand-part" }, words().appName)),
    state,
    h("div", { class: "bar-tools" },
      availability,
      sound,
      languageSwitch(app),
      button({ label: bar.help, drawing: "help", iconOnly: true, kind: "quiet", testid: "help-open", onclick: () => app.dialogs.help() }),
      me,
      button({ label: bar.logout, drawing: "logout", iconOnly: true, kind: "quiet", testid: "logout", onclick: () => app.logout() })));
  let shown = "";

  function draw() {
    const { connection, me: agent, staff } = app.desk;
    const soundOn = app.attention.soundOn;
    const there = staff.isAvailable(agent.name);
    const signature = JSON.stringify([connection.state, agent, soundOn, there, staff.known, staff.failed, staff.changing]);
    if (signature === shown) return;
    shown = signature;
    fill(state, h("span", { class: `dot ${connection.state}`, "aria-hidden": "true" }), h("span", {}, bar[connection.state] ?? bar.offline));
    state.dataset.state = connection.state;
    drawAvailability(there, staff);
    fill(sound, icon(soundOn ? "bell" : "bellOff"));
    sound.setAttribute("aria-pressed", String(soundOn));
    fill(me, h("span", { class: "me-name" }, agent.name), agent.role === "supervisor" ? h("span", { class: "me-role" }, bar.supervisor) : null);
  }

  function drawAvailability(there, staff) {
    const { availability: say } = words();
    const state = there ? "available" : "away";
    availability.hidden = !staff.known;
    availability.disabled = staff.changing;
    availability.dataset.state = state;
    availability.title = staff.failed ? say.failed : say.hints[state];
    fill(availability, staff.failed ? icon("alert") : h("span", { class: `dot ${state}`, "aria-hidden": "true" }),
      h("span", { class: "button-label" }, say[state], staff.failed ? hidden(`. ${say.failed}`) : null), h("kbd", { "aria-hidden": "true" }, "A"));
  }

  return { element, draw };
}

/** One button per language, each in its own words. */
export const languageSwitch = (app) =>
  h("div", { class: "languages", role: "group", "aria-label": words().bar.language },
    LANGUAGES.map((language) =>
      h("button", {
        type: "button", lang: language, class: "language", data: { testid: `language-${language}` },
        "aria-pressed": String(words().locale === language), onclick: () => app.speak(language),
      }, language.toUpperCase())));

/** Says that the line is down, since when it is tried again, and lets the impatient try at once. */
export function createBanner(app) {
  const element = h("div", { class: "banner", role: "alert", hidden: true, data: { testid: "offline" } });
  const next = h("span", { class: "banner-next" });

  function draw() {
    const { state } = app.desk.connection;
    const down = app.desk.welcomed && state !== "online";
    if (element.hidden === !down) return tick();
    element.hidden = !down;
    fill(element, down && [icon("offline"), h("span", {}, words().banner.offline), next,
      h("button", { type: "button", class: "link", data: { testid: "retry-connection" }, onclick: () => app.socket.retryNow() }, words().banner.now)]);
    tick();
  }

  function tick() {
    const { state, retryAt } = app.desk.connection;
    const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
    next.textContent = state === "offline" && retryAt ? words().banner.retrying(seconds) : words().banner.trying;
    next.setAttribute("aria-hidden", "true");
  }

  return { element, draw, tick };
}
