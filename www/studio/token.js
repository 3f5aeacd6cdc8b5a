// The token of the server's lists, kept for this tab, and the dialog that asks for it.
import { element } from "./dom.js";

const KEY = "azulejo-preview-token";

export const token = () => sessionStorage.getItem(KEY) ?? undefined;

/** Forgets a token that the server did not take, unless another is there by now. */
export function forgetToken(refused) {
  if (token() === refused) sessionStorage.removeItem(KEY);
}

/** The dialog that is open, so that several requests at once ask once. */
let open;

/** Asks for the token. Resolves to whether there is one now. */
export function askToken(wasWrong) {
  if (token()) return Promise.resolve(true);
  open ??= show(wasWrong).finally(() => (open = undefined));
  return open;
}

function show(wasWrong) {
  const field = element("input", { type: "password", id: "token", autocomplete: "off", required: true, "aria-describedby": "token-hint" });
  const dialog = element(
    "dialog",
    { class: "token", "aria-labelledby": "token-title" },
    element(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          dialog.close("ok");
        },
      },
      element("h2", { id: "token-title" }, "Token of the server"),
      wasWrong ? element("p", { class: "problem alarming", role: "alert" }, "The server does not take this token.") : "",
      element("label", { for: "token" }, "Token"),
      field,
      element("p", { class: "hint", id: "token-hint" }, "It is the value of the server's setting PREVIEW_TOKEN. It is kept until this tab is closed."),
      element("div", { class: "bar" }, element("button", { value: "ok" }, "Use it"), element("button", { type: "button", class: "quiet", onclick: () => dialog.close("") }, "Cancel")),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      const value = dialog.returnValue === "ok" ? field.value.trim() : "";
      if (value) sessionStorage.setItem(KEY, value);
      dialog.remove();
      done(value !== "");
    });
  });
}
