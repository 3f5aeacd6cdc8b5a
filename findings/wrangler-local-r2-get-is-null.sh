#!/usr/bin/env bash
# The local R2 of wrangler answers `null` for an object that is there, while another process replaces it.
#
# Versions:  wrangler 4.156.0 (miniflare 5.20261023.3-beta, workerd 1.20261023.1; npm), node 20 or later.
# Input:     two processes with `getPlatformProxy` on one `persist` folder, as `wrangler dev` and a
#            script beside it. One puts an object of 64 bytes 300 times; it is never deleted. The other
#            asks for it by `head`, then by `get`, until the first one is done.
# Behaviour: some calls of `get` resolve to `null`, which R2 documents as "there is no such object",
#            or reject with "internal error"; `head` finds the object each time. The row of the object
#            and its bytes are read one after the other, and the bytes of a version are deleted as soon
#            as another version is there.
# Source:    https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#bucket-method-definitions
# Seen:      head: never without the object; get: sometimes without it
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . wrangler@4.156.0 >/dev/null
export WRANGLER_SEND_METRICS=false CLOUDFLARE_CF_FETCH_ENABLED=false

cat > wrangler.toml <<'TOML'
name = "a"
compatibility_date = "2026-10-01"
[[r2_buckets]]
binding = "BUCKET"
bucket_name = "bucket"
TOML

cat > open.mjs <<'JS'
import { getPlatformProxy } from "wrangler";
export const open = () =>
  getPlatformProxy({ configPath: "wrangler.toml", persist: { path: "state" }, remoteBindings: false });
// What SQLite says for a moment while another process writes is no answer, and asked again.
export async function patiently(call) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries > 100 || !/SQLITE_BUSY|\(0\)$|CF-R2-Error/.test(error.message.trim())) throw error;
      await new Promise((wake) => setTimeout(wake, 5 + 20 * Math.random()));
    }
  }
}
JS
cat > write.mjs <<'JS'
import { open, patiently } from "./open.mjs";
const { env, dispose } = await open();
for (let nth = 0; nth < 300; nth += 1) {
  await patiently(() => env.BUCKET.put("key", new Uint8Array(64).fill(nth)));
}
await dispose();
JS
cat > read.mjs <<'JS'
import { spawn } from "node:child_process";
import { open, patiently } from "./open.mjs";
const { env, dispose } = await open();
await env.BUCKET.put("key", new Uint8Array(64));
let [heads, gets] = [0, 0];
// A writer may end early where it cannot start beside this process.
for (let writers = 0; writers < 8 && gets === 0; writers += 1) await beside();
const often = (count) => (count === 0 ? "never" : "sometimes");
console.log(`head: ${often(heads)} without the object; get: ${often(gets)} without it`);
await dispose();

async function beside() {
  let done = false;
  spawn(process.execPath, ["write.mjs"], { stdio: "ignore" }).on("exit", () => (done = true));
  while (!done) await ask();
}

async function ask() {
  if (!(await patiently(() => env.BUCKET.head("key")))) heads += 1;
  const found = await patiently(() => env.BUCKET.get("key")).catch(() => null);
  // Its bytes belong to the answer.
  const bytes = found && (await found.arrayBuffer().catch(() => null));
  if (!bytes) gets += 1;
}
JS

seen=$(node read.mjs 2>/dev/null)
echo "$seen"
wanted="head: never without the object; get: sometimes without it"
[[ "$seen" == "$wanted" ]] || { echo "expected: $wanted" >&2; exit 1; }
