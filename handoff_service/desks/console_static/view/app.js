import { actionsFor, isQueued } from "../model/rights.js";
import { words } from "../words/words.js";
import { createBanner, createBar } from "./bar.js";
import { createCard } from "./card.js";
import { createConversation } from "./conversation.js";
import { resolveDialog, takeBackDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { explainNotice } from "./explain.js";
import { helpDialog } from "./help.js";
import { listenToKeys } from "./keyboard.js";
import { createPlace } from "./place.js";
import { createQueue } from "./queue.js";
import { readyDialog } from "./ready.js";
import { snoozeDialog } from "./snooze.js";
import { tick } from "./time.js";
import { transferDialog } from "./transfer.js";

const STAFF_EVERY_MS = 60_000;
const NARROW = "(max-width: 719px)";

/**
 * The console of somebody who is signed in: the views, and what the views and the keys can do. Drawing happens once
 * per burst of changes and reads everything anew from the desk.
 */
export class App {
  editing = null;
  cardOpen = false;
  rovingRow = null;
  teamsShown = false;

  #root;
  #drawing = false;
  #ending = [];

  constructor({ root, desk, socket, attention, speak, logout }) {
    this.desk = desk;
    this.socket = socket;
    this.attention = attention;
    this.speak = speak;
    this.logout = logout;
    this.#root = root;
    this.place = createPlace(this);
    this.bar = createBar(this);
    this.banner = createBanner(this);
    this.queue = createQueue(this);
    this.conversation = createConversation(this);
    this.card = createCard(this);
    const panes = h("div", { class: "panes" }, this.queue.element, this.conversation.element, this.card.element);
    root.replaceChildren(this.bar.element, this.banner.element, panes, attention.element);
  }

  start() {
    const looked = () => document.visibilityState === "visible" && this.desk.looked();
    const clock = setInterval(() => (tick(this.#root), this.banner.tick()), 1000);
    const staff = setInterval(() => document.visibilityState === "visible" && this.desk.staff.refresh(), STAFF_EVERY_MS);
    document.addEventListener("visibilitychange", looked);
    this.#ending = [listenToKeys(this), this.place.listen(), () => clearInterval(clock), () => clearInterval(staff), () => document.removeEventListener("visibilitychange", looked)];
    this.place.arrive();
    this.draw();
  }

  stop() {
    this.#ending.forEach((end) => end());
    this.#ending = [];
    document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
  }

  /** Draws soon, once, however often it is asked. */
  draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.#drawNow();
    });
  }

  #drawNow() {
    const { current } = this.desk;
    this.#root.dataset.view = current ? "conversation" : "list";
    this.#root.dataset.card = this.cardOpen && current ? "open" : "closed";
    for (const view of [this.bar, this.banner, this.queue, this.conversation, this.card]) view.draw();
    this.attention.title(this.desk);
  }

  isNarrow() {
    return matchMedia(NARROW).matches;
  }

  // ---- moving about ----------------------------------------------------------------------------

  /** Shows a handoff; on a phone the focus goes along, since the list disappears. */
  open(id) {
    this.editing = null;
    this.cardOpen = false;
    this.place.go(id);
    this.desk.select(id);
    if (!this.isNarrow()) return;
    this.#drawNow();
    this.conversation.focusHeader();
  }

  /** Back to the list. */
  close() {
    if (!this.place.back()) this.left();
  }

  left() {
    const id = this.desk.selected;
    this.cardOpen = false;
    this.desk.select(null);
    this.#drawNow();
    this.queue.focusRow(id);
  }

  move(step) {
    const shown = this.queue.shown();
    if (!shown.length) return;
    const at = shown.indexOf(this.isNarrow() ? document.activeElement?.closest(".row")?.dataset.handoff : this.desk.selected);
    const next = at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, at + step));
    if (!this.isNarrow() && shown[next] !== this.desk.selected) this.open(shown[next]);
    this.#drawNow();
    this.queue.focusRow(shown[next]);
  }

  search() {
    this.queue.focusSearch();
  }

  filterTeam() {
    this.queue.focusTeams();
  }

  focusConversation() {
    if (this.desk.current) this.conversation.focusHeader();
    else this.conversation.element.focus();
  }

  leaveWriting() {
    if (this.isNarrow()) document.activeElement?.blur();
    else this.queue.focusRow(this.desk.selected);
  }

  /** Where the card stands beside the conversation anyway, the keyboard goes into it. */
  showCard() {
    if (this.card.isOverlay()) this.toggleCard();
    else this.card.focusContent();
  }

  toggleCard(open = !this.cardOpen) {
    this.cardOpen = open;
    this.#drawNow();
    if (open) this.card.focus();
    else this.conversation.focusHeader();
  }

  // ---- doing -----------------------------------------------------------------------------------

  can(action) {
    const { current, me } = this.desk;
    return Boolean(current) && actionsFor(current, me).includes(action);
  }

  /** What the agent thinks of the handoff's timing. */
  judge(id, verdict) {
    this.#act(id, "verdict", { verdict });
  }

  /** Done, whichever handoff it was promised in; a refusal is told where the agent looks. */
  async keepPromise(id) {
    const { current } = this.desk;
    const done = await this.desk.act(id, "promise/kept");
    const notice = this.desk.notices.get(id);
    if (!done && notice && id !== current.id) {
      this.desk.notices.delete(id);
      this.desk.notices.set(current.id, notice);
    }
    await this.desk.read(current.id);
  }

  /** By number, in the order of the card. Nobody can say before it was taken. */
  judgeBy(number) {
    const { current } = this.desk;
    const verdict = Object.keys(words().verdicts)[number - 1];
    if (current && !isQueued(current)) this.judge(current.id, verdict);
  }

  /** Available, or away: what somebody says of themselves. */
  async switchAvailability() {
    const { me, staff } = this.desk;
    const wanted = staff.isAvailable(me.name) ? "away" : "available";
    const done = await staff.say(me.name, wanted);
    this.attention.say(done ? words().availability.now[wanted] : words().availability.failed);
  }

  run(action) {
    const { current } = this.desk;
    if (action === "claim") this.claim(current.id);
    else if (action === "resolve") this.dialogs.resolve(current);
    else if (action === "transfer") this.dialogs.transfer(current);
    else if (action === "ready") this.dialogs.ready(current);
    else if (action === "snooze") this.dialogs.snooze(current);
    else if (action === "reopen") this.#take(current.id, "reopen");
    else this.#act(current.id, action);
  }

  /** What is suggested, as it stands. */
  sendSuggestion() {
    const suggestion = this.conversation.suggestion();
    if (!suggestion?.text) return;
    this.desk.send(this.desk.selected, "reply", suggestion.text);
    this.write("reply");
  }

  /** What is suggested, to be touched up first. */
  editSuggestion() {
    const suggestion = this.conversation.suggestion();
    if (suggestion?.text) this.#putIn(this.desk.selected, suggestion.text);
  }

  giveBack() {
    if (this.conversation.suggestion()?.offers_return) this.run("give-back");
  }

  /** Behind what is being written to the customer. */
  #putIn(id, text) {
    const begun = this.desk.drafts.of(id).reply.trim();
    this.desk.drafts.set(id, { mode: "reply", reply: [begun, text].filter(Boolean).join("\n") });
    this.write("reply");
  }

  async claim(id) {
    if (this.desk.selected !== id) this.open(id);
    await this.#take(id, "claim");
  }

  /** Once it is theirs, the agent can just type. */
  async #take(id, action) {
    if ((await this.#act(id, action)) && this.desk.selected === id) this.write("reply");
  }

  async #act(id, action, body) {
    const done = await this.desk.act(id, action, body);
    this.#drawNow();
    if (document.activeElement === document.body && this.desk.selected === id) this.conversation.focusHeader();
    return done;
  }

  write(mode) {
    if (this.desk.current) this.conversation.write(mode);
  }

  /** Takes what could not be sent back into the field, behind what stands there already. */
  rewrite({ id, handoffId, kind, text }) {
    this.desk.outbox.discard(id);
    const words_ = this.desk.drafts.of(handoffId)[kind];
    this.desk.drafts.set(handoffId, { mode: kind, [kind]: [words_, text].filter(Boolean).join("\n") });
    this.draw();
    this.conversation.focusComposer();
  }

  /** Opens a message of mine for correction (`{id, seq}`), or closes it (null) and goes back to where that began. */
  edit(editing, seq = editing.seq) {
    this.editing = editing;
    this.#drawNow();
    const mark = editing ? "editor" : `edit-${seq}`;
    const target = this.#root.querySelector(`[data-focus="${mark}"]`);
    target?.focus();
    if (editing) target?.setSelectionRange(target.value.length, target.value.length);
  }

  dialogs = {
    resolve: (handoff) => {
      const messages = this.desk.transcripts.of(handoff.id).messages;
      resolveDialog(handoff, messages, (body, tell) => this.#tellFailure(handoff.id, this.#act(handoff.id, "resolve", body), tell));
    },
    transfer: (handoff) => {
      transferDialog(handoff, this.desk, (body, note, tell) => this.#tellFailure(handoff.id, this.#transfer(handoff.id, body, note), tell));
    },
    ready: (handoff) => readyDialog(handoff, {
      load: () => this.desk.ready(handoff.id),
      send: (text) => (this.desk.send(handoff.id, "reply", text), this.write("reply")),
      edit: (text) => this.#putIn(handoff.id, text),
    }),
    snooze: (handoff) => snoozeDialog(handoff, (body, tell) => this.#tellFailure(handoff.id, this.#act(handoff.id, "snooze", body), tell)),
    takeBack: (handoff, message) =>
      takeBackDialog(message, (tell) => this.#tellFailure(handoff.id, this.desk.remove(handoff.id, message.seq), tell)),
    help: () => helpDialog(),
  };

  #noted = new Map();

  /** The note first, so that whoever goes on finds it; tried again after a failure, it is not written twice. */
  async #transfer(id, body, note) {
    if (note && this.#noted.get(id) !== note) {
      if (!(await this.desk.addNote(id, note))) return false;
      this.#noted.set(id, note);
    }
    const done = await this.#act(id, "transfer", body);
    if (done) this.#noted.delete(id);
    return done;
  }

  /** In a dialog the reason for a failure stands in the dialog, not behind it. */
  async #tellFailure(id, work, tell) {
    if (await work) return true;
    const notice = this.desk.notices.get(id);
    const kept = this.#noted.has(id) ? words().transfer.noteKept : "";
    if (notice) tell(`${explainNotice(notice)} ${kept}`.trim());
    this.desk.dismiss(id);
    return false;
  }
}
