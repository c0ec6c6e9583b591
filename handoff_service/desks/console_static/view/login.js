import { words } from "../words/words.js";
import { languageSwitch } from "./bar.js";
import { h } from "./dom.js";
import { logo } from "./icons.js";
import { button } from "./pieces.js";

/**
 * Asks for the token. `state` is null, "checking", "refused", "expired" or "unreachable"; `enter(token)` tries it.
 */
export function createLogin({ state, enter, speak }) {
  const { login } = words();
  const problem = ["refused", "expired"].includes(state);
  const told = h("p", { class: `login-state ${problem ? "bad" : ""}`, id: "login-state", role: "alert", data: { testid: "login-state" } },
    state ? login[state] : "");
  const field = h("input", {
    class: "login-field", id: "token", type: "password", autocomplete: "current-password", spellcheck: "false", autocapitalize: "off",
    "aria-describedby": "login-hint login-state", "aria-invalid": problem ? "true" : null, data: { testid: "token" },
  });
  const element = h("main", { class: "login", data: { testid: "login" } },
    h("form", {
      class: "login-card",
      onsubmit: (event) => {
        event.preventDefault();
        const token = field.value.trim();
        if (token) return enter(token);
        told.textContent = login.empty;
        field.focus();
      },
    },
    logo(), h("h1", {}, login.title), h("p", { class: "login-lead" }, login.lead),
    h("label", { class: "field-label", for: "token" }, login.label), field,
    h("p", { class: "login-hint", id: "login-hint" }, login.hint),
    told,
    button({ label: login.submit, kind: "primary wide", type: "submit", testid: "login-submit" }),
    languageSwitch({ speak })));
  return { element, focus: () => field.focus() };
}
