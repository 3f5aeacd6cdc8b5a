// Docs: every command of the protocol, with a search and a page for each.
import { element } from "./dom.js";
import { example } from "./docs/example.js";
import { GROUPS, find, values } from "./docs/find.js";

const ROUTE = "docs";
const APPLIES = {
  request: "the whole request",
  file: "the file that is sent",
  view: "the finished picture",
  layer: "a layer; without layer= the picture or its bottom layer",
  "layer or view": "the finished picture, or the layer that is selected",
  "layer or effect": "a layer or an effect",
  mask: "the mask of a layer",
  selection: "the commands after it",
};

/** Builds the documentation in a container. Returns what takes it down. */
export function mount(container, app) {
  const search = element("input", { type: "search", id: "docs-search", autocomplete: "off", spellcheck: "false", placeholder: "Width, sharpen, op_usm …" });
  const count = element("p", { class: "hint", role: "status" });
  const list = element("nav", { class: "list", "aria-label": "Commands" });
  const back = element("a", { class: "back", href: `#${ROUTE}`, onclick: follow(ROUTE) }, "‹ All commands");
  const article = element("article", { "aria-live": "off" });
  const side = element("div", { class: "side" }, element("label", { for: search.id }, "Search the documentation"), search, count, list);
  container.append(side, element("div", { class: "page" }, back, article));

  let commands = [];
  let ended = false;
  let end = () => {};
  const named = (name) => commands.find((command) => command.name.toLowerCase() === name.toLowerCase());
  const current = () => app.route.split("/").slice(1).join("/");

  search.addEventListener("input", () => {
    container.classList.remove("reading");
    showList();
  });
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector("a");
    if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key === "Enter" && first && search.value.trim()) first.click();
    else if (event.key === "Escape" && search.value) clear();
    else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (event.key === "Escape" || next === -1) search.focus();
    else if (at >= 0 && next !== undefined) links[Math.min(next, links.length - 1)].focus();
    else return;
    event.preventDefault();
  });
  app.state.addEventListener("route", showPage);
  load();

  async function load() {
    count.textContent = "Loading …";
    try {
      commands = await app.engine.commands();
    } catch (reason) {
      count.textContent = `The commands could not be loaded: ${reason.message}`;
      return;
    }
    if (ended) return;
    showList();
    showPage();
  }

  function clear() {
    search.value = "";
    showList();
  }

  /** Follows a link within the page, unless it shall open elsewhere. */
  function follow(route) {
    return (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      app.go(route);
      // What was followed is hidden on a narrow page.
      if (event.target.offsetParent === null) article.querySelector("h2").focus();
    };
  }

  function link({ name, title }) {
    const route = `${ROUTE}/${name}`;
    return element("a", { href: `#${route}`, "data-name": name, onclick: follow(route) }, title, " ", element("code", {}, `${name}=`));
  }

  function showList() {
    const found = find(commands, search.value);
    const searching = search.value.trim() !== "";
    const items = (all) => element("ul", {}, ...all.map((command) => element("li", {}, link(command))));
    const grouped = Object.entries(GROUPS).flatMap(([group, title]) => [
      element("h2", {}, title),
      items(commands.filter((command) => command.group === group)),
    ]);
    list.replaceChildren(...(searching ? [items(found)] : grouped));
    const none = "No command is like this. Try what it does, such as sharpen, colour or corner.";
    const of = (number) => `${number} ${number === 1 ? "command" : "commands"}`;
    count.textContent = searching && found.length === 0 ? none : of(searching ? found.length : commands.length);
    mark();
  }

  function mark() {
    for (const link of list.querySelectorAll("a")) {
      if (link.dataset.name === named(current())?.name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function showPage() {
    if (app.route.split("/")[0] !== ROUTE || commands.length === 0) return;
    end();
    end = () => {};
    const command = named(current());
    container.classList.toggle("reading", current() !== "");
    article.replaceChildren(...(command ? page(command) : overview()));
    mark();
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  function overview() {
    const missing = current() ? [element("p", { class: "problem", role: "alert" }, `There is no command ${current()}=. The list shows all.`)] : [];
    const rows = commands.filter(({ group }) => group === "basic").map((command) => element("li", {}, link(command), element("p", {}, command.help)));
    return [
      element("h2", { tabindex: "-1" }, "Commands"),
      ...missing,
      element("p", {}, "The address of a picture names an object and, after a question mark, commands. They are joined by ", element("code", {}, "&"), ":"),
      element("pre", {}, "/is/image/Samples/pier?wid=400&hei=300&fit=crop&fmt=webp"),
      element("p", {}, "Their order does not matter. If one occurs twice, the last counts. A preset is a name for several of them, written ", element("code", {}, "$name$"), "."),
      element("h3", {}, "What most pictures need"),
      element("ul", { class: "overview" }, ...rows),
    ];
  }

  function page(command) {
    const { name, title, help, syntax, scope, support, note, doc, url } = command;
    const fact = (term, ...words) => element("div", {}, element("dt", {}, term), element("dd", {}, ...words));
    const supported = { full: "in full", partial: "in part", accepted: "read, without effect", refused: "not supported" }[support];
    const parts = [
      element("h2", { tabindex: "-1" }, title, " ", element("code", {}, `${name}=`)),
      element("p", { class: "lead" }, help),
    ];
    if (command.example) {
      const shown = example(app, command);
      end = shown.end;
      parts.push(element("h3", {}, "Try it"), shown.element);
    }
    parts.push(
      element("h3", {}, "Arguments"),
      element("pre", {}, `${name}=${syntax}`),
      table(command),
      element("dl", {},
        fact("Applies to", APPLIES[scope] ?? scope),
        fact("Supported", supported),
        fact("Adobe's reference", url ? element("a", { href: url, rel: "noreferrer" }, doc) : doc),
        ...(note ? [element("div", { class: "long" }, element("dt", {}, "How far"), element("dd", {}, note))] : []),
      ),
      neighbours(command),
    );
    return parts;
  }

  function table({ arguments: list }) {
    const head = ["Name", "Kind", "Values", "Use"].map((text) => element("th", { scope: "col" }, text));
    const row = (argument) =>
      element("tr", {},
        element("th", { scope: "row" }, argument.name),
        ...[argument.kind, values(argument), argument.optional ? "optional" : "needed"].map((text) => element("td", {}, text)),
      );
    return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...list.map(row)));
  }

  function neighbours(command) {
    const all = Object.keys(GROUPS).flatMap((group) => commands.filter((other) => other.group === group));
    const at = all.indexOf(command);
    const [before, after] = [all[at - 1], all[at + 1]];
    return element("p", { class: "neighbours" }, before ? element("span", {}, "‹ ", link(before)) : "", after ? element("span", {}, link(after), " ›") : "");
  }

  return () => {
    ended = true;
    end();
    app.state.removeEventListener("route", showPage);
  };
}
