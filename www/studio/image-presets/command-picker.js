// Adds a command to the image modifier, from the engine's table of commands.
import { element } from "../dom.js";
import { isAllowed } from "./advice.js";
import { isField, tokens } from "./modifiers.js";

const GROUPS = [["basic", "Basic"], ["advanced", "Advanced"], ["layers", "Layers"]];

/** The choice; `add(text)` is called with a command and its value. It is hidden while there is no table. */
export function commandPicker(engine, add) {
  const id = "add-command";
  const select = element("select", { id, "aria-describedby": `${id}-help` });
  const help = element("p", { class: "hint", id: `${id}-help` });
  const root = element("div", { class: "argument picker", hidden: true }, element("label", { for: id }, "Add a command"), select, help);
  const byName = new Map();

  engine.commands().then((commands) => {
    const wanted = commands.filter(({ name, support }) => support !== "refused" && !isField(name) && isAllowed(name));
    for (const command of wanted) byName.set(command.name, command);
    select.append(
      element("option", { value: "" }, "choose …"),
      ...GROUPS.map(([group, title]) =>
        element("optgroup", { label: title }, ...wanted.filter((command) => command.group === group).map(({ name, title }) => element("option", { value: name }, `${title} (${name})`))),
      ),
    );
    root.hidden = false;
  }, () => {});

  select.addEventListener("change", () => {
    const command = byName.get(select.value);
    select.value = "";
    if (!command) return;
    help.textContent = `${command.title}: ${command.help}`;
    // The value of the example is a good one to begin with.
    const shown = tokens(command.example).find(({ name }) => name === command.name.toLowerCase());
    add(shown?.text ?? `${command.name}=`);
  });
  return root;
}
