import { tab } from "./storage.js";

const TOKEN = "relevo.token";
const OWNED = ["relevo.drafts", "relevo.outbox"];

/** The token of this tab, or null. One in the address (`#token=…`) wins and is taken out of the address bar. */
export function currentToken() {
  const token = tokenInAddress();
  if (token) {
    if (token !== tab.read(TOKEN)) startSession(token);
    history.replaceState(null, "", location.pathname + location.search + addressWithoutToken());
  }
  return tab.read(TOKEN);
}

/** True when somebody pasted a link with a token into a tab that is already open. */
export const tokenInAddress = () => new URLSearchParams(location.hash.slice(1)).get("token");

function addressWithoutToken() {
  const rest = new URLSearchParams(location.hash.slice(1));
  rest.delete("token");
  return rest.size ? `#${rest}` : "";
}

/** Begins as whoever holds `token`; what another person left unsent in this tab is gone. */
export function startSession(token) {
  endSession();
  tab.write(TOKEN, token);
}

export function endSession() {
  tab.remove(TOKEN);
  OWNED.forEach((key) => tab.remove(key));
}
