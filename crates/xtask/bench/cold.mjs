// What a cold request of the Worker in workerd reads: one whose tiles lie near the head of the pyramid, and
// one whose tiles lie elsewhere. Arguments: the ingested photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startWorker, withBucket } from "../../../tests/edge/edge.mjs";
import { levelFor } from "./levels.mjs";

const [file] = process.argv.slice(2);
const photo = readFileSync(file);
const main = fileURLToPath(new URL("counting-worker.mjs", import.meta.url));

/** Of an isolate of its own. */
async function cold(width) {
  const worker = await startWorker({ config: { ...withBucket, main } });
  try {
    await worker.bucket.put("assets/Bench/photo.tif", photo);
    const reply = await worker.get(`/is/image/Bench/photo?wid=${width}`);
    if (reply.status !== 200) throw new Error(`${reply.status}: ${await reply.text()}`);
    await reply.arrayBuffer();
    const [reads, bytes, batches] = ["reads", "bytes", "batches"].map((name) =>
      Number(reply.headers.get(`x-${name}`)),
    );
    return { reads, bytes, batches, needed: levelFor(photo, width).bytes };
  } finally {
    await worker.stop();
  }
}

console.log(JSON.stringify({ thumbnail: await cold(100), whole: await cold(800) }));
