/** What the page that carries the script says: where the service is, which language, who is logged in, which colour. */

const DEFAULT_COLOUR = "#0f5c63";

function readSettings() {
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  const base = new URL(".", script.src);
  const socket = new URL("v1/widget", base);
  socket.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  return {
    base,
    socket: socket.href,
    files: new URL("v1/widget/files", base).href,
    locale: languageOf(script.dataset.locale || document.documentElement.lang),
    identity: script.dataset.identity || null,
    title: script.dataset.title || null,
    palette: paletteOf(script.dataset.color || pageColour()),
  };
}

function languageOf(tag) {
  return /^en\b/i.test(tag || "") ? "en" : "es";
}

function pageColour() {
  return getComputedStyle(document.documentElement).getPropertyValue("--relevo-color").trim();
}

/** The brand's colour and what is readable on it and in it; the default if it is not written as #rgb or #rrggbb. */
function paletteOf(colour) {
  const brand = parseColour(colour) || parseColour(DEFAULT_COLOUR);
  let ink = brand;
  while (contrast(ink, [255, 255, 255]) < 5.5) ink = ink.map((part) => Math.floor(part * 0.92));
  const isDark = contrast(brand, [255, 255, 255]) >= 4.5;
  return {
    "--brand": written(brand),
    "--on-brand": isDark ? "#ffffff" : "#000000",
    "--shade": isDark ? "rgba(0, 0, 0, 0.16)" : "transparent",
    "--ink": written(ink),
    "--soft": written(brand.map((part) => Math.round(part * 0.08 + 255 * 0.92))),
  };
}

function parseColour(colour) {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour || "");
  if (!match) return null;
  const digits = match[1].length === 3 ? match[1].replace(/./g, "$&$&") : match[1];
  return [0, 2, 4].map((start) => parseInt(digits.slice(start, start + 2), 16));
}

function written(parts) {
  return `rgb(${parts.join(", ")})`;
}

/** The contrast ratio of WCAG 2. */
function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(parts) {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
