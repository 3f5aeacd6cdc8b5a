// Many mixed requests at once while their objects are replaced: `cargo xtask soak`.
//
// Fails where a reply is torn or 5xx without being a declared 503, and where the linear memory of
// the wasm still grows in the second half.
import { Agent, request as send } from "node:http";
import { join } from "node:path";
import { ingested, root, samples, startWorker, withBucket } from "../edge/edge.mjs";
import { mix, random } from "./requests.mjs";

const total = Number(process.env.SOAK_REQUESTS);
const connections = Number(process.env.SOAK_CONNECTIONS);

/**
 * Bytes by which the memory may still grow once half of the requests are answered: more may meet by
 * chance than before. Of 50,000 requests that is what 170 bytes each would take.
 */
const GROWTH = 8 * 2 ** 20;

const worker = await startWorker({ config: { ...withBucket, main: join(root, "tests/soak/worker.mjs") } });
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const memory = async () => Number(await (await worker.get("/memory")).text());

const versions = ingested(...samples).filter(([key]) => key.endsWith(".tif"));
const put = (key, number) => worker.bucket.put(key, versions[number % versions.length][1]);
for (const [number, [key]] of versions.entries()) await put(key, number);
const objects = versions.map(([key]) => key.slice("assets/".length, -".tif".length));

const replies = new Map();
const faults = [];
const hits = [];

/** Sends one request; resolves with what was wrong, or with nothing. */
function ask({ kind, path, method, headers, leaves }) {
  const since = performance.now();
  return new Promise((resolve) => {
    const sent = send(new URL(path, worker.url), { agent, method, headers }, (reply) => {
      const chunks = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("error", (error) => resolve(leaves ? undefined : `${kind} ${path}: ${error.message}`));
      reply.on("end", () => {
        count(kind, reply.statusCode);
        if (reply.headers["x-azulejo-cache"] === "hit") hits.push(performance.now() - since);
        const wrong = wrongWith(reply, Buffer.concat(chunks), method);
        resolve(wrong && `${kind} ${path}: ${wrong}`);
      });
    });
    sent.on("error", (error) => {
      if (leaves) count(kind, "left");
      resolve(leaves ? undefined : `${kind} ${path}: ${error.message}`);
    });
    if (leaves) setTimeout(() => sent.destroy(), leaves);
    sent.end();
  });
}

function count(kind, status) {
  const key = `${kind}: ${status}`;
  replies.set(key, (replies.get(key) ?? 0) + 1);
}

function wrongWith(reply, body, method) {
  const { statusCode: status, headers } = reply;
  if (status >= 500) {
    return status === 503 && headers["retry-after"] ? undefined : `${status} ${body.toString().slice(0, 200)}`;
  }
  if (method === "HEAD" || status === 304) return body.length ? `${status} with a body` : undefined;
  const length = headers["content-length"];
  if (length !== undefined && Number(length) !== body.length) return `${body.length} bytes of ${length}`;
  if (status !== 200) return body.length ? undefined : `${status} without a word`;
  const type = headers["content-type"] ?? "";
  const whole = type.startsWith("image/jpeg")
    ? body.readUInt16BE(0) === 0xffd8 && body.readUInt16BE(body.length - 2) === 0xffd9
    : type.startsWith("image/png")
      ? body.subarray(-8, -4).toString() === "IEND"
      : body.length > 0 || type.startsWith("text/plain");
  return whole ? undefined : `a torn reply of ${body.length} bytes of ${type}`;
}

/** One of many clients: asks until all requests are sent. */
let sent = 0;
async function client(next) {
  while (sent < total) {
    sent += 1;
    const wrong = await ask(mix(objects, next));
    if (wrong) faults.push(wrong);
  }
}

/** Replaces one object after the other until it must stop. */
let done = false;
let replaced = 0;
async function replacer() {
  for (; !done; replaced += 1) {
    const [key] = versions[replaced % versions.length];
    await put(key, replaced + 1 + Math.floor(replaced / versions.length));
    await new Promise((wake) => setTimeout(wake, 2000));
  }
}

const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1).padStart(6);
const since = performance.now();
const elapsed = () => ((performance.now() - since) / 1000).toFixed(0).padStart(5);
const measured = [];
async function meter() {
  console.log("   time  requests  wasm memory  replaced  faults");
  for (let tenth = 0; tenth <= 10; tenth += 1) {
    while (sent < (total * tenth) / 10) await new Promise((wake) => setTimeout(wake, 100));
    measured.push(await memory());
    console.log(
      `${elapsed()} s  ${String(sent).padStart(8)}   ${megabytes(measured.at(-1))} MiB  ${String(replaced).padStart(8)}  ${String(faults.length).padStart(6)}`,
    );
  }
}

const replacing = replacer();
const metering = meter();
await Promise.all(Array.from({ length: connections }, (_, number) => client(random(number))));
await metering;
done = true;
await replacing;
const seconds = (performance.now() - since) / 1000;
const last = await memory();

console.log(`\n${sent} requests over ${connections} connections in ${seconds.toFixed(0)} s, ${(sent / seconds).toFixed(0)} a second`);
for (const [key, number] of [...replies].sort()) console.log(`  ${String(number).padStart(7)}  ${key}`);
hits.sort((a, b) => a - b);
const share = (part) => hits[Math.floor((hits.length - 1) * part)]?.toFixed(0);
console.log(`  cached hits as the client sees them: median ${share(0.5)} ms, 99 % within ${share(0.99)} ms, all within ${share(1)} ms`);
for (const fault of faults.slice(0, 20)) console.log(`  WRONG ${fault}`);
const growth = last - measured[5];
console.log(`  wasm memory: ${megabytes(measured[5]).trim()} MiB after half of them, ${megabytes(last).trim()} MiB at the end`);
agent.destroy();
await worker.stop();
if (!(last > 0)) throw new Error("the memory of the wasm was not seen");
if (faults.length > 0 || growth > GROWTH) {
  console.log(`\nerror: ${faults.length} wrong replies, ${growth} bytes of growth (at most ${GROWTH})`);
  process.exit(1);
}
