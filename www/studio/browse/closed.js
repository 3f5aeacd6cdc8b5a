// Why there is no list, and what opens it.
import { element } from "../dom.js";

const code = (text) => element("code", {}, text);

/** What is said where the server lists nothing. */
export function closed(error, again) {
  const away = error.status === undefined || error.status >= 500;
  const how = element(
    "div",
    { class: "how" },
    element("p", {}, "Lists are opened by two settings of the server:"),
    element(
      "ul",
      {},
      element("li", {}, code("PREVIEW_SOURCES"), " names the catalogs that this page may read, such as ", code("Shop,Samples"), "."),
      element("li", {}, code("PREVIEW_TOKEN"), " is the token that this page asks for; ", code("*"), " asks for none, for development only."),
    ),
    element("p", {}, "Until then, type the name of an asset above, or paste the address of a picture at the top."),
  );
  return element(
    "section",
    { class: "closed", "aria-label": "No list" },
    element("p", { class: "problem alarming", role: "alert" }, error.message),
    away ? "" : how,
    element("button", { type: "button", class: "quiet", onclick: again }, error.status === 401 ? "Enter the token" : "Try again"),
  );
}
