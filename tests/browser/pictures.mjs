// Pictures of pages, compared with those that are stored.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { root } from "./chromium.mjs";

/** The stored pictures. They have 32 colours, to be small. */
const FOLDER = join(root, "tests/browser/pictures");
const COLOURS = 32;

/** How far a channel of a pixel may differ: the stored picture has few colours, and edges of text are soft. */
const CHANNEL = 32;

/**
 * The share of pixels that may differ. Fonts of machines differ, and text is 2 to 4 % of these pages in half size; a
 * control that moves, or a colour of the page that changes, is more.
 */
const SHARE = 0.06;

/** Compares a PNG with the stored one. Gives what is wrong, or nothing. With BLESS=1 it is stored. */
export async function compare(name, png) {
  const stored = join(FOLDER, `${name}.png`);
  if (process.env.BLESS === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(stored, await sharp(png).png({ palette: true, colours: COLOURS, dither: 0, effort: 10, compressionLevel: 9 }).toBuffer());
    return undefined;
  }
  const actual = join(tmpdir(), `azulejo-${name}.png`);
  const write = (why) => {
    writeFileSync(actual, png);
    return `${name}: ${why}. The actual picture is ${actual}; BLESS=1 stores it.`;
  };
  if (!existsSync(stored)) return write("there is no stored picture");
  const [one, other] = await Promise.all([png, readFileSync(stored)].map((bytes) => sharp(bytes).removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true })));
  const size = ({ info }) => `${info.width} × ${info.height}`;
  if (size(one) !== size(other)) return write(`it is ${size(one)} pixels, and the stored picture ${size(other)}`);
  const share = difference(one.data, other.data);
  return share > SHARE ? write(`${(share * 100).toFixed(2)} % of the pixels differ, at most ${SHARE * 100} % may`) : undefined;
}

/** The share of pixels with a channel that differs by more than may be. Both are RGB. */
export function difference(one, other) {
  let count = 0;
  for (let at = 0; at < one.length; at += 3) {
    if ([0, 1, 2].some((channel) => Math.abs(one[at + channel] - other[at + channel]) > CHANNEL)) count += 1;
  }
  return count / (one.length / 3);
}
