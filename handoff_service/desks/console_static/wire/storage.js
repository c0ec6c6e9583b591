/**
 * The browser's storage, which may be full, forbidden or absent: then things are remembered for this page only.
 * @param {() => Storage} open
 */
function guarded(open) {
  const fallback = new Map();
  const attempt = (use, otherwise) => {
    try {
      return use(open());
    } catch {
      return otherwise();
    }
  };
  return {
    read(key, absent = null) {
      const text = attempt((store) => store.getItem(key), () => null) ?? fallback.get(key);
      try {
        return text ? JSON.parse(text) : absent;
      } catch {
        return absent;
      }
    },
    write(key, value) {
      const text = JSON.stringify(value);
      fallback.set(key, text);
      attempt((store) => store.setItem(key, text), () => {});
    },
    remove(key) {
      fallback.delete(key);
      attempt((store) => store.removeItem(key), () => {});
    },
  };
}

/** Lives as long as the tab: token, drafts, what is still to be sent. */
export const tab = guarded(() => window.sessionStorage);

/** Outlives the tab: how this person likes the console. */
export const browser = guarded(() => window.localStorage);
