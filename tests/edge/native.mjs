// `azulejo serve` over a folder, in place of the Worker over its bucket.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** What the specs use of an R2 bucket, over a folder. */
function bucketIn(folder) {
  const path = (key) => join(folder, key);
  return {
    async put(key, value) {
      // A new file each time: the version of an object is that of its file.
      const staged = path(".staged");
      writeFileSync(staged, value);
      mkdirSync(dirname(path(key)), { recursive: true });
      renameSync(staged, path(key));
    },
    get: async (key) => ({ arrayBuffer: async () => readFileSync(path(key)) }),
    delete: async (key) => rmSync(path(key)),
    async list({ prefix }) {
      const keys = readdirSync(folder, { recursive: true }).filter((name) => statSync(path(name)).isFile());
      return { objects: keys.map((name) => ({ key: relative(".", name) })).filter(({ key }) => key.startsWith(prefix)) };
    },
  };
}

/** Starts `azulejo serve` over a folder, with more arguments and environment. */
export async function serve(folder, words, environment) {
  const child = spawn(process.env.AZULEJO_BIN, ["serve", "--from", `dir:${folder}`, ...words], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  let output = "";
  const url = await new Promise((ready, failed) => {
    child.stdout.on("data", (text) => {
      output += text;
      const [, found] = /^ready (\S+)$/m.exec(output) ?? [];
      if (found) ready(new URL(found));
    });
    ended.then((code) => failed(new Error(`azulejo serve ended with ${code}`)));
  });
  const stop = () => (child.kill("SIGTERM"), ended);
  return { url, stop, logs: () => output.split("\n") };
}

/** Starts a server over an empty folder, with the variables of a Worker as its environment. */
export async function startNative({ config: { vars = {} } = {} }) {
  const folder = mkdtempSync(join(tmpdir(), "azulejo-native-"));
  // In workerd the header of Cloudflare's network counts, and one isolate shares one flight.
  const environment = { CLIENT_ADDRESS_HEADER: "cf-connecting-ip", AZULEJO_WORKERS: "1", ...vars };
  const { url, stop, logs } = await serve(folder, ["--port", "0"], environment);
  return {
    url,
    logs,
    bucket: bucketIn(folder),
    get: (path, init) => fetch(new URL(path, url), init),
    async stop() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
