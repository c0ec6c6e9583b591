import { Desk } from "./model/desk.js";
import { App } from "./view/app.js";
import { Attention } from "./view/attention.js";
import { createLogin } from "./view/login.js";
import { createApi } from "./wire/api.js";
import { currentToken, endSession, startSession, tokenInAddress } from "./wire/session.js";
import { DeskSocket } from "./wire/socket.js";
import { browser } from "./wire/storage.js";
import { languageOf, speak, words } from "./words/words.js";

const LANGUAGE = "relevo.language";

/** Who is at this console: nobody (the login is shown) or an agent (the console is). */
class Console {
  #root;
  #desk = null;
  #socket = null;
  #app = null;
  #attention = null;
  #login = { state: null, shown: false };

  constructor(root) {
    this.#root = root;
    this.#speak(browser.read(LANGUAGE) ?? languageOf(navigator.languages));
    window.addEventListener("hashchange", () => tokenInAddress() && this.begin());
  }

  begin() {
    const token = currentToken();
    this.#end();
    if (token) this.#connect(token);
    else this.#showLogin(null);
  }

  #connect(token) {
    const desk = new Desk({
      api: createApi(token, () => this.#turnedAway()),
      onChange: () => this.#app?.draw(),
      onEvent: (event) => this.#attention?.hear(event, desk),
    });
    this.#desk = desk;
    this.#socket = new DeskSocket({
      token,
      onFrame: (frame) => {
        desk.hear(frame);
        if (frame.type === "welcome" && !this.#app) this.#showApp();
      },
      onState: (state, retryAt = null) => this.#lineIs(state, retryAt),
    });
    this.#showLogin("checking");
    this.#socket.start();
  }

  #lineIs(state, retryAt) {
    if (state === "unauthorized") return this.#turnedAway();
    this.#desk.connection = { state, retryAt };
    if (this.#app) this.#app.draw();
    else if (state === "offline") this.#showLogin("unreachable");
  }

  #turnedAway() {
    const wasIn = Boolean(this.#app);
    this.#end();
    endSession();
    this.#showLogin(wasIn ? "expired" : "refused");
  }

  #showLogin(state) {
    if (this.#login.shown && this.#login.state === state) return;
    this.#login = { state, shown: true };
    const enter = (token) => {
      startSession(token);
      this.begin();
    };
    const view = createLogin({ state, enter, speak: (language) => this.#changeLanguage(language) });
    this.#root.replaceChildren(view.element);
    this.#root.dataset.view = "login";
    document.title = words().documentTitle;
    view.focus();
  }

  #showApp() {
    this.#login = { state: null, shown: false };
    this.#attention ??= new Attention();
    this.#app = new App({
      root: this.#root, desk: this.#desk, socket: this.#socket, attention: this.#attention,
      speak: (language) => this.#changeLanguage(language), logout: () => this.#logout(),
    });
    this.#app.start();
  }

  #logout() {
    this.#end();
    endSession();
    history.replaceState(null, "", location.pathname + location.search);
    this.#showLogin(null);
  }

  #end() {
    this.#app?.stop();
    this.#socket?.stop();
    this.#app = this.#socket = this.#desk = null;
    this.#login.shown = false;
  }

  #changeLanguage(language) {
    browser.write(LANGUAGE, language);
    this.#speak(language);
    if (!this.#app) {
      this.#login.shown = false;
      return this.#showLogin(this.#login.state);
    }
    this.#app.stop();
    this.#showApp();
    this.#root.querySelector(`[data-testid="language-${language}"]`)?.focus();
  }

  #speak(language) {
    speak(language);
    document.documentElement.lang = words().locale;
  }
}

new Console(document.getElementById("root")).begin();
