// The engine as wasm in node, and files as its sources.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

/**
 * An engine with a memory of its own: a module is loaded once for each name.
 * `folder` has the browser package.
 */
export async function engine(name, folder = "www/pkg/") {
  const place = new URL(folder, root);
  const { initSync, Preview } = await import(new URL(`browser_preview.js?${name}`, place));
  const { memory } = initSync({ module: readFileSync(new URL("browser_preview_bg.wasm", place)) });
  const preview = new Preview({});

  /** Answers a request about `source` with 200, or throws. */
  async function render(request, source) {
    const reply = await preview.render(request, { source });
    if (reply.status !== 200) throw new Error(`${request}: ${Buffer.from(reply.bytes)}`);
    return reply;
  }

  /** Opens the file each time, as sharp does: a new source is a new pyramid to the engine. */
  async function renderFile(request, file) {
    const descriptor = openSync(file);
    try {
      const { size } = fstatSync(descriptor);
      const read = (start, length) => {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
        readSync(descriptor, bytes, 0, bytes.length, start);
        return bytes;
      };
      return await render(request, { size, read });
    } finally {
      closeSync(descriptor);
    }
  }

  return { render, renderFile, memory };
}
