/** The demo operator's page: its language, its operator's name, and logging in as one of the demo customers. */
(() => {
  "use strict";

  const SPANISH = {
    title: "Fibra y móvil",
    loggedIn: "Has entrado como",
    loggedOut: "Has salido",
    loginFailed: "No hemos podido entrar. Prueba otra vez.",
  };
  const language = chosenLanguage();
  const word = (key) => (language === "en" ? ENGLISH[key] : SPANISH[key]);
  const byId = (id) => document.getElementById(id);
  let customers = [];

  function remembered(key) {
    try {
      return localStorage.getItem(`demo:${key}`);
    } catch {
      return null;
    }
  }

  function remember(key, value) {
    try {
      if (value === null) localStorage.removeItem(`demo:${key}`);
      else localStorage.setItem(`demo:${key}`, value);
    } catch {
      // The page works without memory, until it is left.
    }
  }

  function chosenLanguage() {
    const asked = new URLSearchParams(location.search).get("lang");
    if (asked === "es" || asked === "en") remember("language", asked);
    return (asked || remembered("language")) === "en" ? "en" : "es";
  }

  function translate() {
    document.documentElement.lang = language;
    const current = document.querySelector(`[data-language="${language}"]`);
    current.setAttribute("aria-current", "true");
    if (language !== "en") return;
    for (const node of document.querySelectorAll("[data-t]")) node.textContent = ENGLISH[node.dataset.t];
    for (const node of document.querySelectorAll("[data-t-label]"))
      node.setAttribute("aria-label", ENGLISH[node.dataset.tLabel]);
    const euros = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });
    for (const node of document.querySelectorAll("[data-price]"))
      node.textContent = euros.format(Number(node.dataset.price));
  }

  function nameOperator(operator) {
    document.title = `${operator} · ${word("title")}`;
    for (const node of document.querySelectorAll("[data-operator]")) node.textContent = operator;
  }

  function addChat(identity) {
    const script = document.createElement("script");
    script.src = "/widget.js";
    script.async = true;
    script.dataset.locale = language;
    if (identity) script.dataset.identity = identity;
    document.body.append(script);
  }

  /** The website's word for who is logged in; null if it cannot be had. */
  async function identityOf(customerId) {
    try {
      const answer = await fetch("/demo/login", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ customer_id: customerId }),
      });
      return answer.ok ? (await answer.json()).identity : null;
    } catch {
      return null;
    }
  }

  async function logIn(customer) {
    const identity = await identityOf(customer.id);
    toggleMenu(false);
    if (!identity) {
      say(word("loginFailed"));
      byId("login").focus();
      return;
    }
    remember("customer", customer.id);
    showCustomer(customer);
    window.Relevo?.identify(identity);
    say(`${word("loggedIn")} ${customer.name}`);
    byId("logout").focus();
  }

  function logOut() {
    remember("customer", null);
    window.Relevo?.logout();
    showCustomer(null);
    say(word("loggedOut"));
    byId("login").focus();
  }

  async function renewIdentity() {
    const customerId = remembered("customer");
    const identity = customerId && (await identityOf(customerId));
    if (identity) window.Relevo.identify(identity);
  }

  function showCustomer(customer) {
    byId("login").hidden = Boolean(customer);
    byId("who").hidden = !customer;
    byId("who-name").textContent = customer ? customer.name : "";
  }

  function say(text) {
    byId("status").textContent = text;
  }

  function toggleMenu(open) {
    byId("customers").hidden = !open;
    byId("login").setAttribute("aria-expanded", String(open));
  }

  function customerEntry(customer) {
    const button = document.createElement("button");
    const name = document.createElement("strong");
    const description = document.createElement("span");
    button.type = "button";
    name.textContent = customer.name;
    description.textContent = customer.description[language] || "";
    const phone = document.createElement("span");
    phone.textContent = customer.phone || "";
    button.append(name, description, phone);
    button.addEventListener("click", () => logIn(customer));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  function listenToMenu() {
    byId("login").addEventListener("click", () => toggleMenu(byId("customers").hidden));
    byId("logout").addEventListener("click", logOut);
    document.addEventListener("click", (event) => event.target.closest("#account") || toggleMenu(false));
    byId("account").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || byId("customers").hidden) return;
      toggleMenu(false);
      byId("login").focus();
    });
  }

  async function configuration() {
    try {
      const answer = await fetch("/demo/config");
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function begin() {
    translate();
    listenToMenu();
    for (const button of document.querySelectorAll("[data-chat]"))
      button.addEventListener("click", () => window.Relevo?.open());
    window.addEventListener("relevo:identity-refused", renewIdentity);
    const { operator = "Alborada", customers: known = [], login = false } = (await configuration()) || {};
    customers = known;
    nameOperator(operator);
    if (login) byId("customer-list").append(...customers.map(customerEntry));
    byId("account").hidden = !login;
    if (login) DemoPhone.begin(language);
    const customer = login ? customers.find(({ id }) => id === remembered("customer")) : null;
    const identity = customer ? await identityOf(customer.id) : null;
    if (identity) showCustomer(customer);
    addChat(identity);
  }

  begin();
})();
