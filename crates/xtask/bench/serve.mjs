// `azulejo serve` against other servers, with wrk as the client: on all cores images that are drawn anew each
// time against iipsrv and a server of sharp, and cached ones against nginx and a file; on one connection tiles
// against iipsrv. The programs are named by the environment; those that are missing are left out.
// Arguments: the ingested photograph. Prints one JSON object.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { levels } from "./levels.mjs";
import { inTurns } from "./rounds.mjs";

const WIDTH = 800;
const SECONDS = 3;
const ROUNDS = 3;
const TILE = 256;
/** Of the replies with a tile: that of the tiles. */
const TILE_QUALITY = 90;

const [file] = process.argv.slice(2);
const cores = availableParallelism();

const { AZULEJO_BIN, NGINX, SPAWN_FCGI, IIPSRV } = process.env;

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

function requestsPerSecond(url, words = ["-t", "1", "-c", "16"]) {
  const output = execFileSync("wrk", [...words, "-d", `${SECONDS}s`, url], { encoding: "utf8" });
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

/** Milliseconds of a request on one connection, each for the next of these URLs of a server. */
function latency(urls) {
  const paths = urls.map((url) => JSON.stringify(url.slice(new URL(url).origin.length)));
  const script = join(folder, "tiles.lua");
  const next = "nth = nth % #paths + 1; return wrk.format(nil, paths[nth])";
  writeFileSync(script, `local paths, nth = {${paths.join(",")}}, 0; request = function() ${next} end`);
  return 1000 / requestsPerSecond(urls[0], ["-t", "1", "-c", "1", "-s", script]);
}

/** The times of tiles of the largest level that these servers take, as an object of their names. */
async function tiles(servers) {
  const pictures = [];
  for (const urls of Object.values(servers)) {
    pictures.push(await sharp(await answered(urls[0])).raw().toBuffer({ resolveWithObject: true }));
  }
  for (const { data, info } of pictures) {
    const apart = data.reduce((sum, sample, at) => sum + Math.abs(sample - pictures[0].data[at]), 0);
    if (info.width !== TILE || info.height !== TILE || apart > 3 * data.length) {
      throw new Error(`a tile is ${info.width} × ${info.height}, and ${apart / data.length} steps apart`);
    }
  }
  const sides = Object.values(servers).map((urls) => () => latency(urls));
  const seen = await inTurns(ROUNDS, Math.min, ...sides);
  return Object.fromEntries(Object.keys(servers).map((name, nth) => [name, seen[nth]]));
}

/** For each whole tile of the largest level what `url` makes of its column, row and number. */
function ofTiles(url) {
  const [{ width, height }] = levels(readFileSync(file));
  const [across, down] = [width, height].map((side) => Math.floor(side / TILE));
  const columns = Math.ceil(width / TILE);
  return Array.from({ length: across * down }, (_, nth) => {
    const [column, row] = [nth % across, Math.floor(nth / across)];
    return url(column, row, row * columns + column);
  });
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
  start(AZULEJO_BIN, ["serve", "--from", `dir:${root}`, "--port", String(own)]);
  const peer = fileURLToPath(new URL("sharp-server.mjs", import.meta.url));
  start(process.execPath, [peer, file, String(WIDTH), String(sharp)]);
  const image = `http://127.0.0.1:${own}/is/image/Bench/pier?wid=${WIDTH}`;
  const drawn = { azulejo: `${image}&cache=off`, sharp: `http://127.0.0.1:${sharp}/` };
  const cached = { azulejo: image };
  const tile = {
    azulejo: ofTiles(
      (column, row) =>
        `http://127.0.0.1:${own}/is/image/Bench/pier?scl=1&rect=${column * TILE},${row * TILE},${TILE},${TILE}` +
        `&qlt=${TILE_QUALITY}&cache=off`,
    ),
  };
  if (NGINX) {
    writeFileSync(join(folder, "pier.jpg"), await answered(image));
    writeFileSync(join(folder, "nginx.conf"), configuration(folder, web, fcgi));
    start(NGINX, ["-p", folder, "-c", join(folder, "nginx.conf"), "-g", "daemon off;"]);
    cached.nginx = `http://127.0.0.1:${web}/pier.jpg`;
  }
  if (NGINX && SPAWN_FCGI && IIPSRV) {
    const words = ["-n", "-a", "127.0.0.1", "-p", String(fcgi), "-F", String(cores), "--", IIPSRV];
    // Its cache is off, as ours is by `cache=off`: no two requests in a row are for one tile.
    const settings = { MAX_CVT: "5000", JPEG_QUALITY: "80", MAX_IMAGE_CACHE_SIZE: "0" };
    start(SPAWN_FCGI, words, { ...settings, LOGFILE: join(folder, "iip.log") });
    const iip = `http://127.0.0.1:${web}/iip?FIF=${file}`;
    const largest = levels(readFileSync(file)).length - 1;
    tile.iipsrv = ofTiles((_column, _row, nth) => `${iip}&QLT=${TILE_QUALITY}&JTL=${largest},${nth}`);
    drawn.iipsrv = `http://127.0.0.1:${web}/iip?FIF=${file}&WID=${WIDTH}&CVT=jpeg`;
  }
  return { drawn: await rates(drawn), cached: await rates(cached), tile: await tiles(tile) };
}

try {
  console.log(JSON.stringify(await measured()));
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
