// What to do about a picture that is not there.
import { element } from "./dom.js";

/** The name of the image that is not there, by the text of an error; nothing for another error. */
export function missingName(text, object) {
  const [title, message = ""] = text.split("\n");
  if (title !== "Image not found") return undefined;
  return /^(?:layer=\w+: )?(?:\w+=)?(.+): no such image/.exec(message)?.[1] ?? object;
}

/** What an error says, for the page: where an image is not there, what to do about it. */
export function problemOf({ status, bytes, closed = [] }, object) {
  const text = new TextDecoder().decode(bytes).trim();
  const name = status === 200 ? undefined : missingName(text, object);
  if (name === undefined) return text;
  const [rootId, ...id] = name.split("/");
  if (closed.includes(rootId)) {
    return `This page may not read the catalog ${rootId}, so it cannot draw ${name}. “By the server” in Modify shows it if it is there. The server's setting PREVIEW_SOURCES opens the catalog to this page.`;
  }
  return element(
    "span",
    {},
    `There is no picture ${name} on this server.\nCheck the spelling: `,
    element("b", {}, rootId),
    " is the catalog, ",
    element("b", {}, id.join("/")),
    " the name in it; small and capital letters differ. ",
    element("a", { href: "#browse" }, "Browse the pictures of this server"),
    " to choose one. A picture of another site must be stored here first, under that name, with azulejo ingest.",
  );
}
