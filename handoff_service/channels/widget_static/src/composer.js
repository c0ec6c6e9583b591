/** Where the customer writes. Nothing is cut silently: too long a text stays, and says by how much. */

const LONGEST_TEXT = 4000;
const COUNT_FROM = 3600;
const TYPING_EVERY = 3000;

class Composer {
  constructor(words, { submit, attach, typing, drafted }) {
    Object.assign(this, { words, submit, attach, typing, drafted, typedAt: 0 });
    this.input = element("textarea", {
      id: "relevo-text",
      rows: "1",
      placeholder: words.placeholder,
      "aria-label": words.placeholder,
      "aria-describedby": "relevo-count",
      enterkeyhint: "send",
      autocomplete: "off",
      oninput: () => this.changed(),
      onkeydown: (event) => this.pressed(event),
      onpaste: (event) => this.pasted(event),
    });
    this.counter = element("p", { class: "counter", id: "relevo-count", role: "status" });
    this.button = element(
      "button",
      { type: "submit", class: "send", "aria-label": words.send, disabled: true },
      icon("send"),
    );
    this.chooser = element("input", {
      type: "file",
      accept: FILE_KINDS,
      multiple: true,
      hidden: true,
      onchange: () => this.chosen(),
    });
    this.clip = element(
      "button",
      { type: "button", class: "attach", "aria-label": words.attach, onclick: () => this.chooser.click() },
      icon("clip"),
    );
    const field = element("div", { class: "field" }, this.clip, this.input, this.button, this.chooser);
    this.node = element("form", { class: "composer", onsubmit: (event) => this.send(event) }, this.counter, field);
  }

  get text() {
    return this.input.value.trim();
  }

  /** While paused it takes words only, since an appeal in words must get through; what the service refuses stays. */
  rest(isPaused) {
    this.clip.disabled = isPaused;
    this.input.placeholder = isPaused ? this.words.pausedPlaceholder : this.words.placeholder;
  }

  set text(text) {
    this.input.value = text;
    this.refresh();
  }

  pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.send(event);
  }

  send(event) {
    event.preventDefault();
    const { text } = this;
    if (!text || lengthOf(text) > LONGEST_TEXT) return;
    this.text = "";
    this.drafted("");
    this.input.focus();
    this.submit(text);
  }

  chosen() {
    [...this.chooser.files].forEach(this.attach);
    this.chooser.value = "";
    this.input.focus();
  }

  /** A picture from the clipboard is sent like a chosen file. */
  pasted(event) {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length || this.clip.disabled) return;
    event.preventDefault();
    files.forEach(this.attach);
  }

  changed() {
    this.refresh();
    this.drafted(this.input.value);
    if (!this.text || Date.now() - this.typedAt < TYPING_EVERY) return;
    this.typedAt = Date.now();
    this.typing();
  }

  refresh() {
    const length = lengthOf(this.text);
    this.button.disabled = !length || length > LONGEST_TEXT;
    this.counter.className = length > LONGEST_TEXT ? "counter over" : "counter";
    this.counter.textContent = length > COUNT_FROM ? this.counted(length) : "";
    this.input.setAttribute("aria-invalid", String(length > LONGEST_TEXT));
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
  }

  counted(length) {
    return length > LONGEST_TEXT ? this.words.over(length - LONGEST_TEXT) : this.words.left(LONGEST_TEXT - length);
  }
}

/** In characters as the service counts them, not in UTF-16 units. */
function lengthOf(text) {
  return text.length > COUNT_FROM ? [...text].length : text.length;
}
