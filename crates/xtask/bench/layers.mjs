// Operations and layers: the engine as wasm in node against sharp (native libvips), one thread each.
// Arguments: the ingested photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { engine } from "./engine.mjs";
import { levelFor, levels } from "./levels.mjs";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 25;
const QUALITY = 80;
const WIDTH = 800;
/** Standard deviation of the blur of an unsharp mask. */
const SIGMA = 1;
/** Layers above the photograph, which show it too: width, and position of the top left corner. */
const BADGES = [
  { width: 360, left: 40, top: 60 },
  { width: 240, left: 500, top: 240 },
];
/** The shadow of the first one. `alpha` is its colour's, of 255. */
const SHADOW = { sigma: 6, offset: 8, alpha: 128 };

const [file] = process.argv.slice(2);
const photo = readFileSync(file);
const full = levels(photo)[0];

sharp.concurrency(1);
sharp.cache(false);

/** An engine with a memory of its own, and the photograph as its source. */
async function loaded(name) {
  const { render, memory } = await engine(name);
  return {
    render: (modifiers, source = photo) => render(`Bench/photo?${modifiers}&qlt=${QUALITY}`, source),
    memory,
  };
}

const { render } = await loaded("speed");
/** The photograph as another source, of which no layer is cached. */
const unseen = () => new Uint8Array(photo.buffer, photo.byteOffset, photo.byteLength);
const timed = (...sides) =>
  inTurns(ROUNDS, Math.min, ...sides.map((side) => () => milliseconds(side)));

/** As ours: the height of a layer follows, rounded. */
const height = (width) => Math.round((width * full.height) / full.width);
const raw = (picture) => picture.raw().toBuffer({ resolveWithObject: true });
const resized = (width, height) =>
  sharp(photo, levelFor(photo, width).open).resize(width, height, { fit: "fill" });
const input = ({ data, info }) => ({ input: data, raw: info });

/** What an unsharp mask adds to a square of 800 × 800 pixels before it is encoded. */
async function unsharpMask() {
  const left = Math.floor((full.width - full.height) / 2);
  const square = `crop=${left},0,${full.height},${full.height}&wid=${WIDTH}`;
  const drawing = (modifiers) => async () => (await render(square + modifiers)).timing.render;
  const peer = (picture) => () => milliseconds(() => raw(picture()));
  const pixels = input(await raw(resized(WIDTH, WIDTH)));
  const source = () => sharp(pixels.input, { raw: pixels.raw });
  const [plain, masked, peerPlain, peerMasked] = await inTurns(
    ROUNDS,
    Math.min,
    drawing(""),
    drawing(`&op_usm=1,${SIGMA},0,0`),
    peer(source),
    peer(() => source().sharpen({ sigma: SIGMA })),
  );
  return { wasm: masked - plain, sharp: peerMasked - peerPlain };
}

/** The modifiers of a layer that shows the photograph on a canvas of this height. */
const layer = ({ width, left, top }, number, size = width, canvas = height(WIDTH)) => {
  // The centre of a layer lies at this distance from the centre of layer 0.
  const pos = [left + (width - WIDTH) / 2, top + (height(width) - canvas) / 2];
  return `&layer=${number}&src=Bench/photo&size=${size},0&pos=${pos}`;
};
const single = `size=${WIDTH},0&wid=${WIDTH}`;
const shadow =
  `&effect=-1&op_blur=${SHADOW.sigma}&pos=${SHADOW.offset},${SHADOW.offset}` +
  `&color=0,0,0,${SHADOW.alpha}`;
const stack = single + layer(BADGES[0], 1) + shadow + layer(BADGES[1], 2);

const chroma = (await sharp((await render(single)).bytes).metadata()).chromaSubsampling;
const encoded = (picture) => picture.jpeg({ quality: QUALITY, chromaSubsampling: chroma }).toBuffer();

/** The same picture of three layers by sharp. */
async function composite() {
  const badges = await Promise.all(
    BADGES.map(({ width }) => raw(resized(width, height(width)))),
  );
  const [{ width, left, top }] = BADGES;
  const reach = 3 * SHADOW.sigma;
  const color = { r: 0, g: 0, b: 0 };
  const solid = sharp({
    create: {
      width,
      height: height(width),
      channels: 4,
      background: { ...color, alpha: SHADOW.alpha / 255 },
    },
  });
  const grown = await raw(
    solid.extend({
      left: reach,
      right: reach,
      top: reach,
      bottom: reach,
      background: { ...color, alpha: 0 },
    }),
  );
  const soft = await raw(sharp(grown.data, { raw: grown.info }).blur(SHADOW.sigma));
  const at = SHADOW.offset - reach;
  return encoded(
    resized(WIDTH, height(WIDTH)).composite([
      { ...input(soft), left: left + at, top: top + at },
      ...badges.map((badge, nth) => ({
        ...input(badge),
        left: BADGES[nth].left,
        top: BADGES[nth].top,
      })),
    ]),
  );
}

/** Fails unless two JPEGs show the same picture. */
async function compare(one, other) {
  const [left, right] = await Promise.all([one, other].map((bytes) => sharp(bytes).raw().toBuffer()));
  const differences = left.reduce((sum, sample, at) => sum + Math.abs(sample - right[at]), 0);
  const mean = differences / left.length;
  if (left.length !== right.length || mean > 3) {
    throw new Error(`the pictures differ by ${mean} steps on average`);
  }
}

async function layers() {
  await compare((await render(stack)).bytes, await composite());
  const sides = [() => render(stack, unseen()), () => render(single, unseen()), composite];
  const [inWasm, alone, inSharp] = await timed(...sides);
  return { wasm: inWasm, single: alone, sharp: inSharp };
}

/** The same layers, the second as wide as a variable says: drawn first, and with another width. */
async function template() {
  const request = (width) =>
    single + layer(BADGES[0], 1) + shadow + layer(BADGES[1], 2, "$w$") + `&$w=${width}`;
  let source = photo;
  let width = BADGES[1].width;
  const draw = async () => {
    source = unseen();
    return render(request(width), source);
  };
  const change = () => {
    width += 1;
    return render(request(width), source);
  };
  const [first, changed] = await timed(draw, change);
  const { headers } = await change();
  const layers = headers["server-timing"].match(/layers;desc="(.*)"/)?.[1];
  return { first, changed, layers };
}

/** Ten layers on a canvas of 2000 × 2000 pixels. */
async function large() {
  const { render, memory } = await loaded("large");
  const side = 2000;
  const left = Math.floor((full.width - full.height) / 2);
  const square = `crop=${left},0,${full.height},${full.height}&size=${side},${side}&wid=${side}`;
  const badge = (_, nth) => {
    const place = { width: 700 + nth * 50, left: nth * 120 - 600, top: nth * 150 };
    return layer(place, nth + 1, place.width, side);
  };
  const request = square + Array.from({ length: 9 }, badge).join("");
  const [ms] = await inTurns(3, Math.min, () => milliseconds(() => render(request, unseen())));
  return { ms, bytes: memory.buffer.byteLength };
}

const results = {
  unsharpMask: await unsharpMask(),
  layers: await layers(),
  template: await template(),
  large: await large(),
};
console.log(JSON.stringify(results));
