// Paragraphs of `text=` and `textPs=` beside those of Chromium in the same font: lines break at the
// same words, and each line lies within a pixel of Chromium's. `build/paragraphs.png` shows both.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import sharp from "sharp";
import { OUTLINES, launch, root } from "./chromium.mjs";

const fonts = join(root, "src/text/font/dejavu");
const face = (file, weight) => {
  const bytes = readFileSync(join(fonts, file)).toString("base64");
  return `@font-face { font-family: Sans; font-weight: ${weight}; src: url(data:font/ttf;base64,${bytes}) }`;
};

// Of the table hhea, in em: the line of `text=` is as high as both together, each rounded.
const [ASCENT, DESCENT] = [1901 / 2048, 483 / 2048];
// Of OS/2: where `textPs=` puts its first baseline.
const TYPO_ASCENT = 1556 / 2048;
const line = (px) => Math.round(ASCENT * px) + Math.round(DESCENT * px);

const PROSE =
  "The quick brown fox jumps over the lazy dog, while well-known voyagers wait for a ferry to Tavira.";
const WIDTH = 260;

const css = (style, text) => `<div style="${style}">${text}</div>`;
const at = (x, text, shift = 0) =>
  `<span style="position:absolute;left:${x}px;transform:translateX(${shift}%)">${text}</span>`;

/**
 * A paragraph: its RTF, and HTML of the same. `px` is its size, `lines` the tops of its lines if they
 * are not all as high as `px` makes them.
 */
const PARAGRAPHS = [
  { name: "left", rtf: PROSE, html: PROSE },
  { name: "right", rtf: `\\qr ${PROSE}`, html: css("text-align:right", PROSE) },
  { name: "centred", rtf: `\\qc ${PROSE}`, html: css("text-align:center", PROSE) },
  { name: "small", px: 12, rtf: PROSE, html: PROSE },
  { name: "large", px: 30, rtf: PROSE, html: PROSE },
  { name: "bold", rtf: `\\b ${PROSE}`, html: css("font-weight:bold", PROSE) },
  {
    name: "bold words",
    rtf: PROSE.replace("brown fox", "{\\b brown fox}").replace("ferry", "{\\b ferry}"),
    html: PROSE.replace("brown fox", "<b>brown fox</b>").replace("ferry", "<b>ferry</b>"),
  },
  {
    name: "line breaks",
    rtf: "One\\line Two and\\line \\line Four, after an empty line",
    html: "One<br>Two and<br><br>Four, after an empty line",
  },
  {
    name: "paragraphs",
    rtf: "First of three.\\par The second one is longer than a line of it.\\par Third.",
    html: "<div>First of three.</div><div>The second one is longer than a line of it.</div><div>Third.</div>",
  },
  {
    name: "space around",
    rtf: "\\sb120\\sa240 One.\\par Two.",
    html: css("padding:6px 0 12px", "One.") + css("padding:6px 0 12px", "Two."),
    lines: [0, 42, 84],
  },
  {
    name: "no-break spaces",
    rtf: "Ships\\~of\\~the\\~line and boats\\~of\\~the\\~river",
    html: "Ships&nbsp;of&nbsp;the&nbsp;line and boats&nbsp;of&nbsp;the&nbsp;river",
  },
  {
    name: "a word that is too long",
    rtf: "A Donaudampfschifffahrtsgesellschaftskapitän",
    html: css("overflow-wrap:anywhere", "A Donaudampfschifffahrtsgesellschaftskapitän"),
  },
  { name: "hyphens", rtf: "mother-of-pearl-white ring-tailed-lemurs", html: "mother-of-pearl-white ring-tailed-lemurs" },
  {
    name: "tab stops to the left",
    rtf: "\\tx1600\\tx3200 a\\tab b\\tab c\\line dd\\tab ee\\tab ff",
    html: `${at(0, "a")}${at(80, "b")}${at(160, "c")}<br>${at(0, "dd")}${at(80, "ee")}${at(160, "ff")}`,
  },
  {
    name: "tab stops to the right and to the middle",
    rtf: "\\tqr\\tx2600\\tqc\\tx4200 Tea\\tab 2.50\\tab hot\\line Coffee\\tab 12.75\\tab iced",
    html: `${at(0, "Tea")}${at(130, "2.50", -100)}${at(210, "hot", -50)}<br>` +
      `${at(0, "Coffee")}${at(130, "12.75", -100)}${at(210, "iced", -50)}`,
  },
  {
    name: "spaced out",
    spaced: 2,
    rtf: `\\expndtw40 ${PROSE.slice(0, 60)}`,
    html: css("letter-spacing:2px", PROSE.slice(0, 60)),
  },
  { name: "textPs: left", ps: true, rtf: PROSE, html: PROSE },
  {
    name: "textPs: indents",
    ps: true,
    rtf: `\\li600\\ri400\\fi-400 ${PROSE}`,
    html: css("margin:0 20px 0 30px;text-indent:-20px", PROSE),
  },
  { name: "textPs: first line", ps: true, rtf: `\\fi800 ${PROSE}`, html: css("text-indent:40px", PROSE) },
  { name: "textPs: justified", ps: true, rtf: `\\qj ${PROSE}`, html: css("text-align:justify", PROSE) },
  { name: "textPs: capitals", ps: true, rtf: `\\caps ${PROSE.slice(0, 50)}`, html: css("text-transform:uppercase", PROSE.slice(0, 50)) },
  {
    name: "textPs: sizes in a line",
    ps: true,
    rtf: "small {\\fs64 LARGE} small",
    html: '<span style="line-height:38.4px">small <span style="font-size:32px">LARGE</span> small</span>',
    lines: [-6, 48],
    // Its first line is as high as its largest characters.
    first: 32,
  },
];

let browser;
let folder;
const pairs = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "azulejo-paragraphs-"));
  browser = await launch(...OUTLINES);
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
  if (pairs.length === 0) return;
  const [across, gap] = [3, 12];
  const [width, height] = [2 * WIDTH + 2 * gap, Math.max(...pairs.map((pair) => pair.height)) + gap];
  const sheet = pairs.flatMap(({ own, other }, nth) => {
    const [left, top] = [(nth % across) * width + gap, Math.floor(nth / across) * height + gap];
    return [{ input: own, left, top }, { input: other, left: left + WIDTH + 4, top }];
  });
  mkdirSync(join(root, "build"), { recursive: true });
  const size = { width: across * width, height: Math.ceil(pairs.length / across) * height + gap };
  await sharp({ create: { ...size, channels: 3, background: "#cde" } })
    .composite(sheet)
    .toFile(join(root, "build/paragraphs.png"));
});

/** The part of the store's request that draws a paragraph, and its picture. */
function byAzulejo({ rtf, ps, px = 20 }, height) {
  const text = encodeURIComponent(`\\fs${2 * px} ${rtf}`);
  const request = `Test/?${ps ? "textPs" : "text"}=${text}&size=${WIDTH},${height}&bgc=ffffff&fmt=png`;
  const file = join(folder, "reply.png");
  execFileSync(process.env.AZULEJO_BIN, ["render", request, "--from", `dir:${folder}`, "-o", file], { stdio: "pipe" });
  return readFileSync(file);
}

async function byChromium({ html, ps, px = 20, first = px }, height) {
  const page = await browser.newPage({ viewport: { width: WIDTH, height } });
  const pitch = ps ? 1.2 * px : line(px);
  // CSS puts the baseline where the ascender, the descender and the leading around them are in the
  // middle of the line (CSS 2.1, section 10.8.1).
  const baseline = (1.2 * first - line(first)) / 2 + Math.round(ASCENT * first);
  const top = ps ? Math.round(TYPO_ASCENT * first) - baseline : 0;
  await page.setContent(
    `<style>${face("DejaVuSans.ttf", 400)}${face("DejaVuSans-Bold.ttf", 700)}
     body { margin: 0; background: white; position: relative; top: ${top}px; width: ${WIDTH}px;
       font: ${px}px/${pitch}px Sans; text-rendering: geometricPrecision; font-synthesis: none }</style>${html}`,
  );
  await page.evaluate(() => document.fonts.ready);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

/**
 * The ink of each line: its top and bottom, then the ends of each word, which are `gap` pixels apart.
 * An empty line has none.
 */
async function inked(picture, tops, gap) {
  const { data, info } = await sharp(picture).removeAlpha().greyscale().raw().toBuffer({ resolveWithObject: true });
  return tops.slice(0, -1).map((top, nth) => {
    const [columns, rows] = [new Set(), new Set()];
    for (let y = Math.max(0, Math.round(top)); y < Math.min(info.height, Math.round(tops[nth + 1])); y += 1) {
      for (let x = 0; x < info.width; x += 1) {
        if (data[y * info.width + x] > 150) continue;
        columns.add(x);
        rows.add(y);
      }
    }
    const across = [...columns].sort((a, b) => a - b);
    const ends = across.flatMap((x, at) => [
      ...(at === 0 || x - across[at - 1] > gap ? [x] : []),
      ...(at === across.length - 1 || across[at + 1] - x > gap ? [x] : []),
    ]);
    return rows.size === 0 ? [] : [Math.min(...rows), Math.max(...rows), ...ends];
  });
}

for (const paragraph of PARAGRAPHS) {
  test(`${paragraph.name}: lines break and lie as in Chromium`, async () => {
    const { ps, px = 20, first = px } = paragraph;
    const pitch = ps ? 1.2 * px : line(px);
    const height = 230;
    // The line box of `textPs=` begins above its first pixel.
    const above = ps ? Math.round(TYPO_ASCENT * first) - Math.round(ASCENT * first) - 1 : 0;
    const tops = paragraph.lines ?? Array.from({ length: Math.floor(height / pitch) }, (_, nth) => above + nth * pitch);
    const own = byAzulejo(paragraph, height);
    const other = await byChromium(paragraph, height);
    pairs.push({ own, other, height });
    const gap = 0.3 * px + (paragraph.spaced ?? 0);
    const [mine, theirs] = [await inked(own, tops, gap), await inked(other, tops, gap)];
    assert.ok(mine.flat().length > 0, "nothing is drawn");
    mine.forEach((places, nth) => {
      const [own, other] = [places.join(" "), theirs[nth].join(" ")];
      assert.equal(places.length, theirs[nth].length, `line ${nth + 1} has other words: ${own}, in Chromium ${other}`);
      const near = places.every((place, of) => Math.abs(place - theirs[nth][of]) <= 1);
      assert.ok(near, `line ${nth + 1} lies at ${own}, in Chromium at ${other}`);
    });
  });
}
