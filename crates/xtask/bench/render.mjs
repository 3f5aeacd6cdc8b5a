// PTIFF to JPEG and WebP: the engine as wasm in node against sharp (native libvips), one thread each.
// Arguments: the ingested photograph. Prints one JSON object.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import sharp from "sharp";
import { initSync, Preview } from "../../../www/pkg/browser_preview.js";
import { levelFor, levels } from "./levels.mjs";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 25;
const QUALITY = 80;
/** In full-size pixels, off the tile grid. */
const REGION = { left: 1900, top: 1300, width: 1600, height: 1200 };
const REGION_WIDTH = 400;
const THUMBNAIL = 100;
/** The side of a square cut from the middle, of which the full-size level is the nearest. */
const SQUARE = 2000;

const [file] = process.argv.slice(2);
const photo = readFileSync(file);
const wasm = new URL("../../../www/pkg/browser_preview_bg.wasm", import.meta.url);
initSync({ module: readFileSync(wasm) });
const preview = new Preview({});

sharp.concurrency(1);
sharp.cache(false);

/** Opens the file each time, as sharp does: a new source is a new pyramid to the preview. */
async function ours(modifiers) {
  const descriptor = openSync(file);
  const { size } = fstatSync(descriptor);
  const read = (start, length) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
    readSync(descriptor, bytes, 0, bytes.length, start);
    return bytes;
  };
  const request = `Bench/photo?${modifiers}&qlt=${QUALITY}`;
  const reply = await preview.render(request, { source: { size, read } });
  closeSync(descriptor);
  if (reply.status !== 200) throw new Error(`${request}: ${Buffer.from(reply.bytes)}`);
  return Buffer.from(reply.bytes);
}

/** sharp with the level it should open given, which by itself it does not look for. */
const opened = (level) => sharp(file, level.open);
const chroma = (await sharp(await ours("wid=800")).metadata()).chromaSubsampling;
const encoded = (picture) => picture.jpeg({ quality: QUALITY, chromaSubsampling: chroma }).toBuffer();

/** As ours: the side that follows is rounded up, and filled. */
const resized = (picture, width, of) =>
  picture.resize(width, Math.ceil((width * of.height) / of.width), { fit: "fill" });

const whole = async (width) => encoded(resized(opened(levelFor(photo, width)), width, levels(photo)[0]));

/** Of the level nearest above the scale asked for; the region moves with the level's scale. */
async function region() {
  const full = levels(photo)[0].width;
  const level = levelFor(photo, Math.ceil((full * REGION_WIDTH) / REGION.width));
  const scaled = (value) => Math.round((value * level.width) / full);
  const [left, top] = [scaled(REGION.left), scaled(REGION.top)];
  const [width, height] = [scaled(REGION.width), scaled(REGION.height)];
  return encoded(resized(opened(level).extract({ left, top, width, height }), REGION_WIDTH, REGION));
}

/** As `fit=crop`: the largest square of the level nearest above. */
async function square() {
  const level = levels(photo).findLast(({ width, height }) => Math.min(width, height) >= SQUARE);
  const side = Math.min(level.width, level.height);
  const [left, top] = [level.width - side, level.height - side].map((rest) => rest >> 1);
  const cut = opened(level).extract({ left, top, width: side, height: side });
  return encoded(cut.resize(SQUARE, SQUARE, { fit: "fill" }));
}

const webp = (picture) => picture.webp({ quality: QUALITY, effort: 4 }).toBuffer();

const crop = [REGION.left, REGION.top, REGION.width, REGION.height].join(",");
const jobs = {
  whole: [() => ours("wid=800"), () => whole(800)],
  wholeWebp: [
    () => ours("wid=800&fmt=webp"),
    () => webp(resized(opened(levelFor(photo, 800)), 800, levels(photo)[0])),
  ],
  region: [() => ours(`crop=${crop}&wid=${REGION_WIDTH}`), region],
  thumbnail: [() => ours(`wid=${THUMBNAIL}`), () => whole(THUMBNAIL)],
  square: [() => ours(`wid=${SQUARE}&hei=${SQUARE}&fit=crop,1`), square],
};

const results = {};
for (const [name, [mine, peer]] of Object.entries(jobs)) {
  const [one, other] = await Promise.all([mine(), peer()].map(async (bytes) => sharp(await bytes).metadata()));
  if (one.width !== other.width || one.height !== other.height) {
    throw new Error(`${name}: ${one.width}x${one.height} against ${other.width}x${other.height}`);
  }
  const sides = [mine, peer].map((side) => () => milliseconds(side));
  const [inWasm, inSharp] = await inTurns(ROUNDS, Math.min, ...sides);
  results[name] = { wasm: inWasm, sharp: inSharp, width: one.width, height: one.height, chroma };
}

/** A request of some 500 bytes, of which nothing is drawn: what understanding it costs. */
const long =
  "Bench/photo?$product$&wid=800&hei=600&fmt=png-alpha&qlt=85,1&op_usm=1.75,0.3,2,0&resMode=sharp2&" +
  "fit=constrain,1&bgc=255%2C255%2C255&$text=Red%20shoe&layer=1,logo&src=Bench/logo&size=200,100&" +
  "originN=0.5,0.5&posN=0.4,0.4&opac=80&blendMode=mult&effect=-1&op_blur=5&color=0,0,0,128&pos=4,4&" +
  "layer=2&text=$text$&textAttr=150,norm&size=300,0&rotate=-30&layer=3&" +
  "src=is(Bench/badge?wid=200&op_sharpen=1)&pos=20,20&.v=20261121&ts=1763712000&imwidth=800&req=validate";
const understood = await preview.render(long, { source: photo });
if (!Buffer.from(understood.bytes).toString().includes("request.isValid=1")) {
  throw new Error(`${long}: ${Buffer.from(understood.bytes)}`);
}
const REQUESTS = 200;
/** Microseconds of a request; without modifiers it is what any call into wasm and back takes. */
const cost = (request) => async () => {
  const batch = async () => {
    for (let nth = 0; nth < REQUESTS; nth += 1) await preview.render(request, { source: photo });
  };
  return ((await milliseconds(batch)) * 1000) / REQUESTS;
};
const [wholeCall, bareCall] = await inTurns(ROUNDS, Math.min, cost(long), cost("Bench/photo?req=validate"));
results.language = { bytes: long.length, microseconds: wholeCall - bareCall, wholeCall, bareCall };
console.log(JSON.stringify(results));
