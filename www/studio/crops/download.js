// Crops as a file, where the server takes no edits.
import { element } from "../dom.js";

/** Downloads the fields of a picture's record. */
export const download = ({ object, fields }) => offer(`${object.split("/").at(-1)}.json`, fields);

/** Downloads the fields of several pictures, by their objects. */
export const downloadAll = (sessions) => offer("crops.json", Object.fromEntries(sessions.map(({ object, fields }) => [object, fields])));

function offer(name, value) {
  const address = URL.createObjectURL(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: "application/json" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
