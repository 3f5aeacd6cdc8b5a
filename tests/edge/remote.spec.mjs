// Images of other servers: what the Worker makes of answers as they may come, right and wrong.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import sharp from "sharp";
import { reply, root, startWorker, withBucket } from "./edge.mjs";

const photo = readFileSync(join(root, "tests/fixtures/astronaut.jpg"));
const tulips = readFileSync(join(root, "tests/fixtures/tulips.tif"));
const noise = Buffer.from(Array.from({ length: 300 * 200 * 3 }, (_, n) => (n * 2654435761) >>> 24));
const MIB = 1 << 20;

let server;
let worker;
let seen = [];
let png;

/** Answers a range, as most servers do. */
function ranged(request, response, file, headers = { etag: '"one"' }) {
  const asked = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (!asked) return response.writeHead(200, { ...headers, "content-length": file.length }).end(file);
  const [first, last] = [Number(asked[1]), Math.min(Number(asked[2]), file.length - 1)];
  if (first >= file.length) return response.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
  const part = file.subarray(first, last + 1);
  const range = { "content-range": `bytes ${first}-${last}/${file.length}`, "content-length": part.length };
  return response.writeHead(206, { ...headers, ...range }).end(part);
}

const whole = (response, file, headers = {}) => response.writeHead(200, headers).end(file);
const redirect = (to) => (_, response) => response.writeHead(302, { location: to }).end();
const status = (code) => (_, response) => response.writeHead(code).end("words of a server");

/** Sends bytes until the other side has enough of them. */
function endless(response, headers = {}) {
  response.writeHead(200, headers);
  response.write(photo);
  const more = Buffer.alloc(MIB);
  const send = () => {
    while (!response.destroyed && response.write(more));
  };
  response.on("drain", send);
  send();
}

let replaced = photo;
const pages = {
  "/photo.jpg": (request, response) => ranged(request, response, photo),
  "/noise.png": (request, response) => ranged(request, response, png),
  "/tulips.tif": (request, response) => ranged(request, response, tulips, { "last-modified": "Sat, 21 Nov 2026 05:18:04 GMT" }),
  "/replaced.jpg": (request, response) => ranged(request, response, replaced, { etag: `"${replaced.length}"` }),
  "/no-range.jpg": (_, response) => whole(response, photo, { etag: '"one"', "content-length": photo.length }),
  "/chunked.jpg": (_, response) => {
    response.writeHead(200, { etag: 'W/"one"' });
    response.write(photo.subarray(0, 1000));
    setTimeout(() => response.end(photo.subarray(1000)), 20);
  },
  "/no-version.jpg": (request, response) => ranged(request, response, photo, {}),
  "/no-version-no-range.jpg": (_, response) => whole(response, photo),
  "/moved.jpg": redirect("/photo.jpg"),
  "/moved-away.jpg": redirect("https://cdn.example.net/photo.jpg"),
  "/forbidden.jpg": redirect("https://evil.example.com/photo.jpg"),
  "/inwards.jpg": redirect("http://127.0.0.1/photo.jpg"),
  "/metadata.jpg": redirect("http://169.254.169.254/latest/meta-data/"),
  "/loop.jpg": redirect("/loop.jpg"),
  "/nowhere.jpg": (_, response) => response.writeHead(302).end(),
  "/gone.jpg": status(410),
  "/broken.jpg": status(500),
  "/shy.jpg": status(401),
  "/silent.jpg": () => {},
  "/slow.jpg": (_, response) => {
    response.writeHead(200, { etag: '"one"' });
    response.write(photo.subarray(0, 100));
  },
  "/endless.jpg": (_, response) => endless(response),
  "/endless-named.jpg": (_, response) => endless(response, { etag: '"one"' }),
  "/huge.jpg": (_, response) => endless(response, { etag: '"one"', "content-length": 40 * MIB }),
  "/short.jpg": (_, response) => {
    response.writeHead(200, { etag: '"one"', "content-length": photo.length + 100 });
    response.write(photo);
    setTimeout(() => response.destroy(), 50);
  },
  "/less.jpg": (_, response) => {
    response.writeHead(206, { etag: '"one"', "content-range": `bytes 0-${photo.length - 1}/${photo.length}` });
    response.end(photo.subarray(0, 5000));
  },
  "/wrong-range.jpg": (request, response) => {
    const range = { "content-range": `bytes 5-104/${photo.length}`, "content-length": 100, etag: '"one"' };
    if (request.headers.range) return response.writeHead(206, range).end(photo.subarray(5, 105));
    return whole(response, photo, { etag: '"one"', "content-length": photo.length });
  },
  "/page.html": (_, response) => whole(response, "<!DOCTYPE html><html>no image</html>", { etag: '"one"' }),
};

// What the Worker fetches, wrangler's harness fetches by the `fetch` of this process: here public
// names lie on this machine. The rules see the names, only the network sees the numbers.
const { fetch } = globalThis;
const HOSTS = ["images.example.org", "cdn.example.net"];
globalThis.fetch = (url, init) => {
  const asked = new URL(url);
  if (!init?.url) return fetch(url, init);
  assert.ok(HOSTS.includes(asked.hostname), `${asked.hostname} was asked`);
  const there = new URL(`${asked.pathname}${asked.search}`, `http://127.0.0.1:${server.address().port}`);
  const headers = new Headers(init.headers);
  headers.set("x-asked", asked.href);
  return fetch(there, { method: init.method, headers, redirect: "manual", signal: init.signal });
};

before(async () => {
  png = await sharp(noise, { raw: { width: 300, height: 200, channels: 3 } }).png().toBuffer();
  server = createServer((request, response) => {
    seen.push({ path: request.url, headers: request.headers });
    (pages[request.url] ?? status(404))(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  worker = await startWorker({
    config: {
      ...withBucket,
      main: join(root, "build/worker/index.js"),
    },
  });
  const attributes = {
    AllowDirectUrls: "1",
    RootUrl: "https://images.example.org/",
    ForeignHosts: "images.example.org,.example.net",
    DefaultImage: "none",
    ErrorDetail: "2",
  };
  await worker.bucket.put("catalogs/Shop.json", JSON.stringify({ format: 1, attributes }));
  await worker.bucket.put("assets/Shop/tulips.tif", tulips);
});
after(async () => {
  await worker?.stop();
  server?.closeAllConnections();
  server?.close();
});

const get = async (source, query = "wid=100&fmt=png") => {
  seen = [];
  return reply(await worker.get(`/is/image/Shop?src=(${source})&${query}`));
};
const drawn = async (source, query) => {
  const got = await get(source, query);
  assert.equal(got.status, 200, `${source}: ${got.bytes.toString("utf8", 0, 300)}`);
  return got;
};
const refused = async (source, code, words) => {
  const got = await get(source);
  assert.equal(got.status, code, `${source}: ${got.bytes.toString("utf8", 0, 300)}`);
  assert.match(got.bytes.toString(), words);
  assert.equal(got.header("cache-control"), "no-store");
  return got;
};
const pixels = (got) => sharp(got.bytes).raw().toBuffer();

test("jpeg_png_and_tiff_are_drawn", async () => {
  const url = "https://images.example.org/photo.jpg";
  const direct = await drawn(url);
  const { width } = await sharp(direct.bytes).metadata();
  assert.equal(width, 100);
  const wanted = await sharp(photo).resize(100).removeAlpha().raw().toBuffer();
  const got = await pixels(direct);
  const mean = got.reduce((sum, value, at) => sum + Math.abs(value - wanted[at]), 0) / got.length;
  assert.ok(mean < 6, `a mean difference of ${mean}`);
  assert.deepEqual((await drawn("photo.jpg")).bytes, direct.bytes, "relative to RootUrl");
  assert.deepEqual(await pixels(await drawn("noise.png", "scl=1&fmt=png")), noise);
  const here = await reply(await worker.get("/is/image/Shop/tulips?wid=60&fmt=png"));
  assert.deepEqual((await drawn("tulips.tif", "wid=60&fmt=png")).bytes, here.bytes);
});

test("a_server_gets_honest_range_requests_and_nothing_else", async () => {
  await drawn("photo.jpg", "wid=77&fmt=png");
  await drawn("https://cdn.example.net/photo.jpg", "wid=77");
  assert.ok(seen.length > 0 && seen.length <= 3, `${seen.length} requests`);
  for (const { headers } of seen) {
    assert.match(headers["user-agent"], /^Azulejo\/\d/);
    assert.match(headers.range, /^bytes=\d+-\d+$/);
    assert.equal(headers.cookie ?? headers.authorization, undefined);
    assert.match(headers["x-asked"], /^https:\/\/cdn\.example\.net\//);
  }
});

test("what_was_drawn_is_cached_and_what_was_replaced_is_seen", async () => {
  assert.equal((await drawn("replaced.jpg", "wid=70&fmt=png")).header("x-azulejo-cache"), "miss");
  const again = await drawn("replaced.jpg", "wid=70&fmt=png");
  assert.equal(again.header("x-azulejo-cache"), "hit");
  assert.equal(seen.length, 0, "nobody is asked for what is known");
  replaced = await sharp(photo).negate().jpeg().toBuffer();
  // The index that is remembered is of a version that is gone: it is drawn anew.
  const anew = await drawn("replaced.jpg", "wid=71&fmt=png");
  assert.notDeepEqual(await pixels(anew), await pixels(await drawn("photo.jpg", "wid=71&fmt=png")));
});

test("servers_without_ranges_lengths_or_versions_are_read_all_the_same", async () => {
  const { bytes } = await drawn("photo.jpg");
  for (const page of ["no-range.jpg", "chunked.jpg", "no-version.jpg", "no-version-no-range.jpg", "wrong-range.jpg"]) {
    assert.deepEqual((await drawn(page)).bytes, bytes, page);
  }
});

test("redirects_are_followed_to_permitted_hosts_only", async () => {
  const { bytes } = await drawn("photo.jpg");
  assert.deepEqual((await drawn("moved.jpg")).bytes, bytes);
  assert.deepEqual((await drawn("moved-away.jpg")).bytes, bytes);
  await refused("forbidden.jpg", 403, /evil\.example\.com is not a permitted host/);
  assert.deepEqual(seen.map(({ path }) => path), ["/forbidden.jpg"]);
  await refused("inwards.jpg", 403, /127\.0\.0\.1.*not on the public network/);
  await refused("metadata.jpg", 403, /169\.254\.169\.254.*not on the public network/);
  await refused("loop.jpg", 403, /more than 3 redirects/);
  assert.equal(seen.length, 4);
  await refused("nowhere.jpg", 503, /images\.example\.org of the image redirects to nowhere/);
  await refused("https://evil.example.com/photo.jpg", 403, /not a permitted host/);
  await refused("http://127.0.0.1/photo.jpg", 403, /not on the public network/);
  assert.equal(seen.length, 0);
});

test("a_missing_image_is_missing_and_a_failing_server_is_named_with_its_status", async () => {
  await refused("none.jpg", 403, /src=\(none\.jpg\): no such image/);
  await refused("gone.jpg", 403, /src=\(gone\.jpg\): no such image/);
  await refused("broken.jpg", 503, /images\.example\.org of the image answers with status 500/);
  await refused("shy.jpg", 503, /status 401/);
  await refused("page.html", 403, /HTML/);
});

test("no_body_is_read_further_than_its_limit", async () => {
  for (const page of ["huge.jpg", "endless.jpg", "endless-named.jpg"]) {
    await refused(page, 403, /the limit is 32 MiB/);
  }
  // Whether a connection that is cut is seen, or only waited for, is the network's.
  await refused("short.jpg", 503, /sends fewer bytes than its headers say|is not reached|does not answer within/);
  await refused("less.jpg", 503, /sends fewer bytes than its headers say/);
});

test("no_server_is_waited_for_longer_than_ten_seconds", async () => {
  const since = Date.now();
  await Promise.all(["silent.jpg", "slow.jpg"].map((page) => refused(page, 503, /does not answer within 10 seconds/)));
  const seconds = (Date.now() - since) / 1000;
  assert.ok(seconds > 9 && seconds < 25, `${seconds} s`);
});
