/** Files on their way to the service. They become a message once they have arrived; until then they live in this page. */

const LARGEST_FILE = 10 * 1024 * 1024;
const FILE_KINDS =
  "image/png,image/jpeg,image/gif,image/webp,application/pdf,audio/ogg,audio/mpeg,video/mp4,text/plain";
const REFUSED = [413, 415, 422];
/** What the service says was wrong, in the widget's own words. */
const WHY_NOT = { picture_too_large: "file_too_many_dots", rate_limited: "file_too_many", no_room: "file_no_room" };

class Uploads {
  /** `token()` is the widget's; `arrived({ id, name })` is called for each file the service has. */
  constructor(address, { token, arrived, changed }) {
    Object.assign(this, { address, token, arrived, changed, items: [] });
  }

  forget() {
    this.items = [];
  }

  add(file) {
    const item = { id: newId(), file, name: file.name, at: new Date().toISOString(), failed: null };
    this.items.push(item);
    this.send(item);
  }

  has(id) {
    return this.items.some((item) => item.id === id);
  }

  retry(id) {
    const item = this.items.find((candidate) => candidate.id === id);
    if (item) this.send(item);
  }

  discard(id) {
    this.items = this.items.filter((item) => item.id !== id);
  }

  async send(item) {
    item.failed = item.file.size > LARGEST_FILE ? "file_refused" : null;
    this.changed();
    if (item.failed) return;
    const { id, failed } = await this.post(item);
    if (!this.has(item.id)) return;
    item.failed = failed;
    if (!failed) {
      this.discard(item.id);
      this.arrived({ id, name: item.name });
    }
    this.changed();
  }

  async post({ file, name }) {
    const body = new FormData();
    body.append("file", file, name);
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        headers: { Authorization: `Bearer ${this.token()}` },
        body,
      });
      if (answer.ok) return { id: (await answer.json()).id, failed: null };
      const { code } = await answer.json().catch(() => ({}));
      if (Object.hasOwn(WHY_NOT, code)) return { failed: WHY_NOT[code] };
      return { failed: REFUSED.includes(answer.status) ? "file_refused" : "failed" };
    } catch {
      return { failed: "failed" };
    }
  }

  /** As they are shown among the unsent messages. */
  rows() {
    return this.items.map(({ id, name, at, failed }) => ({
      id,
      at,
      failed,
      attachments: [{ name }],
      status: failed ? "failed" : "uploading",
    }));
  }
}
