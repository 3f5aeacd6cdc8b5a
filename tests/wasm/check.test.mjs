// The linter of URLs in the browser package: the object that `azulejo check --json` prints.
import assert from "node:assert/strict";
import test from "node:test";
import { check, start } from "./preview.mjs";

start();

test("a URL is judged with its columns", () => {
  const good = check("https://example.com/is/image/Shop/shoe?wid=200&mystery=1");
  assert.equal(good.ok, true);
  assert.deepEqual(good.ignored, ["mystery"]);
  const url = "/is/image/Shop/shoe?wid=abc";
  const bad = check(url);
  assert.equal(bad.ok, false);
  assert.match(bad.error.message, /wid/);
  assert.equal(bad.error.column, url.indexOf("wid") + 1);
});
