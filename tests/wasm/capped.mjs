// A module whose memory cannot grow past a size: what the platform does and local workerd does not.
import { built, start } from "./preview.mjs";

const PAGE = 64 << 10;
const MEMORY_SECTION = 5;

function unsigned(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function encoded(value) {
  const bytes = [];
  do bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
  while ((value >>>= 7));
  return bytes;
}

/** The module with the limits of its one memory replaced: its minimum stays, the maximum is new. */
export function cap(module, megabytes) {
  const pages = (megabytes << 20) / PAGE;
  for (let at = 8; at < module.length; ) {
    const [length, content] = unsigned(module, at + 1);
    if (module[at] === MEMORY_SECTION) {
      const [minimum] = unsigned(module, content + 2);
      const section = [1, 1, ...encoded(minimum), ...encoded(pages)];
      const head = [MEMORY_SECTION, ...encoded(section.length), ...section];
      return Buffer.concat([module.subarray(0, at), Buffer.from(head), module.subarray(content + length)]);
    }
    at = content + length;
  }
  throw new Error("the module has no memory of its own");
}

/** Starts the module with at most so many megabytes. */
export const startCapped = (megabytes) => start(cap(built(), megabytes));
