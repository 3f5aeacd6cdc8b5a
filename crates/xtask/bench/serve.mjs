// `azulejo serve` against other servers on all cores, with wrk as the client: images that are drawn anew
// each time against iipsrv and a server of sharp, cached ones against nginx and a file. What is not
// installed is left out. Arguments: the ingested photograph. Prints one JSON object.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTurns } from "./rounds.mjs";

const WIDTH = 800;
const SECONDS = 3;
const ROUNDS = 3;

const [file] = process.argv.slice(2);
const cores = availableParallelism();

const find = (name) => (process.env.PATH ?? "").split(":").map((folder) => join(folder, name)).find(existsSync);
/** Debian's place of iipsrv. */
const iipsrv = "/usr/lib/iipimage-server/iipsrv.fcgi";

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Waits until a URL is answered with 200, and returns its body. */
async function answered(url) {
  let last;
  for (let tries = 0; tries < 150; tries += 1) {
    last = await fetch(url).catch((error) => error);
    if (last.status === 200) return Buffer.from(await last.arrayBuffer());
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`${url}: ${last.status ?? last}`);
}

function requestsPerSecond(url) {
  const words = ["-t", "1", "-c", "16", "-d", `${SECONDS}s`, url];
  const output = execFileSync("wrk", words, { encoding: "utf8" });
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(output);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]);
}

/** The rates of these servers, as an object of their names. */
async function rates(servers) {
  for (const url of Object.values(servers)) await answered(url);
  const sides = Object.values(servers).map((url) => () => requestsPerSecond(url));
  const seen = await inTurns(ROUNDS, Math.max, ...sides);
  return Object.fromEntries(Object.keys(servers).map((name, nth) => [name, seen[nth]]));
}

/** nginx, which serves `pier.jpg` of a folder and passes `/iip` to iipsrv. */
const configuration = (folder, port, fcgi) => `
  worker_processes ${cores}; pid ${folder}/pid; error_log ${folder}/errors;
  events { worker_connections 256; }
  http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
    server {
      listen 127.0.0.1:${port};
      root ${folder};
      location = /iip {
        fastcgi_pass 127.0.0.1:${fcgi};
        fastcgi_param QUERY_STRING $query_string;
        fastcgi_param REQUEST_METHOD $request_method;
      }
    }
  }`;

const folder = mkdtempSync(join(tmpdir(), "azulejo-bench-"));
// The processes of nginx are not those of the user who starts it.
chmodSync(folder, 0o755);
const children = [];
const start = (program, words, environment = {}) => {
  const options = { stdio: "ignore", env: { ...process.env, ...environment } };
  children.push(spawn(program, words, options));
};

async function measured() {
  const [own, sharp, web, fcgi] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const root = dirname(dirname(dirname(file)));
  start(process.env.AZULEJO_BIN, ["serve", "--from", `dir:${root}`, "--port", String(own)]);
  const peer = fileURLToPath(new URL("sharp-server.mjs", import.meta.url));
  start(process.execPath, [peer, file, String(WIDTH), String(sharp)]);
  const image = `http://127.0.0.1:${own}/is/image/Bench/pier?wid=${WIDTH}`;
  const drawn = { azulejo: `${image}&cache=off`, sharp: `http://127.0.0.1:${sharp}/` };
  const cached = { azulejo: image };
  if (find("nginx")) {
    writeFileSync(join(folder, "pier.jpg"), await answered(image));
    writeFileSync(join(folder, "nginx.conf"), configuration(folder, web, fcgi));
    start("nginx", ["-p", folder, "-c", join(folder, "nginx.conf"), "-g", "daemon off;"]);
    cached.nginx = `http://127.0.0.1:${web}/pier.jpg`;
  }
  if (find("nginx") && find("spawn-fcgi") && existsSync(iipsrv)) {
    const words = ["-n", "-a", "127.0.0.1", "-p", String(fcgi), "-F", String(cores), "--", iipsrv];
    start("spawn-fcgi", words, { MAX_CVT: "5000", JPEG_QUALITY: "80", LOGFILE: join(folder, "iip.log") });
    drawn.iipsrv = `http://127.0.0.1:${web}/iip?FIF=${file}&WID=${WIDTH}&CVT=jpeg`;
  }
  return { drawn: await rates(drawn), cached: await rates(cached) };
}

try {
  console.log(JSON.stringify(find("wrk") ? await measured() : {}));
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
