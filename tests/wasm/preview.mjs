// The browser package in node, and what the tests feed it.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Images that are not part of the repository; tests that need them skip where they are absent. */
export const corpus = join(root, "../shared/corpus");

const folder = resolve(process.env.AZULEJO_PKG ?? join(root, "www/pkg"));
const script = join(folder, "browser_preview.js");
if (!existsSync(script)) throw new Error(`${script} is not built; run: cargo xtask test wasm`);
export const { check, commands, read } = await import(pathToFileURL(script));
const { initSync, Preview } = await import(pathToFileURL(script));

/** The module as it is built. */
export const built = () => readFileSync(join(folder, "browser_preview_bg.wasm"));

/** Starts the module and gives a preview with the memory it runs in. */
export function start(module = built()) {
  const { memory } = initSync({ module });
  return { preview: new Preview({}), memory };
}

const studio = await import(pathToFileURL(join(root, "www/engine/studio_engine.js")));

/** A preview of the Studio's engine, which has no text. */
export function startStudio() {
  studio.initSync({ module: readFileSync(join(root, "www/engine/studio_engine_bg.wasm")) });
  return new studio.Preview({});
}

/** The bytes of a file of the repository. */
export const file = (path) => new Uint8Array(readFileSync(join(root, path)));

/** A source that notes each read as [start, length]. */
export function counted(source) {
  const reads = [];
  const read = (start, len) => {
    reads.push([start, len]);
    return source.read(start, len);
  };
  return { ...source, read, reads };
}

/** Bytes as the protocol of sources that are neither file nor URL. */
export const bytesSource = (bytes, version) => ({
  size: bytes.length,
  version,
  read: async (start, len) => bytes.subarray(start, start + len),
});

export const text = (reply) => new TextDecoder().decode(reply.bytes);
