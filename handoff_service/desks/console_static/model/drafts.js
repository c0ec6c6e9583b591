import { tab } from "../wire/storage.js";

const KEY = "relevo.drafts";
const EMPTY = { reply: "", note: "", mode: null };

/**
 * What is being written, per handoff: a reply and a note side by side, so that what was meant for colleagues can
 * never turn into words for the customer by a change of mode.
 */
export class Drafts {
  #drafts = tab.read(KEY, {});

  of(id) {
    return this.#drafts[id] ?? EMPTY;
  }

  /** Forgets a draft that holds nothing. */
  set(id, change) {
    const draft = { ...this.of(id), ...change };
    if (draft.reply || draft.note || draft.mode) this.#drafts[id] = draft;
    else delete this.#drafts[id];
    tab.write(KEY, this.#drafts);
  }

  /** Switches mode. Words move only from reply to note, and only where no note is begun. */
  switchTo(id, mode) {
    const draft = this.of(id);
    const carries = mode === "note" && draft.mode !== "note" && draft.reply && !draft.note;
    this.set(id, carries ? { mode, note: draft.reply, reply: "" } : { mode });
  }

  hasWords(id) {
    const draft = this.of(id);
    return Boolean(draft.reply.trim() || draft.note.trim());
  }
}
