/** A customer's phone, since nobody's rings in the demo: it shows the text messages that the operator "sent". */
const DemoPhone = (() => {
  "use strict";

  const EVERY_MS = 2000;
  const MOST_SHOWN = 3;
  const byId = (id) => document.getElementById(id);
  let newest = 0;
  let closedAt = 0;

  async function sentTexts() {
    try {
      const answer = await fetch("/demo/texts");
      return answer.ok ? (await answer.json()).texts : null;
    } catch {
      return null;
    }
  }

  function entry({ to, text, sent_at: sentAt }, language) {
    const item = document.createElement("li");
    const head = document.createElement("p");
    const body = document.createElement("p");
    const time = new Date(sentAt * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
    head.className = "head";
    head.textContent = `${to} · ${time}`;
    body.textContent = text;
    item.append(head, body);
    return item;
  }

  function show(texts, language) {
    const last = texts.length ? texts[0].sent_at : 0;
    if (last !== newest) byId("phone-texts").replaceChildren(...texts.slice(0, MOST_SHOWN).map((text) => entry(text, language)));
    newest = last;
    byId("phone").hidden = last <= closedAt;
  }

  async function look(language) {
    const texts = document.hidden ? null : await sentTexts();
    if (texts) show(texts, language);
    setTimeout(look, EVERY_MS, language);
  }

  /** Shows texts from now on; `language` is how times are written. */
  function begin(language) {
    byId("phone-close").addEventListener("click", () => {
      closedAt = newest;
      byId("phone").hidden = true;
    });
    look(language);
  }

  return { begin };
})();
