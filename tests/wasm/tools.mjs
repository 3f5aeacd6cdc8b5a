// The page's tools in node, and `azulejo` beside them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { lacks } from "../require.mjs";
import { root } from "./preview.mjs";

const folder = resolve(process.env.AZULEJO_TOOLS ?? join(root, "www/tools"));
const script = join(folder, "browser_tools.js");
if (!existsSync(script)) throw new Error(`${script} is not built; run: cargo xtask test wasm`);
export const tools = await import(pathToFileURL(script));
tools.initSync({ module: readFileSync(join(folder, "browser_tools_bg.wasm")) });

const azulejo = process.env.AZULEJO_BIN;

/** Why a test is skipped that compares with `azulejo`; undefined where it is there. */
export const lacksAzulejo = () => (azulejo ? undefined : lacks("azulejo", "AZULEJO_BIN does not name it"));

const scratch = mkdtempSync(join(tmpdir(), "azulejo-tools-"));
after(() => rmSync(scratch, { recursive: true }));

/** What `azulejo ingest` makes of files with different names: bytes, or an error, by name. */
export function ingested(paths) {
  const store = mkdtempSync(join(scratch, "store-"));
  const args = ["ingest", ...paths, "--to", `dir:${store}`, "--root", "T", "--id", "name", "--json"];
  const done = spawnSync(azulejo, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (done.error || done.status > 1) throw done.error ?? new Error(done.stderr);
  const lines = done.stdout.trim().split("\n").map((line) => JSON.parse(line));
  const results = lines.filter((line) => line.file && line.status !== "skipped");
  return new Map(
    results.map(({ file, key, error }) => [basename(file), error ? { error } : { key, bytes: readFileSync(join(store, key)) }]),
  );
}

/** What `azulejo inspect --json` prints of a file; an error's text where it fails. */
export function inspected(path) {
  const done = spawnSync(azulejo, ["inspect", path, "--json"], { encoding: "utf8" });
  return done.status === 0 ? { report: JSON.parse(done.stdout) } : { error: done.stderr.trim() };
}

/** The files of a folder of at most so many bytes. */
export function files(folder, most = 4 << 20) {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  return paths.filter((path) => statSync(path).isFile() && statSync(path).size <= most).sort();
}

/** A result, or the error that was thrown. Anything that is thrown besides errors is a trap. */
export function attempt(task) {
  try {
    return { value: task() };
  } catch (error) {
    const trap = typeof error === "string" || error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    return trap ? { trap: String(error) } : { error: error.message };
  }
}
