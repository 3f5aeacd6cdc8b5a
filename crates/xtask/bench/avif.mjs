// 800 x 600 pixels as AVIF: the Worker's module in node against sharp (libaom with assembler), one
// thread each. Arguments: the photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 9;
const [WIDTH, HEIGHT, QUALITY] = [800, 600, 60];

const [photo] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);

const pixels = await sharp(photo).resize(WIDTH, HEIGHT).removeAlpha().raw().toBuffer();
const module = new WebAssembly.Module(readFileSync(new URL("../../../build/worker/avif.wasm", import.meta.url)));

const imports = { "./avif_bg.js": { __wbindgen_init_externref_table() {} } };

/** As crates/edge-worker/avif.js does. */
function ours() {
  const { memory, reserve, run, output, output_length } = new WebAssembly.Instance(module, imports).exports;
  const address = reserve(pixels.length);
  new Uint8Array(memory.buffer).set(pixels, address);
  if (!run(WIDTH, HEIGHT, 3, QUALITY, false)) throw new Error("the module made no file");
  return new Uint8Array(memory.buffer, output(), output_length());
}

const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 3 } };
const theirs = (effort) => sharp(pixels, raw).avif({ quality: QUALITY, effort, chromaSubsampling: "4:2:0" }).toBuffer();

/** The effort of sharp at which its file is nearest to ours in length. */
const { length } = ours();
let effort = 0;
let nearest = Infinity;
for (let tried = 0; tried <= 4; tried += 1) {
  const apart = Math.abs((await theirs(tried)).length - length);
  if (apart < nearest) [effort, nearest] = [tried, apart];
}

const sides = [() => milliseconds(ours), () => milliseconds(() => theirs(effort))];
const [inWasm, inSharp] = await inTurns(ROUNDS, Math.min, ...sides);
const lengths = { bytes: length, sharpBytes: (await theirs(effort)).length };
console.log(JSON.stringify({ wasm: inWasm, sharp: inSharp, effort, ...lengths }));
