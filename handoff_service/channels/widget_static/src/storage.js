/** What the browser keeps between pages. Storage may be forbidden or full: then memory has to do. */

class BrowserStore {
  constructor(area, prefix) {
    this.prefix = prefix;
    this.memory = new Map();
    try {
      this.area = window[area];
      this.area.setItem(`${prefix}probe`, "1");
      this.area.removeItem(`${prefix}probe`);
    } catch {
      this.area = null;
    }
  }

  read(key) {
    let text = this.memory.get(key);
    try {
      text = this.area?.getItem(this.prefix + key) ?? text;
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  }

  write(key, value) {
    const text = JSON.stringify(value);
    try {
      this.area.setItem(this.prefix + key, text);
      this.memory.delete(key);
    } catch {
      this.memory.set(key, text);
    }
  }

  remove(key) {
    this.memory.delete(key);
    try {
      this.area.removeItem(this.prefix + key);
    } catch {
      // Nothing is kept there then.
    }
  }

  /** Tells of each key that another tab wrote or removed, and what it wrote: by now this tab may have written too. */
  watch(changed) {
    window.addEventListener("storage", (event) => {
      if (event.key === null) changed(null, null);
      else if (event.key.startsWith(this.prefix)) changed(event.key.slice(this.prefix.length), JSON.parse(event.newValue));
    });
  }
}
