// The log: a line of JSON for each request, the same from the Worker and from the native server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isBound, writeDataPoint } from "../../crates/edge-worker/analytics.js";
import { ingested, root, samples, startWorker, withBucket } from "./edge.mjs";

let worker;
let object;

before(async () => {
  worker = await startWorker({
    config: {
      ...withBucket,
      main: join(root, "build/worker/index.js"),
      analytics_engine_datasets: [{ binding: "ANALYTICS", dataset: "test" }],
      vars: { LOG_SAMPLE: "1", AZULEJO_LOG_FORMAT: "json" },
    },
  });
  const [[key, bytes]] = ingested(samples[0]);
  await worker.bucket.put(key, bytes);
  object = key.slice("assets/".length, -".tif".length);
});
after(() => worker?.stop());

/** The lines about an object so far, once there are `count`. */
async function lines(name, count) {
  for (let tries = 0; tries < 100; tries += 1) {
    const logged = worker.logs().filter((text) => text.startsWith("{\"event\":\"request\""));
    const found = logged.map((text) => JSON.parse(text)).filter((line) => line.object === name);
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return assert.fail(`${name}: fewer than ${count} lines in\n${worker.logs().join("\n")}`);
}

const get = async (path, init) => {
  const reply = await worker.get(path, init);
  return { reply, length: (await reply.arrayBuffer()).byteLength };
};

test("each_request_has_a_line_and_a_hit_reads_nothing", async () => {
  const url = `/is/image/${object}?$product$&wid=120`;
  const { reply, length } = await get(url);
  assert.equal(reply.status, 200);
  for (let tries = 0; tries < 50; tries += 1) {
    if ((await get(url)).reply.headers.get("x-azulejo-cache") === "hit") break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await get(url, { headers: { "if-none-match": reply.headers.get("etag") } });
  const logged = await lines(object, 3);
  const [miss] = logged;
  assert.deepEqual(Object.keys(miss), [
    "event", "time", "method", "route", "object", "presets", "status", "format", "cache", "ms", "stages",
    "reads", "bytesRead", "bytesSent", "memory", "work", "cost",
  ]);
  assert.match(miss.time, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual([miss.method, miss.route, miss.presets], ["GET", "image", ["product"]]);
  assert.deepEqual([miss.status, miss.format, miss.cache, miss.cost], [200, "image/jpeg", "miss", "small"]);
  assert.equal(miss.bytesSent, length);
  assert.ok(miss.reads >= 3 && miss.bytesRead > 1000 && miss.memory > 100_000, JSON.stringify(miss));
  assert.deepEqual(Object.keys(miss.stages), ["resolve", "open", "plan", "fetch", "render", "encode"]);
  const hit = logged.find((line) => line.cache === "hit");
  assert.deepEqual([hit.status, hit.reads, hit.format, hit.cost], [200, 0, "image/jpeg", undefined]);
  assert.equal(logged.at(-1).cache, "revalidated");
});

test("an_error_is_told_and_no_line_has_modifiers_or_a_signature", async () => {
  await get("/is/image/Samples/none?text=secret&$card$&expires=9&sig=c2lnbmF0dXJl");
  const [line] = await lines("Samples/none", 1);
  assert.equal(line.status, 403);
  assert.ok(line.error.length > 5, JSON.stringify(line));
  const all = worker.logs().join("\n");
  assert.doesNotMatch(all, /secret|c2lnbmF0/);
});

test("static_content_is_logged_and_the_health_check_is_not", async () => {
  await worker.bucket.put("content/Samples/a.css", "body {}");
  await get("/is/content/Samples/a.css");
  const [line] = await lines("Samples/a.css", 1);
  assert.deepEqual([line.route, line.bytesSent, line.cache], ["content", 7, "bypass"]);
  await get("/health");
  assert.doesNotMatch(worker.logs().join("\n"), /health/);
});

test("a_data_point_has_the_columns_of_the_documentation", () => {
  const points = [];
  const env = { ANALYTICS: { writeDataPoint: (point) => points.push(point) } };
  assert.deepEqual([isBound(env), isBound({})], [true, false]);
  const line = {
    object: "Shop/shoe", presets: ["a", "b"], route: "image", status: 200, format: "image/jpeg", cache: "miss",
    ms: 12.3, reads: 4, bytesRead: 5, bytesSent: 6, memory: 7, work: 8, cost: "small",
  };
  writeDataPoint(env, JSON.stringify(line));
  writeDataPoint(env, JSON.stringify({ object: "ü".repeat(60), presets: [], route: "image", status: 304, ms: 1 }));
  assert.deepEqual(points[0], {
    indexes: ["Shop"],
    blobs: ["Shop/shoe", "a+b", "image", "image/jpeg", "miss", "small"],
    doubles: [200, 12.3, 6, 5, 4, 7, 8],
  });
  assert.ok(Buffer.byteLength(points[1].indexes[0]) <= 96);
  assert.deepEqual(points[1].doubles, [304, 1, 0, 0, 0, 0, 0]);
});
