// What a linter of HTTP says of the Worker's replies: httplint of PyPI (`pip install httplint`), where it is there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, parse } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { lacks } from "../require.mjs";
import { ingested, root, samples, startWorker } from "./edge.mjs";

const id = parse(samples[0]).name;
const image = `/is/image/Samples/${id}`;
const content = "/is/content/Samples";

/** Every kind of reply. */
const asked = [
  { name: "an image", path: `${image}?wid=99` },
  { name: "the same from the cache", path: `${image}?wid=99` },
  { name: "its head", path: `${image}?wid=99`, method: "HEAD" },
  { name: "not modified", path: `${image}?wid=99`, headers: { "If-None-Match": "*" }, status: 304 },
  { name: "PNG", path: `${image}?wid=99&fmt=png-alpha` },
  { name: "not cached", path: `${image}?wid=99&cache=off` },
  { name: "properties", path: `${image}?req=props` },
  { name: "JavaScript", path: `${image}?req=imageprops,javascript` },
  { name: "XML", path: `${image}?req=props,xml` },
  { name: "JSONP", path: `${image}?req=set,json&id=1` },
  { name: "user data", path: `${image}?req=userdata,xml` },
  { name: "XMP", path: `${image}?req=xmp` },
  { name: "an explanation", path: `${image}?req=explain` },
  { name: "an error", path: `${image}?wid=abc`, status: 403 },
  { name: "no image", path: "/is/image/Samples/none", status: 403 },
  { name: "another method", path: image, method: "POST", status: 405 },
  { name: "no page", path: "/nowhere", status: 404 },
  { name: "a style sheet", path: `${content}/site.css` },
  { name: "its head", path: `${content}/site.css`, method: "HEAD" },
  { name: "captions", path: `${content}/film.vtt` },
  { name: "an SVG", path: `${content}/logo` },
  { name: "what never expires", path: `${content}/never.css` },
  { name: "a range", path: `${content}/site.css`, headers: { Range: "bytes=2-4" }, status: 206 },
  { name: "no range", path: `${content}/site.css`, headers: { Range: "bytes=99-" }, status: 416 },
  { name: "its tag", path: `${content}/site.css`, headers: { "If-None-Match": "*" }, status: 304 },
  { name: "no content", path: `${content}/none.css`, status: 403 },
];

/** What it may say, and why that is as it should be. */
const explained = {
  DATE_CLOCKLESS: "Cloudflare adds Date to what a Worker sends; workerd alone does not",
  DATE_CLOCKLESS_BAD_HDR: "likewise",
  NO_DATE_304: "likewise",
  STORE_PUBLIC_UNNECESSARY:
    "replies are the same for everybody, also to a request that a proxy has put an Authorization on",
};

/** What the linter says of the replies of a server; 3 where it is not there. */
async function lint(url) {
  const script = join(root, "tests/edge/lint_replies.py");
  const python = spawn(process.env.PYTHON ?? "python3", [script, url]);
  const ended = once(python, "close").catch((error) => [3, error]);
  python.stdin.on("error", () => {});
  python.stdin.end(JSON.stringify(asked));
  const [said, words, [code, error]] = await Promise.all([text(python.stdout), text(python.stderr), ended]);
  return { code, said, complaint: error?.message ?? words };
}

test("a_linter_of_http_finds_nothing_that_is_not_explained", async (context) => {
  const worker = await startWorker();
  context.after(worker.stop);
  for (const [key, bytes] of ingested(samples[0])) await worker.bucket.put(key, bytes);
  await worker.bucket.put("content/Samples/site.css", "body {}");
  await worker.bucket.put("content/Samples/film.vtt", "WEBVTT\n");
  await worker.bucket.put("svg/Samples/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await worker.bucket.put("records/Samples/logo.json", '{"svg": true}');
  await worker.bucket.put("records/Samples/never.css.json", '{"content": {"path": "site.css", "expiration": -1}}');
  const { code, said, complaint } = await lint(worker.url);
  if (code === 3) return context.skip(lacks("httplint", `pip install httplint; ${complaint}`));
  assert.equal(code, 0, complaint);
  const replies = JSON.parse(said);
  assert.equal(replies.length, asked.length);
  const found = [];
  replies.forEach(({ name, status, notes }, nth) => {
    assert.equal(status, asked[nth].status ?? 200, name);
    const left = notes.filter((note) => !(note.id in explained));
    found.push(...left.map((note) => `${name}: ${note.level} ${note.id} (${note.subject}): ${note.summary}`));
  });
  assert.deepEqual(found, []);
});
