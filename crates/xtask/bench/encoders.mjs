// Encoders of JPEG, WebP and PNG replies, and the conversion of inks: the engine as wasm in node, against
// libjpeg-turbo and libwebp in sharp, against goals in milliseconds, and against itself.
// Arguments: the photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { initSync, Preview } from "../../../www/pkg/browser_preview.js";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 25;
const QUALITY = 80;
const [WIDTH, HEIGHT] = [800, 600];
/** A megapixel of inks. */
const SIDE = 1000;

const [photo] = process.argv.slice(2);
const root = new URL("../../../", import.meta.url);
initSync({ module: readFileSync(new URL("www/pkg/browser_preview_bg.wasm", root)) });
const preview = new Preview({});

sharp.concurrency(1);
sharp.cache(false);

async function reply(modifiers, source) {
  const request = `Bench/plain?${modifiers}`;
  const reply = await preview.render(request, { source });
  if (reply.status !== 200) throw new Error(`${request}: ${Buffer.from(reply.bytes)}`);
  return reply;
}

const size = (width, height) => sharp(photo).resize(width, height, { fit: "fill" });
const picture = await size(WIDTH, HEIGHT).png({ compressionLevel: 0 }).toBuffer();
/** What the encoder takes, without decoding and drawing. */
const encoding = (modifiers) => async () => (await reply(modifiers, picture)).timing.encode;

const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
/** Without mozjpeg: nothing but libjpeg-turbo, with tables of the picture's own. */
const turbo = () =>
  sharp(data, { raw: info })
    .jpeg({ quality: QUALITY, chromaSubsampling: "4:2:0", optimiseCoding: true })
    .toBuffer();

const libwebp = () => sharp(data, { raw: info }).webp({ quality: QUALITY, effort: 4 }).toBuffer();

/** The best that fits into half of the bytes of quality 80, over one encoding of just this file. */
const whole = (await reply(`qlt=${QUALITY}`, picture)).bytes.length;
const kibibytes = Math.floor(whole / 2 / 1024);
const fitting = (await reply(`qlt=${QUALITY}&jpegSize=${kibibytes}`, picture)).bytes;
const plain = `qlt=${QUALITY}`;
const [jpeg, turboJpeg, sized, webp, peerWebp, png] = await inTurns(
  ROUNDS,
  Math.min,
  encoding(plain),
  () => milliseconds(turbo),
  encoding(`${plain}&jpegSize=${kibibytes}`),
  encoding(`${plain}&fmt=webp`),
  () => milliseconds(libwebp),
  encoding("fmt=png"),
);

/** Inks with the profile of a press, and the same picture in RGB, which is not converted. */
const press = new URL("tests/fixtures/icc/cgats-001.icc", root).pathname;
const inks = size(SIDE, SIDE).toColourspace("cmyk").withIccProfile(press);
const tiff = await inks.tiff({ compression: "none" }).toBuffer();
const rgb = await size(SIDE, SIDE).tiff({ compression: "none" }).toBuffer();
const drawing = (source) => async () => (await reply("scl=1&fmt=png", source)).timing.render;
const [managed, unconverted] = await inTurns(ROUNDS, Math.min, drawing(tiff), drawing(rgb));
const { space, icc } = await sharp(tiff).metadata();
if (space !== "cmyk" || !icc) throw new Error(`inks with a profile became ${space}`);

console.log(
  JSON.stringify({
    jpeg: { wasm: jpeg, sharp: turboJpeg },
    jpegSize: { wasm: sized, once: jpeg, kibibytes, bytes: fitting.length },
    webp: { wasm: webp, sharp: peerWebp },
    png: { wasm: png },
    inks: { wasm: managed - unconverted, managed, unconverted },
  }),
);
