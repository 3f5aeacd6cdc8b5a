// The built Worker in workerd, with a bucket that the test may fill.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestHarness } from "wrangler";
import { startNative } from "./native.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Images that are not part of the repository; tests that need them skip where they are absent. */
export const corpus = join(root, "../shared/corpus");

/** Whether the specs run against `azulejo serve`: `AZULEJO_SERVER=native`. */
export const native = process.env.AZULEJO_SERVER === "native";

/** Skips a test of what only the Worker has. */
export const workerOnly = { skip: native && "this is about the Worker" };

/**
 * Starts a Worker over an empty bucket of its own.
 * `worker` is what wrangler's test harness takes; by default the configuration of `cargo xtask dev`.
 */
export async function startWorker(worker = { configPath: join(root, "wrangler.example.toml") }) {
  if (native) return startNative(worker);
  const harness = createTestHarness({ workers: [worker] });
  const { url } = await harness.listen();
  const env = await harness.getWorker().getEnv();
  return {
    url,
    bucket: env.ASSETS,
    get: (path, init) => fetch(new URL(path, url), init),
    /** What it has logged so far. */
    logs: () => harness.getLogs().map(({ message }) => message),
    stop: () => harness.close(),
  };
}

const settings = {
  name: "azulejo-test",
  compatibility_date: "2026-10-01",
  compatibility_flags: ["enable_request_signal"],
};

/** What a Worker needs besides its `main`. */
export const withBucket = {
  ...settings,
  r2_buckets: [{ binding: "ASSETS", bucket_name: "azulejo-assets" }],
};

/** The built Worker without its bucket. */
export const bucketless = { config: { ...settings, main: join(root, "build/worker/index.js") } };

/** The built Worker as a test context, which shows what is not published. */
export const testContext = {
  config: {
    ...withBucket,
    main: join(root, "build/worker/index.js"),
    vars: { PUBLISH_CONTEXT: "test", PREVIEW_SOURCES: "Samples" },
  },
};

/** The built Worker with its page, which may read what is stored of Samples. */
export const withPage = {
  config: {
    ...withBucket,
    main: join(root, "build/worker/index.js"),
    assets: { directory: join(root, "www"), run_worker_first: ["/is/*", "/health", "/preview/*", "/s7viewers/*"] },
    vars: { PREVIEW_SOURCES: "Samples" },
  },
};

/** The Worker that runs the store suite over R2. */
export const storeSuite = {
  config: { ...withBucket, main: join(root, "build/store-worker/index.js") },
};

/** The built Worker over a bucket that does what a request asks of it; see `fault_injection.mjs`. */
export const faulty = { config: { ...withBucket, main: join(root, "tests/edge/fault_injection.mjs") } };

/** The built Worker, which tells how much memory it has taken; see `observed.mjs`. */
export const observed = { config: { ...withBucket, main: join(root, "tests/edge/observed.mjs") } };

/** The built Worker, whose engine traps when it is asked to; see `trapping.mjs`. */
export const trapping = { config: { ...withBucket, main: join(root, "tests/edge/trapping.mjs") } };

/** The photographs of the repository. */
export const samples = readdirSync(join(root, "samples"))
  .filter((name) => /\.(jpe?g|png|tiff?)$/.test(name))
  .map((name) => join(root, "samples", name));

/** The objects that `azulejo ingest` makes of image files, as [key, bytes]. */
export function ingested(...files) {
  const folder = mkdtempSync(join(tmpdir(), "azulejo-edge-"));
  try {
    const ingest = ["ingest", ...files, "--to", `dir:${folder}`, "--root", "Samples"];
    execFileSync(process.env.AZULEJO_BIN, ingest, { cwd: root, stdio: "pipe" });
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      // Not the lock of the folder's writers.
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Status, headers and body at once: the body must be read before the next request. */
export async function reply(response) {
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}
