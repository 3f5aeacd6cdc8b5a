// `cargo xtask deploy --dry-run`: fills in a configuration, and wrangler accepts it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./edge.mjs";

/** Runs a test in a folder whose configuration finds the built Worker and the page. */
function withFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), "azulejo-deploy-"));
  for (const name of ["build", "www"]) symlinkSync(join(root, name), join(folder, name));
  const config = join(folder, "wrangler.toml");
  const deploy = (...args) => {
    const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
    return spawnSync(process.env.AZULEJO_XTASK, ["deploy", "--dry-run", "--config", config, ...args], options);
  };
  try {
    run({ config, deploy });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("deploy: a new environment is filled in, told, and deployed with its bucket and variables", () => {
  withFolder(({ config, deploy }) => {
    assert.ok(!existsSync(config));
    const done = deploy("--env", "test", "--bucket", "shop-images-test", "--domain", "test.example.com");
    assert.equal(done.status, 0, done.stderr + done.stdout);
    assert.match(done.stderr, /Made .*wrangler\.toml from wrangler\.example\.toml/);
    assert.match(done.stderr, /Added to [^]*\[env\.test\.vars\][^]*bucket_name = "shop-images-test"/);
    assert.match(done.stdout, /env\.ASSETS \(shop-images-test\)/);
    assert.match(done.stdout, /env\.PUBLISH_CONTEXT \("test"\)/);
    assert.match(done.stdout, /env\.CACHE_NAMESPACE \("shop-images-test"\)/);
    assert.match(done.stdout, /dry-run: exiting now/);

    const written = readFileSync(config, "utf8");
    const live = deploy("--env", "live", "--bucket", "shop-images", "--domain", "images.example.com");
    assert.equal(live.status, 0, live.stderr + live.stdout);
    assert.match(live.stdout, /env\.ASSETS \(shop-images\)/);
    assert.match(live.stdout, /env\.CACHE_NAMESPACE \("shop-images-live"\)/);
    assert.match(live.stdout, /env\.LOG_SAMPLE \("0\.01"\)/);
    assert.doesNotMatch(live.stdout, /PUBLISH_CONTEXT/);
    const both = readFileSync(config, "utf8");
    assert.ok(both.startsWith(written), "what was there stays");

    const again = deploy("--env", "test");
    assert.equal(again.status, 0, again.stderr + again.stdout);
    assert.match(again.stdout, /env\.ASSETS \(shop-images-test\)/);
    assert.equal(readFileSync(config, "utf8"), both, "an environment that is there is not touched");
    assert.doesNotMatch(again.stderr, /Added|Made|lacks/);
  });
});

test("deploy: the top is deployed without --env, and settings that the file lacks are named", () => {
  withFolder(({ config, deploy }) => {
    const example = readFileSync(join(root, "wrangler.example.toml"), "utf8");
    writeFileSync(config, example.replace(/^\[limits\]\ncpu_ms = .*$/m, "").replaceAll("azulejo-assets", "shop"));
    const done = deploy();
    assert.equal(done.status, 0, done.stderr + done.stdout);
    assert.match(done.stderr, /wrangler\.toml lacks settings: limits\.\n/);
    assert.match(done.stdout, /env\.ASSETS \(shop\)/);
  });
});

test("deploy: wrangler's own arguments follow two hyphens", () => {
  withFolder(({ deploy }) => {
    const done = deploy("--", "--strange-flag");
    assert.equal(done.status, 1);
    assert.match(done.stderr, /strange-flag/);
    assert.match(done.stderr, /error: wrangler deploy failed/);
  });
});

test("deploy: what docs/deploy.md asks of wrangler are commands and flags that it has", () => {
  const page = readFileSync(join(root, "docs/deploy.md"), "utf8") + readFileSync(join(root, "docs/signing.md"), "utf8");
  const lines = [...page.matchAll(/^npx wrangler ([^#<\n]*)/gm)].map(([, line]) => line.trim());
  const asked = new Map();
  for (const line of lines) {
    const words = line.split(/\s+/);
    const flags = words.filter((word) => word.startsWith("--"));
    const name = words.slice(0, words[0] === "r2" ? 3 : ["secret", "deployments"].includes(words[0]) ? 2 : 1).join(" ");
    asked.set(name, [...(asked.get(name) ?? []), ...flags]);
  }
  assert.ok(asked.size >= 5, lines.join("\n"));
  for (const [name, flags] of asked) {
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
    const help = spawnSync("npx", ["--no-install", "wrangler", ...name.split(" "), "--help"], { cwd: root, encoding: "utf8", env });
    assert.equal(help.status, 0, `${name}: ${help.stderr}`);
    assert.ok(help.stdout.includes(`wrangler ${name}`), `${name}: ${help.stdout}`);
    for (const flag of flags) assert.ok(help.stdout.includes(flag), `wrangler ${name} has no ${flag}`);
  }
});
