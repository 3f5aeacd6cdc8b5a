// How near replies are to a Lanczos-3 of the original in full size: PSNR in dB over all samples. It
// depends on no clock. Arguments: the ingested photograph, the original. Prints one JSON object.
import sharp from "sharp";
import { engine } from "./engine.mjs";

const QUALITY = 80;
/** In full-size pixels, off the tile grid, as in `render.mjs`. */
const REGION = { left: 1900, top: 1300, width: 1600, height: 1200 };

const [file, original] = process.argv.slice(2);
const { renderFile } = await engine("quality");

/** `part` is a rectangle of the original, or null for all of it. */
async function psnr(modifiers, part) {
  const { bytes } = await renderFile(`Bench/photo?${modifiers}&qlt=${QUALITY}`, file);
  const reply = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = reply.info;
  const whole = sharp(original);
  const reference = await (part ? whole.extract(part) : whole)
    // Without shrinking while decoding, which would not be a Lanczos-3 of all pixels.
    .resize(width, height, { fit: "fill", kernel: "lanczos3", fastShrinkOnLoad: false })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (reference.info.channels !== channels) throw new Error(`${channels} channels`);
  const squares = reply.data.reduce((sum, sample, at) => sum + (sample - reference.data[at]) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / reply.data.length));
}

const crop = [REGION.left, REGION.top, REGION.width, REGION.height].join(",");
console.log(
  JSON.stringify({
    whole: await psnr("wid=800", null),
    region: await psnr(`crop=${crop}&wid=400`, REGION),
    thumbnail: await psnr("wid=100", null),
  }),
);
