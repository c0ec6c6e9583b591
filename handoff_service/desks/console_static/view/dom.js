/**
 * Builds an element. Children that are strings or numbers become text nodes, never markup; null and false are
 * left out. `on…` attributes are listeners, `data` a map of data attributes, booleans set or leave out the attribute.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) assign(element, name, value);
  element.append(...present(children));
  return element;
}

function assign(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : value);
}

const present = (children) =>
  children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");

/** Puts `children` in place of what is in `element`. */
export const fill = (element, ...children) => element.replaceChildren(...present(children));

/**
 * Makes the children of `parent` match `items`: one element each, found again by `key`, built anew by `build` only
 * when its `signature` changed, moved only when its place did.
 */
export function reconcile(parent, items, { key, signature, build }) {
  const known = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    const wanted = signature(item);
    let element = known.get(id);
    known.delete(id);
    if (element && element.signature !== wanted) {
      const fresh = build(item);
      if (next === element) next = fresh;
      element.replaceWith(fresh);
      element = fresh;
    }
    element ??= build(item);
    element.dataset.key = id;
    element.signature = wanted;
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  known.forEach((element) => element.remove());
}

/** Runs `draw` and gives the focus back to the element with the same `data-focus` when drawing took it away. */
export function keepingFocus(root, draw) {
  const before = document.activeElement;
  const mark = root.contains(before) ? before.dataset?.focus : null;
  draw();
  if (mark && document.activeElement !== before) root.querySelector(`[data-focus="${CSS.escape(mark)}"]`)?.focus();
}
