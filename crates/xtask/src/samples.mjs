// Puts pyramids of image files into the local bucket: samples.mjs <project> <state> <file>…
// Uses the browser package, which is built anyway. Building the command line would take minutes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, parse } from "node:path";
import { pathToFileURL } from "node:url";

const [root, state, ...files] = process.argv.slice(2);
const { getPlatformProxy } = createRequire(join(root, "package.json"))("wrangler");
const { initSync, pyramid } = await import(pathToFileURL(join(root, "www/pkg/browser_preview.js")));
initSync({ module: readFileSync(join(root, "www/pkg/browser_preview_bg.wasm")) });

const { env, dispose } = await getPlatformProxy({
  configPath: join(root, "wrangler.example.toml"),
  persist: { path: join(state, "v3") },
  remoteBindings: false,
});
for (const file of files) {
  await env.ASSETS.put(`assets/Samples/${parse(file).name}.tif`, pyramid(readFileSync(file)));
}
await dispose();
