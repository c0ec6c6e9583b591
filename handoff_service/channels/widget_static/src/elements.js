/** Nodes are built one by one: what comes from outside only ever becomes text or a checked address, never markup. */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 5.5h16v11H11l-4.5 3.5v-3.5H4z M8 9.5h8 M8 12.8h5",
  down: "M6 9.5l6 6 6-6",
  send: "M5 12h13 M12.5 6l6 6-6 6",
  assistant: "M12 3.5l1.9 5.1 5.1 1.9-5.1 1.9L12 17.5l-1.9-5.1L5 10.5l5.1-1.9z M18.5 16v4 M16.5 18h4",
  queue: "M12 7.5V12l3 2 M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4z",
  clip: "M19 11.5l-7.3 7.2a4.6 4.6 0 0 1-6.5-6.5l7.6-7.5a3.1 3.1 0 0 1 4.4 4.4l-7.5 7.4a1.5 1.5 0 0 1-2.2-2.2l6.7-6.6",
  file: "M7 3.5h7l4 4v13H7z M14 3.5v4h4",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4.5 20c.8-3.6 3.8-5.2 7.5-5.2s6.7 1.6 7.5 5.2",
};

/** `on…` attributes become listeners; `true` an empty attribute; `false`, null and undefined none. */
function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined)
      node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function textButton(label, attributes) {
  return element("button", { type: "button", ...attributes }, label);
}

/** The text as nodes, with http(s) addresses as links. */
function linkified(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'`]+/gi)) {
    const address = withoutTrailingPunctuation(match[0]);
    const link = externalLink(address, address);
    if (!link) continue;
    nodes.push(text.slice(end, match.index), link);
    end = match.index + address.length;
  }
  return [...nodes, text.slice(end)];
}

function withoutTrailingPunctuation(address) {
  let kept = address;
  while (/[.,;:!?»”’\]}]$/.test(kept) || (kept.endsWith(")") && !kept.includes("("))) kept = kept.slice(0, -1);
  return kept;
}

/** Null unless the address is http or https. */
function externalLink(address, ...children) {
  const href = webAddress(address);
  if (!href) return null;
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function webAddress(address, base) {
  if (typeof address !== "string") return null;
  try {
    const url = new URL(address, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
