// The npm package: what is in it, its types, and its custom element in a page.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { launch, root } from "./chromium.mjs";

const folder = join(root, "build/npm");
const description = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const MEDIA_TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

let browser, server, origin;

before(async () => {
  server = createServer(async (request, response) => {
    // The preview routes of the Worker, in the page's own origin.
    if (request.url.startsWith("/preview/")) {
      const { range } = request.headers;
      const reply = await fetch(new URL(request.url, process.env.AZULEJO_URL), { headers: range ? { range } : {} });
      const headers = ["etag", "content-range", "last-modified"].flatMap((name) => (reply.headers.has(name) ? [[name, reply.headers.get(name)]] : []));
      return response.writeHead(reply.status, Object.fromEntries(headers)).end(Buffer.from(await reply.arrayBuffer()));
    }
    const path = join(folder, new URL(request.url, "http://localhost").pathname);
    if (!existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": MEDIA_TYPES[extname(path)] ?? "text/plain" }).end(readFileSync(path));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser.close();
  server.close();
});

test("npm packs everything that the exports name, and nothing else", () => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8" }));
  const files = packed.files.map(({ path }) => path);
  const named = Object.values(description.exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  for (const path of [...named, description.main, description.types]) assert.ok(files.includes(path.replace("./", "")), path);
  for (const path of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "LICENSE-DEJAVU", "example.html"]) assert.ok(files.includes(path), path);
  const expected = /^(browser_preview(_bg\.wasm|\.js|\.d\.ts)|element\.(js|d\.ts)|example\.html|package\.json|README\.md|LICENSE-\w+|snippets\/.+\.js)$/;
  assert.deepEqual(files.filter((path) => !expected.test(path)), []);
});

test("the version is that of the workspace", () => {
  const workspace = readFileSync(join(root, "Cargo.toml"), "utf8");
  assert.equal(description.version, /\[workspace\.package\]\nversion = "(.+)"/.exec(workspace)[1]);
});

test("the types accept right programs, refuse wrong ones, and have no any", (t) => {
  const scratch = mkdtempSync(join(tmpdir(), "azulejo-types-"));
  t.after(() => rmSync(scratch, { recursive: true }));
  mkdirSync(join(scratch, "node_modules"));
  symlinkSync(folder, join(scratch, "node_modules/azulejo-preview"));
  writeFileSync(
    join(scratch, "program.ts"),
    `import init, { Preview, check, commands, pyramid, read } from "azulejo-preview";
import type { Argument, Command, Reply, Report, Typed } from "azulejo-preview";
import "azulejo-preview/element.js";

export async function draw(file: File): Promise<Blob> {
  await init();
  const preview = new Preview({});
  const reply: Reply = await preview.render("Shop/shoe?wid=9", { source: file, store: new URL("https://a.example/preview/") });
  const tag: string | undefined = reply.headers["etag"];
  const report: Report = check(tag ?? "");
  const level: "understood" | "ignored" | "unsupported" | "wrong" | undefined = report.commands[0]?.level;
  const wrong: number | undefined = report.error?.length;
  const near: string[] | undefined = report.commands[0]?.suggestions;
  const all: Command[] = commands();
  const first: Argument | undefined = all[0]?.arguments[0];
  const typed: Typed[] = read("wid=9");
  const slice: string | undefined = typed[0] && "wid=9".slice(typed[0].from, typed[0].to);
  console.log(wrong, near, first?.min, first?.choices, all[0]?.group === "basic", slice, typed[0]?.layer);
  const built: Uint8Array = pyramid(new Uint8Array([1]));
  const element = document.createElement("azulejo-image");
  element.source = built;
  element.alt = level ?? "";
  return new Blob([reply.bytes], { type: reply.contentType });
}

export async function wrong(preview: Preview): Promise<void> {
  // @ts-expect-error: an option that does not exist
  new Preview({ quality: 9 });
  // @ts-expect-error: a number is no source
  await preview.render("a/b", { source: 7 });
  // @ts-expect-error: a reply has no body
  (await preview.render("a/b", {})).body;
  // @ts-expect-error: a report has no errors
  check("").errors;
  // @ts-expect-error: there is no such group
  commands()[0]?.group === "other";
  // @ts-expect-error: a place is a number
  read("")[0]?.from.length;
}
`,
  );
  const options = ["--strict", "--noEmit", "--noUncheckedIndexedAccess", "--skipLibCheck", "false", "--target", "es2022", "--module", "nodenext", "--lib", "es2024,dom,dom.iterable,esnext.disposable"];
  const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), [...options, "program.ts"], { cwd: scratch, encoding: "utf8" });
  assert.equal(tsc.stdout + tsc.stderr, "");
  assert.equal(tsc.status, 0);
  for (const path of ["browser_preview.d.ts", "element.d.ts"]) {
    const text = readFileSync(join(folder, path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(text, /\bany\b/, path);
  }
});

/** The example page; the console must stay silent. */
async function example(t) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const messages = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
  t.after(async () => {
    await context.close();
    assert.deepEqual(messages, []);
  });
  await page.goto(`${origin}/example.html`);
  return page;
}

const status = (page, pattern) => page.getByRole("status").filter({ hasText: pattern }).waitFor();
const image = (page) => page.locator("azulejo-image img");
const width = (page) => image(page).evaluate(async (shown) => (await shown.decode(), shown.naturalWidth));

test("the example renders a file, and again when modifiers change", async (t) => {
  const page = await example(t);
  await page.locator("#file").setInputFiles(join(root, "samples/pier.jpg"));
  await status(page, /^image\/jpeg, /);
  assert.equal(await width(page), 600);
  assert.equal(await image(page).getAttribute("alt"), "pier.jpg");
  await page.getByLabel("Modifiers").fill("wid=90&fmt=png");
  await status(page, /^image\/png, /);
  assert.equal(await width(page), 90);
});

test("after an error the element keeps its image", async (t) => {
  const page = await example(t);
  await page.locator("#file").setInputFiles(join(root, "samples/pier.jpg"));
  await status(page, /^image\/jpeg, /);
  await page.getByLabel("Modifiers").fill("wid=wide");
  await status(page, /wid=wide/);
  assert.equal(await width(page), 600);
  await page.getByLabel("Modifiers").fill("wid=70");
  await status(page, /^image\/jpeg, /);
  assert.equal(await width(page), 70);
});

test("an element shows what a server has, and nothing once it is removed", async (t) => {
  const page = await example(t);
  const shown = await page.evaluate(async () => {
    const element = document.createElement("azulejo-image");
    element.src = "Samples/dunes?wid=120";
    element.store = "/preview/";
    const loaded = new Promise((done) => element.addEventListener("load", ({ detail }) => done(detail.status)));
    document.body.append(element);
    const status = await loaded;
    const image = element.shadowRoot.querySelector("img");
    await image.decode();
    const width = image.naturalWidth;
    element.remove();
    return { status, width, left: image.hasAttribute("src") };
  });
  assert.deepEqual(shown, { status: 200, width: 120, left: false });
});
