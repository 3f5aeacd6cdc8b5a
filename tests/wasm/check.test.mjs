// The linter of URLs in the browser package: the object that `azulejo check --json` prints.
import assert from "node:assert/strict";
import test from "node:test";
import { check, commands, read, start } from "./preview.mjs";

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

test("commands__each_has_its_texts_and_arguments", () => {
  const all = commands();
  assert.ok(all.length > 80, `${all.length} commands`);
  for (const { name, title, help, group, support, doc } of all) {
    assert.ok(title && help && doc, name);
    assert.ok(["basic", "layers", "advanced"].includes(group), name);
    assert.ok(["full", "partial", "accepted", "refused"].includes(support), name);
  }
  const usm = all.find((command) => command.name === "op_usm");
  assert.equal(usm.title, "Unsharp mask");
  assert.deepEqual(usm.arguments[0], { name: "amount", kind: "number", min: 0, max: 5, optional: false });
  assert.deepEqual(usm.arguments[3].choices, ["0", "1"]);
});

test("read__offsets_slice_the_text", () => {
  const text = "?wid=40&text=😀a&$v=1&layer=2&src=is{a/b?wid=3&hei=4}&OPAC=5&src=is(";
  const found = read(text);
  const slices = found.map(({ from, to }) => text.slice(from, to));
  assert.deepEqual(slices, ["wid=40", "text=😀a", "$v=1", "layer=2", "src=is{a/b?wid=3&hei=4}", "OPAC=5"]);
  assert.deepEqual(found.at(-1), { kind: "command", name: "opac", value: "5", from: found.at(-1).from, to: found.at(-1).to, level: "understood", layer: 2 });
});

test("check__an_error_has_its_length_and_an_unknown_name_suggestions", () => {
  const url = "Shop/shoe?width=3&hei=abc&fmt=png";
  const { error, commands: [width] } = check(url);
  assert.equal(url.slice(error.column - 1, error.column - 1 + error.length), "hei=abc");
  assert.deepEqual(width.suggestions, ["wid"]);
});
