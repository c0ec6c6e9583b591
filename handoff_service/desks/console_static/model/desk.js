import { Refused, Unreachable } from "../wire/api.js";
import { Drafts } from "./drafts.js";
import { browser } from "../wire/storage.js";
import { Outbox } from "./outbox.js";
import { lastEndedFirst, sections } from "./queue.js";
import { isMine, isOpen, writerOf } from "./rights.js";
import { Staff } from "./staff.js";
import { PAGE, Transcripts } from "./transcripts.js";
import { Typing } from "./typing.js";

const CLOSED_SHOWN = 50;
const ORDER_DELAY_MS = 400;
const TEAM = "relevo.team";

/**
 * All that the console knows, and the only place that changes it. Views read it and redraw when `onChange` calls;
 * `onEvent` hears what deserves somebody's attention: `{type: "arrived" | "transferred" | "said", handoff, message}`.
 */
export class Desk {
  me = { name: "", role: "agent" };
  handoffs = new Map();
  selected = null;
  unread = new Map();
  notices = new Map();
  connection = { state: "connecting", retryAt: null };
  welcomed = false;
  closedLoaded = false;
  transcripts = new Transcripts();
  drafts = new Drafts();

  #api;
  #onChange;
  #onEvent;
  #team = browser.read(TEAM);
  #order = [];
  #orderTimer = 0;
  #acting = new Map();
  #changes = new Map();

  constructor({ api, onChange, onEvent }) {
    this.#api = api;
    this.#onChange = onChange;
    this.#onEvent = onEvent;
    this.typing = new Typing(onChange);
    this.staff = new Staff({ api, onChange });
    this.outbox = new Outbox({ deliver: (item) => this.#deliver(item), onChange });
  }

  get current() {
    return this.handoffs.get(this.selected) ?? null;
  }

  get sections() {
    return sections(this.handoffs, this.#order, this.me, this.team);
  }

  /** The same whatever team is chosen. */
  get everything() {
    return sections(this.handoffs, this.#order, this.me);
  }

  /** All teams there are, and those that still have handoffs. */
  get teams() {
    return [...new Set([...this.staff.teams, ...[...this.handoffs.values()].map((handoff) => handoff.team)])].sort();
  }

  /** The only team that is listed, or null for all of them. What I hold is always listed. */
  get team() {
    return this.teams.includes(this.#team) ? this.#team : null;
  }

  set team(name) {
    this.#team = name;
    browser.write(TEAM, name);
    this.#onChange();
  }

  /** The action under way for this handoff, or null. */
  actingOn(id) {
    return this.#acting.get(id)?.action ?? null;
  }

  /** How often something was heard of this handoff. */
  #changesOf(id) {
    return this.#changes.get(id) ?? 0;
  }

  // ---- what the service says -------------------------------------------------------------------

  hear(frame) {
    if (frame.type === "welcome") this.#welcome(frame);
    else if (frame.type === "handoff") this.#hearHandoff(frame.handoff);
    else if (frame.type === "typing" && frame.author === "customer") this.typing.sign(frame.handoff_id);
    else if (["message", "edited", "deleted"].includes(frame.type)) this.#hearMessage(frame);
    this.#onChange();
  }

  #welcome(frame) {
    this.me = frame.agent;
    this.typing.stopAll();
    this.transcripts.doubt();
    for (const [id, handoff] of this.handoffs) {
      if (isOpen(handoff) && id !== this.selected) this.handoffs.delete(id);
    }
    frame.handoffs.forEach((handoff) => this.handoffs.set(handoff.id, handoff));
    this.#order = frame.handoffs.filter((handoff) => handoff.status === "queued").map((handoff) => handoff.id);
    this.welcomed = true;
    this.outbox.retryFailed();
    if (this.selected) this.read(this.selected);
    this.staff.refresh();
    this.#loadClosed();
  }

  #hearHandoff(handoff) {
    const { id } = handoff;
    const before = this.handoffs.get(id);
    this.handoffs.set(id, { ...before, ...handoff });
    this.#changes.set(id, this.#changesOf(id) + 1);
    const mine = isMine(handoff, this.me);
    if (!mine) this.unread.delete(id);
    if (handoff.status === "queued" && before?.status !== "queued") this.#askOrder();
    if (this.#acting.has(id)) return;
    if (handoff.status === "queued" && before?.status !== "queued") this.#arrived(handoff, before);
    const held = before?.status === "assigned" && !isMine(before, this.me);
    if (mine && held) this.#onEvent({ type: "transferred", handoff });
  }

  /** Who falls silent counts as away, and loses what they held: then the service knows more about me than I do. */
  #arrived(handoff, before) {
    if (before && isMine(before, this.me)) this.staff.refresh();
    if ([null, handoff.team].includes(this.team)) this.#onEvent({ type: "arrived", handoff });
  }

  #hearMessage(frame) {
    const { handoff_id: id, message } = frame;
    const { isNew, doubtful } = this.transcripts.hear(id, frame);
    if (doubtful && id === this.selected) this.read(id);
    if (!message) return;
    if (writerOf(message) === this.me.name) this.outbox.settle(id, [message]);
    if (message.author === "customer") this.typing.stop(id);
    if (isNew) this.#noticeNew(id, message);
  }

  #noticeNew(id, message) {
    const handoff = this.handoffs.get(id);
    if (!handoff || ["note", "system"].includes(message.author)) return;
    const { author, text, sent_at } = message;
    this.handoffs.set(id, { ...handoff, last_message: { author, text, sent_at } });
    if (author !== "customer") return;
    const watched = id === this.selected && document.visibilityState === "visible";
    if (isMine(handoff, this.me) && !watched) this.unread.set(id, (this.unread.get(id) ?? 0) + 1);
    this.#onEvent({ type: "said", handoff, message });
  }

  // ---- reading ---------------------------------------------------------------------------------

  select(id) {
    const isOther = id && id !== this.selected;
    if (isOther) this.transcripts.leave(id);
    this.selected = id;
    this.unread.delete(id);
    if (id) this.read(id, isOther ? PAGE : undefined);
    this.#onChange();
  }

  /** The agent looks at the selected conversation (again). */
  looked() {
    if (this.unread.delete(this.selected)) this.#onChange();
  }

  /**
   * Reads the handoff and the newest `last` of its transcript anew. True when that succeeded. What was heard of the handoff meanwhile is
   * newer than the answer, which may have been overtaken.
   */
  async read(id, last = this.transcripts.wantedOf(id)) {
    const changes = this.#changesOf(id);
    const reading = this.transcripts.read(id, () => this.#api.read(id, { last }));
    this.#onChange();
    try {
      const { messages, has_earlier: _, ...handoff } = await reading;
      const known = this.handoffs.get(id);
      this.handoffs.set(id, this.#changesOf(id) === changes ? { ...known, ...handoff } : { ...handoff, ...known });
      this.outbox.settle(id, messages.filter((message) => writerOf(message) === this.me.name));
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) this.handoffs.delete(id);
      return false;
    } finally {
      this.#onChange();
    }
  }

  /** Brings the page before what is here of this transcript: how many messages came, or null when that failed. */
  async readEarlier(id) {
    const reading = this.transcripts.readEarlier(id, (before) => this.#api.read(id, { last: PAGE, before }));
    this.#onChange();
    const count = await reading.catch(() => null);
    this.#onChange();
    return count;
  }

  /** A new arrival may belong anywhere in the queue: the service is asked, once for a burst of them. */
  #askOrder() {
    this.#orderTimer ||= setTimeout(async () => {
      this.#orderTimer = 0;
      const answer = await this.#api.list("queued").catch(() => null);
      if (!answer) return;
      this.#order = answer.handoffs.map((handoff) => handoff.id);
      this.#onChange();
    }, ORDER_DELAY_MS);
  }

  async #loadClosed() {
    const ask = (status) => this.#api.list(status, CLOSED_SHOWN).catch(() => ({ handoffs: [] }));
    const answers = await Promise.all([ask("resolved"), ask("abandoned")]);
    const newest = answers.flatMap((answer) => answer.handoffs).sort(lastEndedFirst).slice(0, CLOSED_SHOWN);
    for (const handoff of newest) {
      const known = this.handoffs.get(handoff.id);
      if (!known || !isOpen(known)) this.handoffs.set(handoff.id, handoff);
    }
    this.closedLoaded = true;
    this.#onChange();
  }

  // ---- what the agent does ---------------------------------------------------------------------

  /**
   * claim, release, transfer, resolve, snooze, wake, give-back or reopen, after what is under way for this handoff; pressed twice it happens
   * once. True when it happened; else a notice of the handoff says why.
   */
  async act(id, action, body) {
    for (let busy; (busy = this.#acting.get(id)); await busy.done) {
      if (busy.action === action && !body) return false;
    }
    const done = this.#attempt(id, action, async () => {
      const answer = await this.#api.act(id, action, body);
      const handoff = answer?.handoff ?? answer;
      if (handoff?.id === id && handoff.status) this.#hearHandoff(handoff);
      else await this.read(id);
    });
    this.#acting.set(id, { action, done: done.catch(() => false) });
    try {
      return await done;
    } finally {
      this.#acting.delete(id);
      this.#onChange();
    }
  }

  /** The ready replies that fit this handoff; throws what the service or the line says. */
  async ready(id) {
    return (await this.#api.ready(id)).canned;
  }

  /** Puts words on their way: `kind` is "reply" or "note". */
  send(id, kind, text) {
    this.outbox.add(id, kind, text);
  }

  /** Adds a note and waits for it. True when it is stored. */
  addNote(id, text) {
    return this.#attempt(id, "note", async () => this.#stored(id, await this.#api.note(id, text), "note"));
  }

  /** True when the service took the correction. */
  edit(id, seq, text) {
    return this.#attempt(id, "edit", async () => {
      await this.#api.edit(id, seq, text);
      this.#hearMessage({ type: "edited", handoff_id: id, seq, text });
    });
  }

  /** True when the service took the message back. */
  remove(id, seq) {
    return this.#attempt(id, "delete", async () => {
      await this.#api.remove(id, seq);
      this.#hearMessage({ type: "deleted", handoff_id: id, seq });
    });
  }

  dismiss(id) {
    if (this.notices.delete(id)) this.#onChange();
  }

  async #attempt(id, what, work) {
    this.notices.delete(id);
    this.#onChange();
    try {
      await work();
      return true;
    } catch (error) {
      const refused = error instanceof Refused;
      if (!refused && !(error instanceof Unreachable)) throw error;
      this.notices.set(id, { what, refused, status: error.status, body: error.body });
      if (refused) this.read(id);
      return false;
    } finally {
      this.#onChange();
    }
  }

  async #deliver(item) {
    const { handoffId: id, kind, text } = item;
    try {
      if (kind === "note") return await this.#deliverNote(item);
      return this.#stored(id, await this.#api.reply(id, text, item.id), "agent");
    } catch (error) {
      if (error instanceof Refused) this.read(id);
      throw error;
    }
  }

  /** Notes carry no id of ours: before one is tried again, the transcript tells whether it is there already. */
  async #deliverNote(item) {
    const id = item.handoffId;
    if (item.again) {
      if (!(await this.read(id))) throw new Unreachable();
      if (!this.outbox.of(id).includes(item)) return null;
    }
    return this.#stored(id, await this.#api.note(id, item.text), "note");
  }

  /** Puts what the service stored into the transcript; where it did not tell, the transcript is read again. */
  #stored(id, answer, author) {
    const message = answer?.message ?? answer;
    if (message?.text && message.sent_at) {
      this.#hearMessage({ type: "message", handoff_id: id, message: { author, ...message } });
    } else this.read(id);
    return message;
  }
}
