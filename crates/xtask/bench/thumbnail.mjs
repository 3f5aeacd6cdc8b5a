// PTIFF to JPEG: the engine as wasm in node against the program vipsthumbnail, one thread each. What
// the program takes to start is not counted: it makes many thumbnails in one run and one in another.
// Arguments: the ingested photograph. Prints one JSON object.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { engine } from "./engine.mjs";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 7;
const QUALITY = 80;
/** How many thumbnails a run of either side makes. */
const COUNT = 8;

const [file] = process.argv.slice(2);
const { renderFile } = await engine("thumbnail");
const folder = mkdtempSync(join(tmpdir(), "azulejo-thumbnail-"));
const output = join(folder, "thumbnail.jpg");

const ours = (width) => renderFile(`Bench/photo?wid=${width}&qlt=${QUALITY}`, file);

function vips(width, count) {
  // A name without %s is one file, which each thumbnail replaces.
  const words = [...Array(count).fill(file), "--size", `${width}x`, "--output", `${output}[Q=${QUALITY}]`];
  execFileSync("vipsthumbnail", words, { env: { ...process.env, VIPS_CONCURRENCY: "1" } });
}

async function compared(width) {
  vips(width, 1);
  const sizes = [(await ours(width)).bytes, readFileSync(output)];
  const [one, other] = await Promise.all(sizes.map((bytes) => sharp(bytes).metadata()));
  if (one.width !== width || other.width !== width || one.chromaSubsampling !== other.chromaSubsampling) {
    throw new Error(`${width}: ${JSON.stringify([one, other])}`);
  }
  const many = async () => {
    for (let nth = 0; nth < COUNT; nth += 1) await ours(width);
  };
  const [mine, first, all] = await inTurns(
    ROUNDS,
    Math.min,
    () => milliseconds(many),
    () => milliseconds(() => vips(width, 1)),
    () => milliseconds(() => vips(width, COUNT + 1)),
  );
  return { wasm: mine / COUNT, vips: (all - first) / COUNT, start: first };
}

try {
  console.log(JSON.stringify({ whole: await compared(800), thumbnail: await compared(100) }));
} finally {
  rmSync(folder, { recursive: true });
}
