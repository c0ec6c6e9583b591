/** The launcher and the panel: opening, closing, focus, and what is read out. */

const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";

class Panel {
  constructor(settings, words, { parts, actions }) {
    Object.assign(this, { words, actions, parts });
    this.fullScreen = matchMedia(FULL_SCREEN);
    this.build(settings);
    this.mount(settings);
    this.watchKeyboardOfPhones();
    this.fullScreen.addEventListener("change", () => this.adaptToScreen());
    this.adaptToScreen();
  }

  build(settings) {
    const { words } = this;
    this.badge = element("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.launcher = element(
      "button",
      { type: "button", class: "launcher", "aria-expanded": "false", onclick: () => this.toggle() },
      icon("chat"),
      icon("down"),
      this.badge,
    );
    this.subtitle = element("p", { class: "subtitle" });
    const heading = element("h2", { id: "relevo-title" }, settings.title || words.title);
    const close = element(
      "button",
      { type: "button", class: "close", "aria-label": words.close, onclick: () => this.close() },
      icon("down"),
    );
    this.face = element("div", { class: "face" });
    const header = element(
      "header",
      null,
      this.face,
      element("div", { class: "titles" }, heading, this.subtitle),
      close,
    );
    this.notice = element("p", { class: "notice", role: "status" });
    this.node = element(
      "div",
      {
        class: "panel",
        role: "dialog",
        "aria-labelledby": "relevo-title",
        tabindex: "-1",
        hidden: true,
        onkeydown: (event) => this.pressed(event),
      },
      header,
      this.parts.banner.node,
      this.parts.log.node,
      this.notice,
      this.parts.composer.node,
    );
    this.announcer = element("div", { class: "unseen", role: "status" });
  }

  mount({ palette, locale }) {
    this.host = element("relevo-chat", { lang: locale });
    const root = this.host.attachShadow({ mode: "open" });
    addStyles(root);
    root.append(this.node, this.launcher, this.announcer);
    for (const [name, value] of Object.entries(palette)) this.host.style.setProperty(name, value);
    document.body.append(this.host);
  }

  get isOpen() {
    return !this.node.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open({ focus = true } = {}) {
    if (this.isOpen) return;
    this.openedFrom = document.activeElement === this.host ? this.launcher : document.activeElement;
    this.node.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.host.classList.add("open");
    this.parts.log.toEnd();
    this.actions.opened();
    if (focus) this.focusEntry();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = document.activeElement === this.host;
    this.node.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.host.classList.remove("open");
    this.actions.closed();
    if (hadFocus) this.focusWhereItWas();
  }

  /** Into the text field; on touch screens to the panel, since the keyboard would cover what there is to read. */
  focusEntry() {
    const target = matchMedia("(pointer: coarse)").matches ? this.node : this.parts.composer.input;
    target.focus({ preventScroll: true });
  }

  focusWhereItWas() {
    const before = this.openedFrom;
    const target = before && before !== document.body && before.isConnected ? before : this.launcher;
    target.focus({ preventScroll: true });
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && this.fullScreen.matches) {
      this.keepFocusInside(event);
    }
  }

  keepFocusInside(event) {
    const stops = [...this.node.querySelectorAll("a[href], button:not(:disabled), textarea, [tabindex='0']")].filter(
      (stop) => stop.getClientRects().length,
    );
    const current = this.host.shadowRoot.activeElement;
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (current !== edge && !(event.shiftKey && current === this.node)) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }

  adaptToScreen() {
    if (this.fullScreen.matches) this.node.setAttribute("aria-modal", "true");
    else this.node.removeAttribute("aria-modal");
  }

  /** The keyboard of a phone covers the page without resizing it; the panel takes what can be seen. */
  watchKeyboardOfPhones() {
    const view = window.visualViewport;
    if (!view) return;
    const fit = () => {
      if (view.scale > 1.05) return;
      this.host.style.setProperty("--visible-height", `${view.height}px`);
      this.host.style.setProperty("--visible-top", `${view.offsetTop}px`);
    };
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    fit();
  }

  render({ subtitle, initial, notice, unread }) {
    this.subtitle.textContent = subtitle;
    this.face.replaceChildren(avatar({ author: initial ? "agent" : "assistant", initial }));
    if (this.notice.textContent !== notice) this.notice.textContent = notice;
    this.badge.hidden = !unread;
    this.badge.textContent = unread > 9 ? "9+" : String(unread);
    const label = this.isOpen ? this.words.close : this.words.open;
    this.launcher.setAttribute("aria-label", unread ? `${label}, ${this.words.unread(unread)}` : label);
  }

  /** Read out to those who cannot see it, once. */
  announce(text) {
    const line = element("p", null, text);
    this.announcer.append(line);
    setTimeout(() => line.remove(), 10000);
  }
}

/** A constructed stylesheet passes a strict content security policy. */
function addStyles(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element("style", null, STYLES));
  }
}
