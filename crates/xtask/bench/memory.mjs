// The memory that wasm has taken, which never shrinks: after a large reply, after one of a gigapixel
// master, and after many mixed requests. Each engine has a memory of its own.
// Arguments: the ingested photograph, the pyramid of a gigapixel. Prints one JSON object.
import { engine } from "./engine.mjs";

const REQUESTS = 1000;
const PNG = "wid=2000&hei=2000&fit=stretch&fmt=png";
/** One of each kind, the largest reply among them. */
const KINDS = [
  "wid=100",
  "wid=400&fmt=webp",
  "wid=800",
  "wid=800&fmt=png",
  "wid=1200&fmt=webp",
  "crop=1900,1300,1600,1200&wid=400",
  "scl=1&rect=1024,1024,256,256",
  "wid=600&op_usm=1,1,0,0",
  "wid=600&rotate=30&fmt=png-alpha",
  "size=700,0&layer=1&src=Bench/photo&size=200,0&pos=40,40&effect=-1&op_blur=5",
  "wid=500&hei=500&fit=crop&fmt=gif",
  PNG,
];

const [photo, gigapixel] = process.argv.slice(2);

/** The bytes of a new engine's memory after these requests. */
async function taken(name, file, requests) {
  const { renderFile, memory } = await engine(name);
  const empty = memory.buffer.byteLength;
  for (const modifiers of requests) await renderFile(`Bench/photo?${modifiers}`, file);
  return { empty, bytes: memory.buffer.byteLength };
}

/** The same numbers each time, evenly distributed below `bound`. */
function numbers(bound) {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const alone = {};
for (const [nth, kind] of KINDS.entries()) alone[kind] = (await taken(`kind${nth}`, photo, [kind])).bytes;
const next = numbers(KINDS.length);
const mixed = await taken("mixed", photo, Array.from({ length: REQUESTS }, () => KINDS[next()]));
const large = await taken("gigapixel", gigapixel, ["wid=800"]);
console.log(
  JSON.stringify({
    empty: mixed.empty,
    gigapixel: large.bytes,
    png: alone[PNG],
    mixed: mixed.bytes,
    largest: Math.max(...Object.values(alone)),
    alone,
  }),
);
