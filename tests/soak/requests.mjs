// The mix of requests: what shops ask, what crawlers ask, and what nobody should.

/** Numbers from 0 up to 1, the same in every run (mulberry32). */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

const operations = [
  "op_usm=1.75,0.3,2,0",
  "op_usm=1,6,4,0",
  "op_sharpen=1",
  "flip=lr",
  "resMode=bicub",
  "fmt=pjpeg",
  "op_blur=9",
  "op_grow=6&op_hue=40",
  "op_noise=10&op_colorize=a0b0c0",
  // Not supported yet, so an error.
  "jpegSize=40",
];

const inWords = ["props,json", "imageprops,json", "exists", "resolve", "explain", "set,json&id=7", "map", "userdata"];

const wrong = [
  "wid=x",
  "wid=99999&hei=99999",
  "$nosuch$",
  "fmt=nothing",
  `src=${"is(Samples/a?src=".repeat(12)}x${")".repeat(12)}`,
  "layer=1&text=hello",
  "src=(http://127.0.0.1:1/a.png)",
  "%zz=%",
];

/** One request as { kind, path, headers, method }. `objects` are ids as in `Samples/pier`. */
export function mix(objects, next) {
  const below = (end) => Math.floor(next() * end);
  const one = (list) => list[below(list.length)];
  const image = (modifiers, more) => ({ path: `/is/image/${one(objects)}?${modifiers}`, ...more });
  // [share, kind, request]
  const kinds = [
    // Twelve renditions of each object: mostly in the cache.
    [70, "known size", () => image(`wid=${80 + 40 * below(10)}${one(["", "&fmt=png-alpha"])}`)],
    [8, "new size", () => image(`wid=${20 + below(500)}&qlt=${60 + below(40)}&${one(operations)}`)],
    [5, "new part", () => image(`rgn=${below(400)},${below(300)},${50 + below(300)},${50 + below(300)}`)],
    [1, "large", () => image(`wid=${1500 + below(700)}&${one(operations)}&fmt=${one(["jpeg", "png", "jpeg,rgb"])}`)],
    [8, "in words", () => image(`req=${one(inWords)}`)],
    [3, "wrong", () => image(one(wrong))],
    [2, "missing", () => ({ path: `/is/image/Samples/none-${below(1e9)}?wid=100` })],
    [1, "HEAD", () => image(`wid=${80 + 40 * below(10)}`, { method: "HEAD" })],
    [1, "condition", () => image(`wid=${80 + 40 * below(10)}`, { headers: { "if-none-match": one(['"a"', "*"]) } })],
    [1, "client leaves", () => image(`wid=${600 + below(900)}`, { leaves: 1 + below(60) })],
  ];
  let at = next() * kinds.reduce((sum, [share]) => sum + share, 0);
  const [, kind, request] = kinds.find(([share]) => (at -= share) < 0);
  return { kind, method: "GET", headers: {}, ...request() };
}
