// Elements, and the style sheets of the parts of the page.
export { element } from "../viewers/dom.js";

/** Loads a style sheet once, such as that of a part of the page: `await style(new URL("x.css", import.meta.url))`. */
export function style(url) {
  const { href } = new URL(url);
  const present = [...document.querySelectorAll("link[rel=stylesheet]")].find((link) => link.href === href);
  if (present) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", () => reject(new Error(`${href} could not be loaded`)), { once: true });
  });
  document.head.append(link);
  return loaded;
}
