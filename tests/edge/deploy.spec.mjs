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
    const again = deploy("--env", "test");
    assert.equal(again.status, 0, again.stderr + again.stdout);
    assert.match(again.stdout, /env\.ASSETS \(shop-images-test\)/);
    assert.equal(readFileSync(config, "utf8"), written, "an environment that is there is not touched");
    assert.doesNotMatch(again.stderr, /Added|Made|lacks/);
  });
});

test("deploy: the top is deployed without --env, and settings that the file lacks are named", () => {
  withFolder(({ config, deploy }) => {
    const example = readFileSync(join(root, "wrangler.example.toml"), "utf8");
    writeFileSync(config, example.replace(/^\[limits\]\ncpu_ms = .*$/m, "").replaceAll("azulejo-assets", "shop"));
    const done = deploy();
    assert.equal(done.status, 0, done.stderr + done.stdout);
    assert.match(done.stderr, /lacks settings that wrangler\.example\.toml has: limits\./);
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
