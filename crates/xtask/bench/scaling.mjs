// How the time of a reply grows: with its pixels, with its layers, and with the size of its master. The engine
// as wasm in node. Arguments: masters as JSON, `[{ megapixels, file }]`, smallest first. Prints one JSON object
// of series of `[x, milliseconds]`.
import sharp from "sharp";
import { engine } from "./engine.mjs";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 7;
const SIDES = [256, 512, 768, 1024, 1280, 1536, 1792, 2048];
/** The width of the view that the replies are parts of: all of one scale, below that of a level. */
const VIEW = 3072;
const LAYERS = [0, 1, 2, 4, 8, 12, 16];

const masters = JSON.parse(process.argv[2]);
const { renderFile } = await engine("scaling");

/** The points of a series: `point` makes of each x the request and the file that it is about. */
async function series(values, point) {
  const jobs = await Promise.all(values.map(point));
  const sides = jobs.map(({ modifiers, file }) => () =>
    milliseconds(() => renderFile(`Bench/photo?${modifiers}`, file)),
  );
  const times = await inTurns(ROUNDS, Math.min, ...sides);
  return jobs.map(({ x }, nth) => [x, times[nth]]);
}

/** Of a master that is larger than all replies. */
const { file } = masters[1];

const pixels = (format) =>
  series(SIDES, async (side) => {
    const modifiers = `wid=${VIEW}&rect=0,0,${side},${side}&fmt=${format}`;
    const { bytes } = await renderFile(`Bench/photo?${modifiers}`, file);
    const { width, height } = await sharp(bytes).metadata();
    if (width !== side || height !== side) throw new Error(`${modifiers}: ${width} × ${height}`);
    return { x: (width * height) / 1e6, modifiers, file };
  });

const layers = (layer) =>
  series(LAYERS, async (count) => {
    const above = Array.from({ length: count }, (_, nth) => `&layer=${nth + 1}&${layer(nth)}`);
    return { x: count, modifiers: `size=800,0&wid=800${above.join("")}`, file };
  });
/** A grid over the image. */
const place = (nth) => `pos=${(nth % 4) * 150 - 225},${Math.floor(nth / 4) * 100 - 150}`;

const sizes = (modifiers) =>
  series(masters, async ({ megapixels, file }) => ({ x: megapixels, modifiers, file }));

console.log(
  JSON.stringify({
    pixels: { JPEG: await pixels("jpeg"), WebP: await pixels("webp"), PNG: await pixels("png") },
    layers: {
      "images of 200 px": await layers((nth) => `src=Bench/photo&size=${200 + nth},0&${place(nth)}`),
      "lines of text": await layers((nth) => `text={\\fs36 Line ${nth}}&${place(nth)}`),
    },
    masters: {
      "whole image, 800 px": await sizes("wid=800"),
      "whole image, 100 px": await sizes("wid=100"),
      "region, 400 px": await sizes("crop=1000,1000,1600,1200&wid=400"),
    },
  }),
);
