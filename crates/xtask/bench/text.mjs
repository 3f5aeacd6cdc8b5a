// Text: a paragraph, and a banner with two texts; the engine as wasm in node, against goals in
// milliseconds and against itself. Arguments: the ingested photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import { inTurns, milliseconds } from "./rounds.mjs";

const ROUNDS = 25;
const WIDTH = 800;
/** 220 characters, at 24 pixels in lines of 700. */
const WORDS = "The quick brown fox jumps over the lazy dog, and then it rests. ".repeat(4).slice(0, 214);
const paragraph = (nth) =>
  `layer=0&size=700,300&color=ffffff&fmt=png&text=${encodeURIComponent(`{\\fs48 ${String(nth).padStart(5, "0")} ${WORDS}}`)}`;

const [file] = process.argv.slice(2);
const photo = readFileSync(file);
const root = new URL("../../../", import.meta.url);
const wasm = readFileSync(new URL("www/pkg/browser_preview_bg.wasm", root));
/** The photograph as another source, of which no layer is cached. */
const unseen = () => new Uint8Array(photo.buffer, photo.byteOffset, photo.byteLength);

const { initSync, Preview } = await import("../../../www/pkg/browser_preview.js");
initSync({ module: wasm });
const preview = new Preview({});
async function reply(request, source) {
  const reply = await preview.render(request, { source });
  if (reply.status !== 200) throw new Error(`${request}: ${Buffer.from(reply.bytes)}`);
  return reply;
}

// Layout is a part of the plan. Encoding is not counted.
let nth = 0;
const drawing = async (request) => {
  const { timing } = await reply(`Bench?${request}`, photo);
  return timing.plan + timing.render;
};
const empty = "layer=0&size=700,300&color=ffffff&fmt=png";
await drawing(empty);
const first = (await drawing(paragraph(nth++))) - (await drawing(empty));
const [text, without] = await inTurns(
  ROUNDS,
  Math.min,
  () => drawing(paragraph(nth++)),
  () => drawing(empty),
);

/** A photograph, a logo, a headline with a shadow, and a line below it. */
const banner = () =>
  `Bench/photo?wid=${WIDTH}&layer=1&src=Bench/photo&size=120,0&pos=-320,-220` +
  `&layer=2&text={\\fs120\\b\\cf0 Sale ${nth++}}&pos=0,-40&effect=-1&op_blur=4&pos=4,4&opac=60` +
  `&layer=3&text={\\fs48 Everything must go, until Sunday only}&pos=0,60`;
const single = `Bench/photo?wid=${WIDTH}`;
const [stack, alone] = await inTurns(
  ROUNDS,
  Math.min,
  () => milliseconds(() => reply(banner(), unseen())),
  () => milliseconds(() => reply(single, unseen())),
);

console.log(
  JSON.stringify({
    paragraph: { first, warm: text - without, characters: WORDS.length + 6 },
    banner: { wasm: stack, single: alone },
  }),
);
