// Elements, icons and the style that all viewers share. Styles are sheets, so that a page whose policy
// forbids inline styles can hold viewers.

import { element } from "./element.js";

export { element };

const SVG = "http://www.w3.org/2000/svg";

/** Paths of icons on a grid of 24. */
const ICONS = {
  in: "M10 3a7 7 0 100 14 7 7 0 000-14zM15 15l6 6M7 10h6M10 7v6",
  out: "M10 3a7 7 0 100 14 7 7 0 000-14zM15 15l6 6M7 10h6",
  reset: "M4 4h6M4 4v6M20 20h-6M20 20v-6M9 9h6v6H9z",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  up: "M5 15l7-7 7 7",
  down: "M5 9l7 7 7-7",
  check: "M5 12l5 5 9-11",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  turn: "M4 12c0-5 16-5 16 0s-10 5-13 3M10 12l-3 3 3 3",
  film: "M4 5h16v14H4zM10 9l5 3-5 3z",
};

/** An icon, which says nothing to those who cannot see it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon, whose label is read out and shown as its title. */
export function button(name, label, onclick, attributes = {}) {
  return element("button", { type: "button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

/** Disables a button, but lets it keep the focus. */
export function enable(control, on) {
  control.setAttribute("aria-disabled", String(!on));
}

/** Whether the person wants no motion. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

export const shared = sheet(`
  :host { color-scheme: light dark; display: block; height: 100%; min-height: 0;
    --ground: light-dark(#ffffff, #12161d); --ink: light-dark(#17202c, #eef2f7); --line: light-dark(#768395, #7c8999);
    --button: light-dark(#ffffff, #222a36); --accent: light-dark(#1d4e9e, #8db8f7); --alarm: light-dark(#a3271c, #ff9d92);
    font: 16px/1.4 system-ui, sans-serif; color: var(--ink) }
  :host([hidden]), [hidden] { display: none !important }
  * { box-sizing: border-box }
  .viewer { display: flex; flex-direction: column; gap: 8px; height: 100%; max-width: 100%; background: var(--ground); position: relative }
  .viewer.sized { height: auto }
  .viewer:fullscreen { width: 100% !important; height: 100% !important; padding: 8px }
  .stage { position: relative; flex: 1 1 auto; min-height: 0; aspect-ratio: var(--ratio, 4 / 3); overflow: hidden; border-radius: 4px; user-select: none; -webkit-user-select: none }
  .stage canvas, .fill { position: absolute; inset: 0; width: 100%; height: 100% }
  .stage img.fill { object-fit: contain }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: -3px }
  .bar { display: flex; flex-wrap: wrap; gap: 6px; justify-content: center; flex: 0 0 auto }
  .bar:empty { display: none }
  button { display: inline-grid; place-items: center; min-width: 44px; min-height: 44px; padding: 8px; border: 1px solid var(--line);
    border-radius: 22px; background: var(--button); color: var(--ink); font: inherit; cursor: pointer }
  button[aria-disabled="true"] { color: var(--line); cursor: default }
  button:hover:not([aria-disabled="true"]) { border-color: var(--accent); color: var(--accent) }
  svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
  .status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0 }
  .problem { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 12px; padding: 16px; text-align: center; background: var(--ground); overflow: auto; z-index: 3 }
  .problem p { margin: 0; color: var(--alarm); overflow-wrap: anywhere }
  .problem button, .embed button { border-radius: 6px; padding: 8px 16px }
  .busy::after { content: ""; position: absolute; left: 50%; top: 50%; width: 36px; height: 36px; margin: -18px; border: 4px solid var(--line); border-top-color: var(--accent); border-radius: 50%; animation: turn 1s linear infinite }
  @keyframes turn { to { transform: rotate(1turn) } }
  @media (prefers-reduced-motion: reduce) { .busy::after { animation: none } }
  dialog { border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--ink); width: min(36rem, calc(100vw - 24px)) }
  dialog h2 { font-size: 1.1rem; margin: 0 0 8px }
  textarea { width: 100%; min-height: 8rem; font: 13px/1.4 ui-monospace, monospace; background: var(--button); color: var(--ink); border: 1px solid var(--line); border-radius: 4px }
`);
