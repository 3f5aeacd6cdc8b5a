// Widths of devices, and the code of pages that ask for pictures in them.

/** The widest picture that is asked for. */
const WIDEST = 3000;
const MOST = 12;

/**
 * The devices of a text such as `360@3, 768@2, 1280`: `{ width, ratio, pixels }` with the width in CSS pixels.
 * Throws a sentence for people.
 */
export function devicesOf(text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  if (parts.length === 0) throw new Error("Give at least one width, such as 360@3.");
  if (parts.length > MOST) throw new Error(`These are ${parts.length} devices; at most ${MOST} are shown.`);
  return parts.map((part) => {
    const [, width, ratio = "1"] = /^(\d+)(?:px)?(?:@([\d.]+)x?)?$/i.exec(part) ?? [];
    if (!width) throw new Error(`“${part}” is no device: write its width and pixel ratio as 360@3.`);
    if (!(Number(width) >= 1 && Number(width) <= WIDEST)) throw new Error(`“${part}”: the width is 1 to ${WIDEST}.`);
    if (!(Number(ratio) >= 0.5 && Number(ratio) <= 5)) throw new Error(`“${part}”: the pixel ratio is 0.5 to 5.`);
    const pixels = Math.min(WIDEST, Math.round(Number(width) * Number(ratio)));
    return { width: Number(width), ratio: Number(ratio), pixels };
  });
}

/** The height that belongs to a width, if the picture has a fixed shape. */
export function heightFor(pixels, width, height) {
  if (!(width > 0) || !(height > 0)) return undefined;
  return Math.max(1, Math.round((height * pixels) / width));
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** Different numbers, the lowest first. */
const ascending = (numbers) => [...new Set(numbers)].sort((one, other) => one - other);

/** `(max-width: 360px) 360px, … 1280px`: how wide the picture is shown. */
function sizesOf(devices) {
  const widths = ascending(devices.map(({ width }) => width));
  const last = widths.pop();
  return [...widths.map((width) => `(max-width: ${width}px) ${width}px`), `${last}px`].join(", ");
}

/**
 * The code. `address(pixels, fmt)` is the URL of the picture in a width, and in a format if one is given; `ratio` its
 * height for a width of 1, if that is known; `base` the URL without modifiers, and `modifiers` those of every width.
 */
export function codeOf(devices, { address, ratio, base, modifiers }) {
  const widths = ascending(devices.map(({ pixels }) => pixels));
  const set = (fmt, indent) => widths.map((pixels) => `${escaped(address(pixels, fmt))} ${pixels}w`).join(`,\n${indent}`);
  const sizes = sizesOf(devices);
  const largest = escaped(address(widths.at(-1)));
  const dimensions = ratio ? `width="${widths.at(-1)}" height="${Math.round(widths.at(-1) * ratio)}" ` : "";
  const image = (indent) => [
    "<img",
    `${indent}src="${largest}"`,
    `${indent}srcset="${set(undefined, `${indent}  `)}"`,
    `${indent}sizes="${sizes}"`,
    `${indent}${dimensions}alt="" loading="lazy">`,
  ].join("\n");
  const source = (fmt) => `  <source type="image/${fmt}" sizes="${sizes}"\n    srcset="${set(fmt, "      ")}">`;
  const points = ascending(devices.map(({ width }) => width)).join(",");
  const preset = modifiers ? `?${escaped(modifiers)}` : "";
  return {
    img: image("  "),
    picture: ["<picture>", source("avif"), source("webp"), `  ${image("    ")}`, "</picture>"].join("\n"),
    responsive: [
      `<img data-src="${escaped(base)}${preset}" data-breakpoints="${points}" alt="">`,
      '<script type="module">',
      `  import { manageAll } from "${new URL("/viewers/responsive-image.js", base).href}";`,
      "  manageAll();",
      "</script>",
    ].join("\n"),
  };
}
