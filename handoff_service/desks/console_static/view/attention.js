import { browser } from "../wire/storage.js";
import { called, words } from "../words/words.js";
import { h } from "./dom.js";
import { nameOf } from "./pieces.js";

const SOUND = "relevo.sound";
const NOTES = [[660, 0], [880, 0.14]];
const SAID_FOR_MS = 4000;

/** Draws attention without shouting: the tab's title, words for screen readers, and, if wanted, a soft sound. */
export class Attention {
  soundOn = browser.read(SOUND, false);
  element = h("div", { class: "visually-hidden", "aria-live": "polite", "aria-relevant": "additions", data: { testid: "announcer" } });
  #audio = null;

  toggleSound() {
    this.soundOn = !this.soundOn;
    browser.write(SOUND, this.soundOn);
    if (this.soundOn) this.#play();
  }

  /** The number of those who need somebody: waiting, and mine with something unread. */
  title(desk) {
    const { waiting, mine } = desk.sections;
    const count = waiting.length + mine.filter((handoff) => desk.unread.has(handoff.id)).length;
    const title = words().documentTitle;
    document.title = count ? `(${count}) ${title}` : title;
  }

  hear({ type, handoff, message }, desk) {
    const { queue, conversation } = words();
    if (type === "arrived") this.#call(queue.arrived(nameOf(handoff), called("reasons", handoff.reason)));
    if (type === "transferred") this.#call(queue.transferred(nameOf(handoff)));
    if (type === "said" && handoff.id === desk.selected) this.say(conversation.customerSaid(nameOf(handoff), message.text));
    else if (type === "said" && desk.unread.has(handoff.id)) this.#play();
  }

  say(text) {
    const line = h("p", {}, text);
    this.element.append(line);
    setTimeout(() => line.remove(), SAID_FOR_MS);
  }

  #call(text) {
    this.say(text);
    this.#play();
  }

  /** Two soft notes; silence where the browser does not allow sound. */
  #play() {
    if (!this.soundOn) return;
    try {
      this.#audio ??= new AudioContext();
      NOTES.forEach(([pitch, delay]) => playNote(this.#audio, pitch, delay));
    } catch {
      // No sound device: the title and the list still tell.
    }
  }
}

function playNote(audio, pitch, delay) {
  const start = audio.currentTime + delay;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.06, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.4);
}
