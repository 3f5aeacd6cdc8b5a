// Names of objects in addresses, and numbers for people.

import { encodeName } from "../viewers/encode-name.js";

/** The request `rootId/id?modifiers`. */
export const request = (object, modifiers) => `${encodeName(object)}${modifiers ? `?${modifiers}` : ""}`;

/** The address of a picture on the server. */
export const picture = (object, modifiers) => `/is/image/${request(object, modifiers)}`;

/** A number of bytes, such as 2.5 MB. */
export function bytes(count) {
  if (count === undefined || count === null) return "";
  if (count < 1000) return `${count} bytes`;
  const [unit, divisor] = count < 1e6 ? ["kB", 1e3] : count < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
  const value = count / divisor;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}

/** A moment, as its day and time. */
export const moment = (iso) => (iso ? new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "");
