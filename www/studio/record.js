// The record of an object, to read and to save.
import { encodeName } from "../viewers/encode-name.js";
import * as server from "./server.js";

/**
 * `{record, tag, editable}`, or nothing if the object has none. Where the server takes no edits this is the part
 * of the record that the page may read.
 */
export async function readRecord(object, signal) {
  if (await takesEdits()) {
    const stored = await server.record(object);
    return stored && { ...stored, editable: true };
  }
  const shown = await shownRecord(object, signal);
  return shown && { record: shown, editable: false };
}

/** The part of a record that this page may read; nothing if the object has none. */
export async function shownRecord(object, signal) {
  const reply = await fetch(`/preview/record/${encodeName(object)}`, { signal, cache: "no-store" }).catch((reason) => {
    if (reason.name === "AbortError") throw reason;
    throw new server.ServerError("The server cannot be reached.");
  });
  if (reply.status === 403) throw new server.ServerError(`This page may not read the record of ${object}: the server's setting PREVIEW_SOURCES names the catalogs that it may.`, { status: 403 });
  return reply.status === 200 ? reply.json() : undefined;
}

let edits;

/** Whether the server takes edits. A server that cannot be asked is asked again the next time. */
function takesEdits() {
  edits ??= server.catalogs().then(({ edit }) => edit, (reason) => {
    if (reason.status === undefined || reason.status === 401) edits = undefined;
    if (reason.status === undefined) throw reason;
    return false;
  });
  return edits;
}
