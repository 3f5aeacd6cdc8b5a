// The local bucket for `azulejo`: reads one JSON command a line, answers one JSON line.
// It opens the state that `wrangler dev` keeps, through the same runtime.
import { Console } from "node:console";
import { open } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

// Standard output is for answers alone; wrangler tells there, too, which .dev.vars it read.
globalThis.console = new Console(process.stderr);

const [root, configuration, state] = process.argv.slice(2);
const { getPlatformProxy } = createRequire(join(root, "package.json"))("wrangler");

/** What `azulejo` tries again: EX_TEMPFAIL of sysexits.h. */
const BUSY_AT_START = 75;

// The runtime does not start while another process starts on the same state, and a second try in
// this process would wait for ever. What it says then is for nobody: it is held back until it counts.
process.stderr.cork();
const runtime = await getPlatformProxy({
  configPath: join(root, configuration),
  persist: { path: join(state, "v3") },
  remoteBindings: false,
}).catch((error) => {
  const words = String(error?.message ?? error);
  if (words.includes("SQLITE_BUSY")) process.exit(BUSY_AT_START);
  process.stderr.uncork();
  console.error(words);
  process.exit(1);
});
process.stderr.uncork();
const bucket = runtime.env.ASSETS;

const describe = (object) => ({
  version: object.etag,
  len: object.size,
  modified: object.uploaded.getTime(),
});

// What a call says that failed for a moment, while another process writes to the same state: one
// cause, told in four ways. R2's own errors have codes.
const BUSY = [/\(0\)$/, /SQLITE_BUSY/, /internal error; reference/, /not contain the CF-R2-Error header/];
const isBusy = (error) => BUSY.some((words) => words.test(String(error?.message).trim()));

// By chance a little longer or shorter, so that those who met do not meet again.
const PAUSES = 40;
const pauseAfter = (tries) => Math.min(500, 25 * 2 ** tries) * (0.5 + Math.random());

async function patiently(call) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= PAUSES || !isBusy(error)) throw error;
      await setTimeout(pauseAfter(tries));
    }
  }
}

// Longer files are put in parts, one in memory at a time.
const PART = 16 << 20;

async function putInParts(key, handle) {
  const upload = await patiently(() => bucket.createMultipartUpload(key));
  try {
    const parts = [];
    for (;;) {
      const part = new Uint8Array(PART);
      let filled = 0;
      for (let read = 1; read > 0 && filled < PART; filled += read) {
        read = (await handle.read(part, filled, PART - filled)).bytesRead;
      }
      if (filled === 0) return await patiently(() => upload.complete(parts));
      const number = parts.length + 1;
      parts.push(await patiently(() => upload.uploadPart(number, part.subarray(0, filled))));
    }
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

/** A range of an object as one version has it, or `changed`. */
async function getOnce({ key, start, len, version }) {
  const head = await patiently(() => bucket.head(key));
  if (!head) return { missing: true };
  if (version !== undefined && head.etag !== version) return { changed: true };
  if (len === 0 || start >= head.size) return { ...describe(head), bytes: "" };
  const options = {
    range: { offset: start, length: Math.min(len, head.size - start) },
    onlyIf: { etagMatches: head.etag },
  };
  // The body comes after the object, and can fail as well.
  return await patiently(async () => {
    const object = await bucket.get(key, options);
    // Where another process replaced the object there is none, or one without a body. (`body` itself
    // must not be touched: the proxy would begin to read it.)
    if (typeof object?.arrayBuffer !== "function") return { changed: true };
    const bytes = Buffer.from(await object.arrayBuffer());
    return { ...describe(object), bytes: bytes.toString("base64") };
  });
}

async function listOnce(options) {
  const { objects, truncated, cursor } = await patiently(() => bucket.list(options));
  return { objects: objects.map((object) => ({ key: object.key, ...describe(object) })), truncated, cursor };
}

const commands = {
  async put({ key, file, onlyIf }) {
    const handle = await open(file);
    try {
      // Parts know no condition; what is put on one is no picture and shorter.
      if (!onlyIf && (await handle.stat()).size > PART) return describe(await putInParts(key, handle));
      const bytes = await handle.readFile();
      const object = await patiently(() => bucket.put(key, bytes, { onlyIf }));
      return object ? describe(object) : { changed: true };
    } finally {
      await handle.close();
    }
  },
  async get(wanted) {
    // Length and bytes are two questions, and the object may be replaced between them. Who asked for
    // any version then gets the new one.
    let answer;
    for (let tries = 0; tries < PAUSES; tries += 1) {
      answer = await getOnce(wanted);
      if (!answer.changed || wanted.version !== undefined) break;
    }
    return answer;
  },
  async delete({ key }) {
    await patiently(() => bucket.delete(key));
    return {};
  },
  async list({ prefix }) {
    const objects = [];
    for (let cursor; ; ) {
      const page = await listOnce({ prefix, cursor });
      objects.push(...page.objects);
      if (!page.truncated) return { objects };
      cursor = page.cursor;
    }
  },
  page: ({ prefix, startAfter, limit }) => listOnce({ prefix, startAfter, limit }),
};

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer;
  try {
    answer = await commands[command.do](command);
  } catch (error) {
    answer = { failed: String(error?.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await runtime.dispose();
