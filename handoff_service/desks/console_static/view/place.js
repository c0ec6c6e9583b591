/**
 * The address names the open handoff (`#handoff=…`), so that it can be linked to and found again after a reload; on
 * a phone the way from the list into a conversation is a step back's worth of history.
 */
export function createPlace(app) {
  const inAddress = () => new URLSearchParams(location.hash.slice(1)).get("handoff");
  const address = (id) => (id ? `#handoff=${encodeURIComponent(id)}` : location.pathname + location.search);

  function go(id) {
    if (inAddress() === id) return;
    const fromList = app.isNarrow() && !app.desk.selected;
    if (fromList) history.pushState({ fromList: true }, "", address(id));
    else history.replaceState(history.state, "", address(id));
  }

  /** Steps back to the list if that is where the agent came from; false when there is no such step. */
  function back() {
    if (history.state?.fromList) {
      history.back();
      return true;
    }
    history.replaceState(null, "", address(null));
    return false;
  }

  function moved() {
    const id = inAddress();
    if (id === app.desk.selected) return;
    if (id) app.desk.select(id);
    else app.left();
  }

  /** Opens what the address names. */
  function arrive() {
    const id = inAddress();
    if (id) app.desk.select(id);
  }

  function listen() {
    window.addEventListener("popstate", moved);
    return () => window.removeEventListener("popstate", moved);
  }

  return { go, back, arrive, listen };
}
