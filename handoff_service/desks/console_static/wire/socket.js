const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15_000];
const PING_MS = 20_000;
const SILENCE_MS = 10_000;
const WELCOME_MS = 10_000;

/**
 * The desk's socket: greets, listens, notices when the line is dead, and comes back by itself.
 *
 * `onState` hears "connecting", "online", "offline" (with the time of the next try, in ms) and "unauthorized";
 * `onFrame` hears every frame from the welcome on.
 */
export class DeskSocket {
  #token;
  #onFrame;
  #onState;
  #socket = null;
  #tries = 0;
  #online = false;
  #stopped = true;
  #timers = { retry: 0, ping: 0, silence: 0 };
  #wake = () => this.#hurry();

  constructor({ token, onFrame, onState }) {
    this.#token = token;
    this.#onFrame = onFrame;
    this.#onState = onState;
  }

  start() {
    this.#stopped = false;
    for (const event of ["online", "pageshow", "focus"]) window.addEventListener(event, this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    for (const event of ["online", "pageshow", "focus"]) window.removeEventListener(event, this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#drop();
  }

  /** Sends a frame if the line is up; nothing sent here is worth keeping for later. */
  send(frame) {
    if (this.#online) this.#socket.send(JSON.stringify(frame));
  }

  retryNow() {
    if (!this.#stopped && !this.#socket) this.#connect();
  }

  #connect() {
    this.#drop();
    this.#onState("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/v1/desk`);
    this.#socket = socket;
    this.#timers.silence = setTimeout(() => this.#lost(), WELCOME_MS);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token: this.#token }));
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = () => this.#lost();
    socket.onerror = () => {};
  }

  #heard(data) {
    clearTimeout(this.#timers.silence);
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.type === "error" && frame.code === "unauthorized") return this.#turnedAway();
    if (frame.type === "welcome") this.#welcomed();
    if (frame.type !== "pong") this.#onFrame(frame);
  }

  #welcomed() {
    this.#tries = 0;
    this.#online = true;
    clearInterval(this.#timers.ping);
    this.#timers.ping = setInterval(() => this.#ping(), PING_MS);
    this.#onState("online");
  }

  #turnedAway() {
    this.stop();
    this.#onState("unauthorized");
  }

  #ping() {
    if (!this.#online) return;
    this.send({ type: "ping" });
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost() {
    this.#drop();
    if (this.#stopped) return;
    const wait = WAITS_MS[Math.min(this.#tries++, WAITS_MS.length - 1)] * (0.75 + Math.random() / 2);
    this.#timers.retry = setTimeout(() => this.#connect(), wait);
    this.#onState("offline", Date.now() + wait);
  }

  /** Back from sleep, another tab or another network: try at once, or prove that the line still lives. */
  #hurry() {
    if (document.visibilityState === "hidden") return;
    if (this.#online) this.#ping();
    else this.retryNow();
  }

  #drop() {
    clearTimeout(this.#timers.retry);
    clearTimeout(this.#timers.silence);
    clearInterval(this.#timers.ping);
    this.#online = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
