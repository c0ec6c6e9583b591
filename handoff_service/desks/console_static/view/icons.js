const SVG = "http://www.w3.org/2000/svg";

/** Strokes on a 24 × 24 grid. */
const SHAPES = {
  alert: ["M12 4 2.8 20h18.4L12 4Z", "M12 10v4.5", "M12 17.4v.1"],
  archive: ["M4 8v11h16V8", "M3 4h18v4H3z", "M10 12h4"],
  assistant: ["M6 9h12v9H6z", "M12 9V5.5", "M12 4.6v.1", "M9.5 13v1.2", "M14.5 13v1.2", "M3.5 12.5v2", "M20.5 12.5v2"],
  back: ["M15 5l-7 7 7 7"],
  bell: ["M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5Z", "M10 20.5h4"],
  bellOff: ["M8.2 6.4A6 6 0 0 1 18 11v4.2", "M6 10v6.5L4.5 18H16", "M10 20.5h4", "M4 4l16 16"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  chevron: ["M7 10l5 5 5-5"],
  clock: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 7v5l3.5 2"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  copy: ["M9 9h10v10H9z", "M6 15H5V5h10v1"],
  down: ["M12 5v14", "M6 13l6 6 6-6"],
  up: ["M12 19V5", "M6 11l6-6 6 6"],
  edit: ["M5 19l.8-4L16 4.8l3.2 3.2L9 18.2 5 19Z", "M14 6.8l3.2 3.2"],
  file: ["M7 3h7l4 4v14H7z", "M14 3v4h4"],
  flag: ["M6 21V4", "M6 4.5h11l-2.2 4 2.2 4H6"],
  take: ["M12 4v10.5", "M7.5 10.5l4.5 4.5 4.5-4.5", "M5 19.5h14"],
  help: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M9.5 9.5a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1.1.9-1.1 1.8", "M12 16.6v.1"],
  info: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 11v5", "M12 7.8v.1"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  logout: ["M10 4H5v16h5", "M14 8l4 4-4 4", "M18 12H9.5"],
  moon: ["M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z"],
  offline: ["M4 4l16 16", "M8.5 14.5a5 5 0 0 1 5-1.4", "M5 11a10 10 0 0 1 4.6-2.6", "M13.5 8.1A10 10 0 0 1 19 11", "M12 18.4v.1"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "M4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"],
  release: ["M9 14l-5-5 5-5", "M4 9h10.5a5.5 5.5 0 0 1 0 11H10"],
  reopen: ["M4 12a8 8 0 1 0 2.6-5.9", "M4 4v4.5h4.5"],
  search: ["M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z", "M16.2 16.2L21 21"],
  send: ["M4 12l16-8-5 16-3.2-6.8L4 12Z", "M11.8 13.2L20 4"],
  shield: ["M12 3l7.5 3v5.5c0 4.6-3 8-7.5 9.5-4.5-1.5-7.5-4.9-7.5-9.5V6L12 3Z", "M8.8 12l2.3 2.3 4.2-4.3"],
  team: ["M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z", "M2.5 19.5c.6-3 3.2-4.6 6.5-4.6s5.9 1.6 6.5 4.6", "M15.5 5.5a3.3 3.3 0 0 1 0 6.2", "M18 15.4c2 .6 3.2 2 3.6 4.1"],
  telegram: ["M3.5 11.5L20.5 4.5 17.5 20 11.5 15.5 9 19v-5l8-6.5-10.5 6-3-2Z"],
  transfer: ["M4 8h13", "M13.5 4.5L17 8l-3.5 3.5", "M20 16H7", "M10.5 12.5L7 16l3.5 3.5"],
  trash: ["M5 7h14", "M9 7V4.5h6V7", "M7 7l.8 13h8.4L17 7"],
  unverified: ["M12 3l7.5 3v5.5c0 4.6-3 8-7.5 9.5-4.5-1.5-7.5-4.9-7.5-9.5V6L12 3Z", "M12 8.5v4", "M12 15.6v.1"],
  widget: ["M4 5h16v11.5h-8L7.5 20v-3.5H4z"],
};

/** A drawing beside words that already say it: hidden from screen readers. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 24 24", class: `icon ${className}`.trim(), "aria-hidden": "true", focusable: "false" };
  for (const [attribute, value] of Object.entries(attributes)) svg.setAttribute(attribute, value);
  for (const shape of SHAPES[name] ?? SHAPES.info) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

/** The baton that changes hands. */
export function logo() {
  const svg = icon("info", "logo");
  const bars = [["M4 15.5 11 8.5", "logo-a"], ["M13 15.5 20 8.5", "logo-b"]];
  svg.replaceChildren(
    ...bars.map(([shape, className]) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", shape);
      path.setAttribute("class", className);
      return path;
    }),
  );
  return svg;
}
