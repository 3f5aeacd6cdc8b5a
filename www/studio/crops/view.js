// Smart crops: the boxes of one picture, or of a whole folder.
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { editor } from "./editor.js";
import { folder } from "./folder.js";
import { openSession } from "./session.js";

const WAYS = { crops: "This picture", "crops/folder": "A whole folder" };

export function mount(container, app) {
  const { state } = app;
  const tabs = element("div", { class: "bar ways", role: "group", "aria-label": "Smart crops of" });
  const busy = element("p", { class: "hint busy", role: "status", hidden: true }, "Reading the record …");
  const body = element("div", { class: "crops-body" });
  container.append(element("div", { class: "head" }, element("h2", {}, "Smart crops"), tabs), busy, body);
  let wanted = new AbortController();
  let shown;
  let end;

  async function show() {
    const way = Object.hasOwn(WAYS, app.route) ? app.route : "crops";
    const next = way === "crops" ? `${way} ${state.source?.name ?? ""} ${state.object}` : way;
    if (next === shown) return;
    shown = next;
    wanted.abort();
    wanted = new AbortController();
    const { signal } = wanted;
    end?.();
    end = undefined;
    tabs.replaceChildren(...Object.entries(WAYS).map(([route, title]) => element("button", { type: "button", class: "quiet", "aria-pressed": String(route === way), onclick: () => app.go(route) }, title)));
    body.replaceChildren();
    if (way === "crops/folder") {
      const part = folder(app);
      end = part.end;
      body.append(part.element);
      return;
    }
    if (state.source) return tell(`${state.source.name} is a file of this device and has no record. Choose an asset of the server in Browse; azulejo ingest stores new ones.`);
    try {
      const session = await whileBusy(busy, openSession(state.object, app.engine, signal));
      if (signal.aborted) return;
      const part = editor(app, session);
      end = part.end;
      body.append(element("h3", { class: "object" }, state.object), part.element);
    } catch (reason) {
      if (!signal.aborted) tell(reason.message, () => ((shown = undefined), show()));
    }
  }

  function tell(text, again) {
    body.replaceChildren(
      element("p", { class: "problem alarming", role: "alert" }, text),
      element("div", { class: "bar" }, again ? element("button", { type: "button", class: "quiet", onclick: again }, "Try again") : "", element("button", { type: "button", class: "quiet", onclick: () => app.go("browse") }, "Browse")),
    );
  }

  state.addEventListener("change", show);
  state.addEventListener("route", show);
  show();
  return () => {
    wanted.abort();
    end?.();
    state.removeEventListener("change", show);
    state.removeEventListener("route", show);
  };
}
