#!/usr/bin/env bash
# workerd leaves a request whose client resets its connection where it stands: no `finally` runs.
#
# Versions:  workerd 1.20261023.1 (npm), node 20 or later.
# Input:     a Worker that counts beginnings, and ends in a `finally` block behind a wait of 800 ms.
#            Clients that read the reply, that reset their connection (RST) after 200 ms, and that
#            do so where the work was given to `waitUntil` as well.
# Behaviour: of a request that was reset the `finally` block never runs, neither at once nor later,
#            and no exception reaches the code that waits: what it counted as taken stays taken for
#            the isolate's life. With `waitUntil` the work goes on to its end. With the compatibility
#            flag `enable_request_signal` the request's signal fires, and still no `finally` runs.
# Source:    https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil and
#            https://developers.cloudflare.com/workers/configuration/compatibility-flags/
# Seen:      the three lines at the end of this script.
set -euo pipefail
work=$(mktemp -d)
trap '[[ -z "${server:-}" ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . workerd@1.20261023.1 >/dev/null

cat > worker.mjs <<'JS'
let begun = 0, ended = 0, told = 0;
async function work() {
  begun += 1;
  try {
    await scheduler.wait(800);
    return new Response("done");
  } finally {
    ended += 1;
  }
}
export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/counts") {
      const counts = `${begun} begun, ${ended} ended, ${told} told`;
      begun = ended = told = 0;
      return new Response(counts);
    }
    request.signal.addEventListener("abort", () => (told += 1));
    const reply = work();
    if (pathname === "/kept") context.waitUntil(reply);
    return reply;
  },
};
JS
port=$((20000 + RANDOM % 20000))
cat > config.capnp <<CAPNP
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
    compatibilityDate = "2026-10-01",
    compatibilityFlags = ["enable_request_signal"],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:$port", http = (), service = "main")],
);
CAPNP
node_modules/.bin/workerd serve config.capnp &
server=$!

cat > client.mjs <<'JS'
import { connect } from "node:net";
const port = Number(process.argv[2]);
const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));
const get = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
for (let tries = 0; ; tries += 1) {
  try {
    await get("/counts");
    break;
  } catch (error) {
    if (tries > 100) throw error;
    await wait(100);
  }
}
async function reset(path) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await wait(200);
  socket.resetAndDestroy();
  await wait(3000);
}
await get("/");
console.log(`read:                  ${await get("/counts")}`);
await reset("/");
console.log(`reset:                 ${await get("/counts")}`);
await reset("/kept");
console.log(`reset, with waitUntil: ${await get("/counts")}`);
JS
node client.mjs "$port" | tee seen

diff seen - <<'SEEN'
read:                  1 begun, 1 ended, 0 told
reset:                 1 begun, 0 ended, 1 told
reset, with waitUntil: 1 begun, 1 ended, 1 told
SEEN
echo "as described"
