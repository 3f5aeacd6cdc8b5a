// A server that takes edits, over a store of its own, and the Studio of it in Chromium.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../edge/native.mjs";
import { root } from "./chromium.mjs";

/**
 * Starts `azulejo serve` over a new store with images of the repository. `edit`: it takes edits, with a copy of the
 * repository's presets. `vars` are its settings.
 */
export async function startStudio({ images = ["samples/pier.jpg", "samples/dunes.jpg", "samples/tulips.png"], edit = true, vars = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "azulejo-studio-"));
  const store = join(folder, "store");
  mkdirSync(store);
  const catalogs = join(folder, "presets");
  cpSync(join(root, "presets"), catalogs, { recursive: true });
  execFileSync(process.env.AZULEJO_BIN, ["ingest", ...images.map((image) => join(root, image)), "--to", `dir:${store}`, "--root", "Samples"], { cwd: root, stdio: "pipe" });
  const words = ["--port", "0", ...(edit ? ["--edit", catalogs] : [])];
  const server = await serve(store, words, { PREVIEW_SOURCES: "Samples", PREVIEW_TOKEN: "*", ...vars });
  const path = (key) => join(store, key);
  return {
    url: server.url,
    store,
    catalogs,
    /** The record of an asset, as it is stored. */
    record: (id) => JSON.parse(readFileSync(path(`records/Samples/${id}.json`), "utf8")),
    /** Changes the stored record, as ingest or somebody else would. */
    write(id, change) {
      const key = path(`records/Samples/${id}.json`);
      writeFileSync(key, JSON.stringify({ ...JSON.parse(readFileSync(key, "utf8")), ...change }, null, 2));
    },
    remove: (key) => rmSync(path(key)),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What a browser itself reports of replies that are no success. */
export const refusals = /Failed to load resource/;

/** Where a part of the Studio is on a server. */
export const partOf = ({ url }, part, id = "Samples/pier") => new URL(`/#${part}?${new URLSearchParams({ id, modifiers: "wid=300" })}`, url);
