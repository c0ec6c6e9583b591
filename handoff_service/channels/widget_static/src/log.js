/** The conversation as it is read. It stays at its end, whatever grows or shrinks, until the reader scrolls up. */

const END_WITHIN = 48;

class Log {
  constructor(words, base, actions) {
    this.rows = new Map();
    this.builder = new RowBuilder(words, base, actions);
    this.isAtEnd = true;
    this.lastTop = 0;
    this.intro = introduction(words, actions);
    this.list = element("div", { class: "rows" });
    this.scroller = element(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": words.log, tabindex: "0" },
      this.intro,
      this.list,
    );
    this.newer = textButton(words.newer, { class: "newer", hidden: true, onclick: () => this.toEnd() });
    this.newer.prepend(icon("down"));
    this.node = element("div", { class: "conversation" }, this.scroller, this.newer);
    this.scroller.addEventListener("scroll", () => this.noticeScroll());
    const observer = new ResizeObserver(() => this.isAtEnd && this.toEnd());
    observer.observe(this.scroller);
    observer.observe(this.list);
  }

  render(rows, isEmpty) {
    if (!isEmpty) this.intro.remove();
    else if (!this.intro.parentNode) this.scroller.prepend(this.intro);
    this.removeOutdated(rows);
    let next = this.list.firstChild;
    for (const row of rows) {
      const node = this.rows.get(row.key)?.node || this.remember(row);
      if (node === next) next = next.nextSibling;
      else this.list.insertBefore(node, next);
    }
    if (this.isAtEnd) this.toEnd();
  }

  removeOutdated(rows) {
    const wanted = new Map(rows.map((row) => [row.key, JSON.stringify(row)]));
    for (const [key, { node, signature }] of this.rows) {
      if (wanted.get(key) === signature) continue;
      node.remove();
      this.rows.delete(key);
    }
  }

  remember(row) {
    const node = this.builder.build(row);
    this.rows.set(row.key, { node, signature: JSON.stringify(row) });
    return node;
  }

  /** Somebody else has written something new. */
  incoming() {
    if (!this.isAtEnd) this.newer.hidden = false;
  }

  noticeScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (!clientHeight) return;
    const isNearEnd = scrollHeight - scrollTop - clientHeight < END_WITHIN;
    const wentUp = scrollTop < this.lastTop - 1;
    if (isNearEnd) this.isAtEnd = true;
    else if (wentUp) this.isAtEnd = false;
    if (this.isAtEnd) this.newer.hidden = true;
    this.lastTop = scrollTop;
  }

  toEnd() {
    this.isAtEnd = true;
    this.newer.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
  }
}

function introduction(words, actions) {
  const ask = (text) => () => actions.press({ title: text });
  return element(
    "div",
    { class: "intro" },
    element("span", { class: "avatar", "aria-hidden": "true" }, icon("assistant")),
    element("h3", null, words.introTitle),
    element("p", null, words.introText),
    element("div", { class: "replies" }, ...words.starters.map((text) => textButton(text, { onclick: ask(text) }))),
  );
}
