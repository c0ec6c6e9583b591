import { heardDate } from "./clock.js";

const PATIENCE_MS = 15_000;

/** The service understood and said no: `status` and what it told in `body`. Asking again would not help. */
export class Refused extends Error {
  constructor(status, body) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body ?? {};
  }
}

/** No usable answer: it may have happened or not, so only what is idempotent may be tried again blindly. */
export class Unreachable extends Error {
  constructor(status = 0) {
    super("no usable answer");
    this.status = status;
  }
}

/**
 * The agents' API, as whoever holds `token`. Every call resolves to parsed JSON or throws one of the two above;
 * `onUnauthorized` hears that the token no longer counts.
 */
export function createApi(token, onUnauthorized) {
  const ask = async (...what) => {
    try {
      return await request(token, ...what);
    } catch (error) {
      if (error.status === 401) onUnauthorized();
      throw error;
    }
  };
  const call = (method, path, body) => ask(method, `/v1/handoffs${path}`, body);
  const of = (id, rest = "") => `/${encodeURIComponent(id)}${rest}`;
  return {
    list: (status, limit) => call("GET", `?status=${status}${limit ? `&limit=${limit}` : ""}`),
    read: (id, part) => call("GET", of(id, `?${new URLSearchParams(part)}`)),
    act: (id, action, body) => (action === "wake" ? call("DELETE", of(id, "/snooze")) : call("POST", of(id, `/${action}`), body ?? {})),
    ready: (id) => call("GET", of(id, "/canned")),
    reply: (id, text, clientId) => call("POST", of(id, "/messages"), { text, id: clientId }),
    note: (id, text) => call("POST", of(id, "/notes"), { text }),
    edit: (id, seq, text) => call("PATCH", of(id, `/messages/${seq}`), { text }),
    directory: () => ask("GET", "/v1/agents"),
    changeAgent: (name, change) => ask("PATCH", `/v1/agents/${encodeURIComponent(name)}`, change),
    remove: (id, seq) => call("DELETE", of(id, `/messages/${seq}`)),
  };
}

async function request(token, method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Unreachable();
  }
  heardDate(response.headers.get("Date"));
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status >= 500 || response.status === 408) throw new Unreachable(response.status);
  throw new Refused(response.status, answer);
}
