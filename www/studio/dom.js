// Elements, and the style sheets of the parts of the page.
export { element } from "../viewers/element.js";

const sheets = new Map();

/** Loads a style sheet once, such as that of a part of the page: `await style(new URL("x.css", import.meta.url))`. */
export function style(url) {
  const { href } = new URL(url);
  if (!sheets.has(href)) sheets.set(href, load(href));
  return sheets.get(href);
}

function load(href) {
  // The page waits for those that it names itself.
  if ([...document.querySelectorAll("link[rel=stylesheet]")].some((link) => link.href === href)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", () => {
      // It can be asked for again.
      link.remove();
      sheets.delete(href);
      reject(new Error(`${href} could not be loaded`));
    }, { once: true });
    document.head.append(link);
  });
}
