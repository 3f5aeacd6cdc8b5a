// `cargo xtask dev`, ended: requests are finished, and nothing goes on running.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { test } from "node:test";
import { root } from "./edge.mjs";

/** A port nothing listens on right now. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts it over the samples that are in the bucket of this test run, and waits until it is ready. */
async function dev() {
  const port = await freePort();
  const state = process.env.AZULEJO_STATE;
  const child = spawn(process.env.AZULEJO_XTASK, ["dev", "--no-samples", "--port", port, "--state", state], { cwd: root });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
  while (!output.includes(`ready http://127.0.0.1:${port}`)) {
    const early = await Promise.race([ended, new Promise((wake) => setTimeout(wake, 100))]);
    assert.equal(early, undefined, output);
  }
  const get = (path) => fetch(`http://127.0.0.1:${port}${path}`);
  return { child, port, get, ended };
}

/** The command lines of processes that name this port. */
function running(port) {
  const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return all.split("\n").filter((line) => line.includes(`${port}`) && /wrangler|workerd/.test(line));
}

async function gone(port) {
  for (const since = Date.now(); running(port).length > 0; await new Promise((wake) => setTimeout(wake, 100))) {
    assert.ok(Date.now() - since < 15_000, running(port).join("\n"));
  }
}

test("sigterm_lets_a_request_finish_and_leaves_nothing", async () => {
  const { child, port, get, ended } = await dev();
  const pixels = 1500 + Math.floor(Math.random() * 400);
  const slow = get(`/is/image/Samples/pier?wid=${pixels}&op_usm=1,3,5,0&fmt=png`);
  await new Promise((wake) => setTimeout(wake, 200));
  child.kill("SIGTERM");
  const reply = await slow;
  assert.equal(reply.status, 200);
  const body = Buffer.from(await reply.arrayBuffer());
  assert.equal(body.subarray(-8, -4).toString(), "IEND", `whole: ${body.length} bytes`);
  assert.deepEqual(await ended, { code: 130, signal: null });
  await gone(port);
});

test("nothing_goes_on_running_where_it_is_killed", async () => {
  const { child, port, get, ended } = await dev();
  assert.equal((await get("/health")).status, 200);
  assert.ok(running(port).length > 0, "there is something to end");
  child.kill("SIGKILL");
  await ended;
  await gone(port);
});
