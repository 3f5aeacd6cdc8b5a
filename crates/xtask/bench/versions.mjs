// The versions of node and of the npm packages that the bench uses. Prints one JSON object.
import { createRequire } from "node:module";
import sharp from "sharp";

const require = createRequire(import.meta.url);
const version = (name) => require(`${name}/package.json`).version;

console.log(
  JSON.stringify({
    node: process.versions.node,
    sharp: sharp.versions.sharp,
    "sharp's libvips": sharp.versions.vips,
    wrangler: version("wrangler"),
    workerd: version("workerd"),
  }),
);
