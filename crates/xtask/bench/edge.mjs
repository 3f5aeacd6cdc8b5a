// The Worker in workerd: what a cold request reads, and how fast a cached one is answered.
// Arguments: the ingested photograph. Prints one JSON object.
import { readFileSync } from "node:fs";
import { Agent, get as httpGet } from "node:http";
import { fileURLToPath } from "node:url";
import { faulty, startWorker, withBucket } from "../../../tests/edge/edge.mjs";
import { levelFor } from "./levels.mjs";
import { inTurns } from "./rounds.mjs";

const WIDTH = 800;
const CONNECTIONS = 8;
const WINDOW = 1500;
const ROUNDS = 7;

const [file] = process.argv.slice(2);
const photo = readFileSync(file);

async function coldRequest() {
  const worker = await startWorker(faulty);
  await worker.bucket.put("assets/Bench/photo.tif", photo);
  const reply = await worker.get(`/is/image/Bench/photo?wid=${WIDTH}`);
  await reply.arrayBuffer();
  const count = (name) => Number(reply.headers.get(name));
  await worker.stop();
  const needed = levelFor(photo, WIDTH).bytes;
  return { status: reply.status, reads: count("x-reads"), bytes: count("x-bytes"), needed };
}

async function cachedHit() {
  // Both without static assets, which the platform looks for first and takes longer than the rest.
  const main = (path) => ({ main: fileURLToPath(new URL(path, import.meta.url)) });
  const [ours, bare] = await Promise.all([
    startWorker({ config: { ...withBucket, ...main("../../../build/worker/index.js") } }),
    startWorker({ config: { ...withBucket, ...main("bare-worker.mjs") } }),
  ]);
  await ours.bucket.put("assets/Bench/photo.tif", photo);
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
  const [rate, bareRate] = await inTurns(
    ROUNDS,
    Math.max,
    () => requestsPerSecond(new URL(path, ours.url)),
    () => requestsPerSecond(new URL(barePath, bare.url)),
  );
  await Promise.all([ours.stop(), bare.stop()]);
  return { cached, length, rate, bareRate };
}

/** The headers that a Worker sets itself. The platform adds the others to both sides. */
function repeatable(headers) {
  const added = new Set(["age", "cf-cache-status", "connection", "content-length", "date", "keep-alive"]);
  return Object.fromEntries([...headers].filter(([name]) => !added.has(name)));
}

async function requestsPerSecond(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const since = performance.now();
  let answered = 0;
  const connection = async () => {
    while (performance.now() - since < WINDOW) {
      await once(url, agent);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - since) / 1000;
  agent.destroy();
  return answered / seconds;
}

function once(url, agent) {
  return new Promise((resolve, reject) => {
    const request = httpGet(url, { agent }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`${url}: ${reply.statusCode}`));
      reply.on("end", resolve).resume();
    });
    request.on("error", reject);
  });
}

const cold = await coldRequest();
const cached = await cachedHit();
console.log(JSON.stringify({ cold, cached }));
