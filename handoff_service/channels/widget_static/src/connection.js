/** One socket to the service, opened again whenever it is lost, and watched from both ends. */

const PING_EVERY = 20000;
const PONG_WITHIN = 10000;
const PONG_WITHIN_ON_WAKING = 4000;
const WELCOME_WITHIN = 10000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 8000;
const LONGEST_DELAY_UNSEEN = 30000;
const SPREAD_WHEN_UNSEEN = 5000;

class Connection {
  /** `owner` offers `greeting()`, `received(frame)`, `connectionChanged()` and `isSeen`. */
  constructor(url, owner) {
    this.url = url;
    this.owner = owner;
    this.wanted = false;
    this.ready = false;
    this.failures = 0;
    this.socket = null;
    this.watchPage();
  }

  open() {
    this.wanted = true;
    if (!this.socket && !this.retryTimer) this.connect();
  }

  close() {
    this.wanted = false;
    this.drop();
  }

  restart() {
    this.drop();
    this.wanted = true;
    this.connect();
  }

  /** Starts over after a while, longer each time; not before `seconds` if given. */
  retryLater(seconds = 0) {
    this.drop();
    if (this.wanted) this.retryTimer = setTimeout(() => this.connect(), Math.max(this.nextDelay(), seconds * 1000));
    this.owner.connectionChanged();
  }

  send(frame) {
    if (!this.ready) return false;
    this.post(frame);
    return true;
  }

  greet() {
    this.post({ type: "hello", ...this.owner.greeting() });
    this.expectSignWithin(WELCOME_WITHIN);
  }

  connect() {
    this.drop();
    let socket;
    try {
      socket = new WebSocket(this.url);
    } catch {
      this.retryLater();
      return;
    }
    this.socket = socket;
    const ifCurrent = (then) => (event) => this.socket === socket && then(event);
    socket.onopen = ifCurrent(() => this.greet());
    socket.onmessage = ifCurrent((event) => this.receive(event.data));
    socket.onclose = ifCurrent(() => this.retryLater());
    this.expectSignWithin(WELCOME_WITHIN);
  }

  drop() {
    clearTimeout(this.retryTimer);
    clearTimeout(this.deadline);
    clearInterval(this.pulse);
    this.retryTimer = this.deadline = null;
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    if (socket) socket.close();
  }

  receive(data) {
    const frame = parseFrame(data);
    if (!frame) return;
    if (frame.type === "welcome") this.welcomed();
    if (this.ready) this.signOfLife();
    if (frame.type === "ping") this.post({ type: "pong" });
    else if (frame.type !== "pong") this.owner.received(frame);
  }

  welcomed() {
    this.ready = true;
    this.failures = 0;
    clearInterval(this.pulse);
    this.pulse = setInterval(() => this.ping(PONG_WITHIN), PING_EVERY);
  }

  ping(within) {
    this.post({ type: "ping" });
    this.expectSignWithin(within);
  }

  expectSignWithin(milliseconds) {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => this.retryLater(), milliseconds);
  }

  signOfLife() {
    clearTimeout(this.deadline);
  }

  post(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Exponential with jitter; widgets nobody looks at wait longer, so that a restart is not met by all at once. */
  nextDelay() {
    const { isSeen } = this.owner;
    const longest = Math.min(isSeen ? LONGEST_DELAY : LONGEST_DELAY_UNSEEN, FIRST_DELAY * 2 ** this.failures);
    this.failures += 1;
    const spread = isSeen ? 0 : Math.random() * SPREAD_WHEN_UNSEEN;
    return longest * (0.5 + Math.random() / 2) + spread;
  }

  /** The network or the page is back: find out at once whether the socket still lives. */
  wake() {
    if (!this.wanted) return;
    if (this.ready) this.ping(PONG_WITHIN_ON_WAKING);
    else if (this.socket?.readyState !== WebSocket.OPEN) this.connect();
  }

  watchPage() {
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.owner.connectionChanged());
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
    window.addEventListener("pagehide", (event) => event.persisted && this.drop());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }
}

function parseFrame(data) {
  try {
    const frame = JSON.parse(data);
    return frame && typeof frame.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
