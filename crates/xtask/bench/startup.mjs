// How long an isolate takes from its code to its first reply: the Worker, and a bare one of worker-rs. A
// Worker in workerd loads each into new isolates, which have to parse and validate all of it.
// Arguments: the folders of both. Prints one JSON object.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../../tests/edge/edge.mjs";
import { inTurns } from "./rounds.mjs";

const ROUNDS = 15;

const folders = process.argv.slice(2);
const main = fileURLToPath(new URL("loader-worker.mjs", import.meta.url));
const config = {
  name: "azulejo-startup",
  main,
  compatibility_date: "2026-10-01",
  worker_loaders: [{ binding: "LOADER" }],
};

const loader = await startWorker({ config });
try {
  const ids = [];
  for (const folder of folders) {
    const id = String(ids.length);
    for (const name of readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name))) {
      const body = readFileSync(join(folder, name));
      await loader.get(`/modules/${id}/${name}`, { method: "PUT", body });
    }
    ids.push(id);
  }
  let isolate = 0;
  const start = (id) => async () => {
    const reply = await loader.get(`/start/${id}/${(isolate += 1)}`);
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${id}: ${reply.status} ${text}`);
    return Number(text);
  };
  const [ours, bare] = await inTurns(ROUNDS, Math.min, ...ids.map(start));
  console.log(JSON.stringify({ ours, bare }));
} finally {
  await loader.stop();
}
