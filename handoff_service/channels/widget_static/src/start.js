/** Puts the chat on the page, once, and offers the page a small handle to it. */

function start() {
  if (window.Relevo) return;
  const settings = readSettings();
  const ready = new Promise((resolve) => {
    const begin = () => resolve(new Chat(settings));
    if (document.body) begin();
    else document.addEventListener("DOMContentLoaded", begin, { once: true });
  });
  const later = (act) => (argument) => void ready.then((chat) => act(chat, argument));
  window.Relevo = Object.freeze({
    open: later((chat) => chat.panel.open()),
    close: later((chat) => chat.panel.close()),
    identify: later((chat, identity) => (identity ? chat.identify(String(identity)) : chat.logOut())),
    logout: later((chat) => chat.logOut()),
  });
}

start();
