// How fast the Worker in workerd answers a cached request, and one whose client has the reply, against a bare
// Worker with a cached reply of the same headers. Arguments: the ingested photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import { Agent, get as httpGet } from "node:http";
import { fileURLToPath } from "node:url";
import { startWorker, withBucket } from "../../../tests/edge/edge.mjs";
import { inTurns } from "./rounds.mjs";

const WIDTH = 800;
const CONNECTIONS = 8;
const WINDOW = 1500;
const ROUNDS = 7;

const [file] = process.argv.slice(2);

/** The headers that a Worker sets itself. The platform adds the others to both sides. */
function repeatable(headers) {
  const added = new Set(["age", "cf-cache-status", "connection", "content-length", "date", "keep-alive"]);
  return Object.fromEntries([...headers].filter(([name]) => !added.has(name)));
}

async function requestsPerSecond(url, status, headers) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const since = performance.now();
  let answered = 0;
  const connection = async () => {
    while (performance.now() - since < WINDOW) {
      await once(url, { agent, headers }, status);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - since) / 1000;
  agent.destroy();
  return answered / seconds;
}

function once(url, options, status) {
  return new Promise((resolve, reject) => {
    const request = httpGet(url, options, (reply) => {
      if (reply.statusCode !== status) reject(new Error(`${url}: ${reply.statusCode}`));
      reply.on("end", resolve).resume();
    });
    request.on("error", reject);
  });
}

// Both without static assets, which the platform looks for first and takes longer than the rest.
const main = (path) => ({ main: fileURLToPath(new URL(path, import.meta.url)) });
const [ours, bare] = await Promise.all([
  startWorker({ config: { ...withBucket, ...main("../../../build/worker/index.js") } }),
  startWorker({ config: { ...withBucket, ...main("bare-worker.mjs") } }),
]);
await ours.bucket.put("assets/Bench/photo.tif", readFileSync(file));
const path = `/is/image/Bench/photo?wid=${WIDTH}`;
await (await ours.get(path)).arrayBuffer();
await new Promise((resolve) => setTimeout(resolve, 500));
const hit = await ours.get(path);
const cached = hit.headers.get("x-azulejo-cache");
const { byteLength: length } = await hit.arrayBuffer();
const barePath = `/?length=${length}`;
const headers = { "x-reply": JSON.stringify(repeatable(hit.headers)) };
await (await bare.get(barePath, { headers })).arrayBuffer();
await new Promise((resolve) => setTimeout(resolve, 500));
const bareHit = await bare.get(barePath);
await bareHit.arrayBuffer();
const [names, bareNames] = [hit, bareHit].map((reply) => [...reply.headers.keys()].join(" "));
if (names !== bareNames) throw new Error(`cached hit: ${names} against ${bareNames}`);
const [url, bareUrl] = [new URL(path, ours.url), new URL(barePath, bare.url)];
const has = { "if-none-match": hit.headers.get("etag") };
const [rate, notModified, bareRate] = await inTurns(
  ROUNDS,
  Math.max,
  () => requestsPerSecond(url, 200, {}),
  () => requestsPerSecond(url, 304, has),
  () => requestsPerSecond(bareUrl, 200, {}),
);
await Promise.all([ours.stop(), bare.stop()]);
console.log(JSON.stringify({ cached, length, hit: rate, notModified, bare: bareRate }));
