/** How one line of the conversation looks. A row says everything that can be seen, so equal rows need no new node. */

const FAILURES = Object.fromEntries(
  ["too_long", "file_refused", "file_too_many_dots", "file_too_many", "file_no_room"].map((name) => [name, name]),
);
const GROUP_WITHIN = 5 * 60 * 1000;

/** The conversation as rows: days, messages, the buttons that can be pressed, and who is typing. */
function rowsOf({ messages, pending, typing, hideReplies }, words) {
  const rows = [];
  let previous = null;
  for (const message of [...messages, ...pending]) {
    const at = momentOf(message);
    const newDay = !previous || previous.at.toDateString() !== at.toDateString();
    if (newDay) rows.push({ key: `day:${at.toDateString()}`, kind: "day", text: words.day(at) });
    const row = messageRow(message, at, words);
    row.starts = newDay || !continues(previous, row, at);
    if (previous && !row.starts) previous.row.ends = false;
    rows.push(row);
    previous = { row, at };
  }
  markAsSent(rows, pending);
  const active = pending.length ? null : messageWithActiveButtons(messages);
  const isShown = (button) => !isPauseButton(button) && !(hideReplies && isQueueButton(button));
  const buttons = (active?.buttons || []).filter(isShown);
  if (buttons.length) rows.push({ key: `replies:${active.seq}`, kind: "replies", buttons });
  if (typing)
    rows.push({ key: "typing", kind: "typing", author: typing.author, who: words.speaker(typing.author, typing.name) });
  return rows;
}

function messageRow(message, at, words) {
  const author = ["customer", "assistant", "agent"].includes(message.author) ? message.author : "system";
  return {
    key: message.id ? `id:${message.id}` : `seq:${message.seq}`,
    kind: "message",
    id: message.id,
    author,
    who: words.speaker(author, message.name),
    initial: [...(message.name || "")][0],
    text: typeof message.text === "string" ? message.text : "",
    attachments: message.attachments || [],
    time: words.time(at),
    iso: at.toISOString(),
    edited: Boolean(message.edited) && message.author !== "system", // the queue's figures are kept true, not corrected
    deleted: Boolean(message.deleted),
    status: message.status,
    failed: message.failed,
    ends: true,
  };
}

function momentOf(message) {
  const at = new Date(message.sent_at || message.at);
  return Number.isNaN(at.getTime()) ? new Date() : at;
}

function continues(previous, row, at) {
  const before = previous.row;
  return (
    before.author === row.author && before.who === row.who && row.author !== "system" && at - previous.at < GROUP_WITHIN
  );
}

/** The customer's last word carries the tick that it has arrived. */
function markAsSent(rows, pending) {
  const last = rows[rows.length - 1];
  if (!pending.length && last?.author === "customer" && !last.deleted) last.status = "sent";
}

function isQueueButton(button) {
  return typeof button.payload === "string" && button.payload.startsWith("queue.");
}

/** Those of a pause stand in the banner while it holds, and mean nothing after it. */
function isPauseButton(button) {
  return typeof button.payload === "string" && button.payload.startsWith("pause.");
}

class RowBuilder {
  constructor(words, base, actions) {
    Object.assign(this, { words, base, actions });
  }

  build(row) {
    const build = { day: this.day, message: this.message, replies: this.replies, typing: this.typing }[row.kind];
    return build.call(this, row);
  }

  day({ text }) {
    return element("div", { class: "day" }, element("span", null, text));
  }

  message(row) {
    const shape = [row.author, row.starts && "starts", row.ends && "ends", row.status].filter(Boolean).join(" ");
    return element(
      "div",
      { class: `message ${shape}` },
      row.starts && avatar(row),
      this.who(row),
      this.bubble(row),
      ...(row.deleted ? [] : row.attachments.map((attachment) => this.attachment(attachment))),
      this.footer(row),
    );
  }

  /** Said before each message to those who listen; shown once for messages that belong together. */
  who(row) {
    const time = row.author === "system" && element("time", { datetime: row.iso }, ` · ${row.time}`);
    return element(
      "p",
      { class: row.starts && row.author !== "customer" ? "who" : "who unseen" },
      row.who,
      time,
      element("span", { class: "unseen" }, ": "),
    );
  }

  bubble(row) {
    if (row.deleted) return element("p", { class: "bubble deleted" }, this.words.deleted);
    return row.text ? element("p", { class: "bubble" }, ...linkified(row.text)) : null;
  }

  footer(row) {
    const status = this.words[row.failed ? FAILURES[row.failed] || "failed" : row.status];
    if ((!row.ends || row.author === "system") && !row.edited && !status) return null;
    return element(
      "div",
      { class: "footer" },
      element("time", { datetime: row.iso }, row.time),
      row.edited && !row.deleted && element("span", { class: "edited" }, this.words.edited),
      status && element("span", { class: "status" }, status),
      ...(row.failed ? this.rescue(row) : []),
    );
  }

  rescue({ id, failed }) {
    const again =
      failed === "too_long"
        ? textButton(this.words.edit, { onclick: () => this.actions.edit(id) })
        : textButton(this.words.retry, { onclick: () => this.actions.retry(id) });
    return [again, textButton(this.words.discard, { onclick: () => this.actions.discard(id) })];
  }

  attachment({ name, url, mime }) {
    const href = webAddress(url, this.base);
    const label = typeof name === "string" && name ? name : this.words.attachment;
    if (!href) return element("span", { class: "file" }, icon("file"), label);
    if (/^image\/(png|jpe?g|gif|webp|avif)$/.test(mime)) {
      const link = externalLink(href, element("img", { src: href, alt: label, loading: "lazy" }));
      link.className = "image";
      return link;
    }
    const link = externalLink(
      href,
      icon("file"),
      label,
      element("span", { class: "unseen" }, ` (${this.words.newWindow})`),
    );
    link.className = "file";
    return link;
  }

  replies({ buttons }) {
    const press = (button) => () => this.actions.press(button);
    return element(
      "div",
      { class: "replies", role: "group", "aria-label": this.words.replies },
      ...buttons.map((button) => textButton(String(button.title), { onclick: press(button) })),
    );
  }

  typing(row) {
    const dots = element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
    return element(
      "div",
      { class: `typing message ${row.author}` },
      element("p", { class: "bubble" }, dots, this.words.typing(row.who)),
    );
  }
}

function avatar({ author, initial }) {
  if (author !== "assistant" && author !== "agent") return null;
  return element(
    "span",
    { class: "avatar", "aria-hidden": "true" },
    author === "agent" && initial ? initial : icon("assistant"),
  );
}
