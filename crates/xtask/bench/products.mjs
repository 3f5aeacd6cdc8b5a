// Photographs of products to ingest: parts of a photograph, each of 1600 × 2000 pixels as JPEG. They
// are made once. Arguments: the photograph, the folder, the number. Prints one JSON object.
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const [WIDTH, HEIGHT, QUALITY] = [1600, 2000, 90];

const [photo, folder, count] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const there = new Set(readdirSync(folder));
const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
const raw = { width: info.width, height: info.height, channels: info.channels };

for (let nth = 0; nth < Number(count); nth += 1) {
  const name = `product-${String(nth).padStart(3, "0")}.jpg`;
  if (there.has(name)) continue;
  // Steps that are prime to the room, so that no two parts are the same.
  const left = (nth * 787) % (info.width - WIDTH);
  const top = (nth * 331) % (info.height - HEIGHT);
  const part = sharp(data, { raw }).extract({ left, top, width: WIDTH, height: HEIGHT });
  const bytes = await part.jpeg({ quality: QUALITY, chromaSubsampling: "4:2:0" }).toBuffer();
  // A run that is interrupted leaves no half of a file.
  writeFileSync(join(folder, `.${name}`), bytes);
  renameSync(join(folder, `.${name}`), join(folder, name));
}
console.log(JSON.stringify({ count: Number(count), width: WIDTH, height: HEIGHT }));
