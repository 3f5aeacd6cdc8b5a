// What the presets of the Studio are made of: macro files, lines of modifiers, advice. It needs no browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./chromium.mjs";
import { adviceOn, freeName, nameProblem } from "../../www/studio/image-presets/advice.js";
import { add, apply, callers, decode, differences, parse, presetsOf, problemsOf, rebase, remove, rename, setModifiers } from "../../www/studio/image-presets/macro-file.js";
import { expand, read, summary, tokens, write } from "../../www/studio/image-presets/modifiers.js";
import { TEMPLATES } from "../../www/studio/image-presets/templates.js";

const FILE = "\uFEFF# Shop\r\nName\tDefinition\r\nbig\twid=900&hei=2\r\n\r\n  view   wid=240\\\r\n&fmt=png\r\nno$good wid=1\r\n# end";

test("macro_file__comments_order_line_ends_and_unknown_lines_survive", () => {
  const entries = parse(FILE);
  assert.equal(entries.map(({ raw }) => raw).join(""), FILE);
  assert.deepEqual(presetsOf(entries).map(({ name, modifiers, line }) => [name, modifiers, line]), [["big", "wid=900&hei=2", 3], ["view", "wid=240\n&fmt=png", 5]]);
  assert.equal(setModifiers(FILE, "BIG", "wid=1"), FILE.replace("wid=900&hei=2", "wid=1"));
  assert.equal(setModifiers(FILE, "view", "wid=3"), FILE.replace("wid=240\\\r\n&fmt=png", "wid=3"));
  assert.equal(add(FILE, "new", "wid=5"), `${FILE}\r\nnew\twid=5\r\n`);
  assert.equal(add(FILE, "new", "wid=5", "big"), FILE.replace("hei=2\r\n", "hei=2\r\nnew\twid=5\r\n"));
  assert.equal(remove(add(FILE, "new", "wid=5", "big"), "new"), FILE);
});

test("macro_file__every_change_of_the_shipped_file_can_be_taken_back_to_the_byte", () => {
  const text = readFileSync(join(root, "presets/default_macros.txt"), "utf8");
  assert.equal(readFileSync(join(root, "www/studio/image-presets/default_macros.txt"), "utf8"), text, "the page has the presets that are built in");
  for (const { name, modifiers } of presetsOf(parse(text))) {
    const changed = setModifiers(text, name, "wid=1");
    assert.notEqual(changed, text);
    assert.equal(setModifiers(changed, name, modifiers), text);
    assert.equal(rename(rename(text, name, "other"), "other", name), text);
  }
});

test("macro_file__errors_have_line_numbers", () => {
  const problems = problemsOf(parse("a$b wid=1\nok wid=2\nOK wid=3\nempty\nmit-ü wid=4"));
  assert.deepEqual(problems.map(({ line }) => line), [1, 3, 4, 5]);
  assert.match(problems[0].message, /“a\$b” may have only letters, digits/);
  assert.match(problems[1].message, /also defined in line 2; this line counts/);
});

test("macro_file__a_new_name_is_used_where_other_presets_call_the_old_one", () => {
  const text = "a.b\twid=1\nc\t$A.B$&hei=2&$axb$\nd\twid=2&text=$a.b$";
  assert.equal(rename(text, "a.b", "new"), "new\twid=1\nc\t$new$&hei=2&$axb$\nd\twid=2&text=$a.b$");
  assert.deepEqual(callers(presetsOf(parse(text)), "a.b"), ["c"]);
});

test("macro_file__two_versions_are_compared_and_joined_by_their_names", () => {
  const [mine, theirs] = ["a\twid=1\nb\twid=2\nc\twid=3\n", "# theirs\na\twid=9\nb\twid=2\nd\twid=4\n"];
  assert.deepEqual(differences(mine, theirs), [
    { name: "a", one: "wid=1", other: "wid=9" },
    { name: "d", one: undefined, other: "wid=4" },
    { name: "c", one: "wid=3", other: undefined },
  ]);
  const joined = apply(theirs, [{ name: "a", modifiers: "wid=1" }, { name: "d", modifiers: undefined }, { name: "c", modifiers: "wid=3" }]);
  assert.equal(joined, "# theirs\na\twid=1\nb\twid=2\nc\twid=3\n");
});

test("macro_file__changes_move_to_a_file_of_the_same_presets", () => {
  const [base, theirs] = ["a\twid=1\nb\twid=2\n", "# with comments\na  wid=1\nb\twid=2\n"];
  assert.equal(rebase("a\twid=5\nc\twid=3\n", base, theirs), "# with comments\na  wid=5\nc\twid=3\n");
  assert.equal(rebase("a\twid=5\n", base, theirs.replace("wid=2", "wid=7")), undefined);
});

test("macro_file__old_windows_files_are_read", () => {
  assert.equal(decode(new Uint8Array([0x23, 0xe4])), "#ä");
  assert.equal(decode(new TextEncoder().encode("\uFEFF#ä")), "\uFEFF#ä");
});

test("modifiers__a_line_is_read_into_the_fields_and_written_in_the_order_of_the_editor", () => {
  const real = "wid=388&hei=388&fmt=jpeg&qlt=100,0&op_sharpen=1&resMode=trilin&op_usm=0.8,1.0,6,0&iccEmbed=0";
  assert.equal(write(read(real)), real, "as an editor in use wrote it");
  const mixed = "op_invert=1&PRINTRES=300&op_usm=1%2C2&hei=5&wid=4&fmt=tif,cmyk,lzw&icc=sRGB,relative,1&opac=29";
  assert.equal(write(read(mixed)), "wid=4&hei=5&fmt=tif,cmyk,lzw&op_usm=1,2&icc=sRGB,relative,1&printRes=300&op_invert=1&opac=29");
  assert.equal(write(read("fmt=gif&quantize=adaptive,off,2,000000,ffffff")), "fmt=gif&quantize=adaptive,off,2,000000,ffffff");
});

test("modifiers__what_the_form_cannot_show_stays_as_it_is", () => {
  for (const line of ["$main$&wid=3", "wid=$w$&hei=2", "layer=1&wid=20&src=is{a/b?wid=3&hei=4}&pos=1,2", "fmt=jpeg&qlt=high", "text=a,b"]) {
    const { fields, head, modifier } = read(line);
    const written = write({ fields, head, modifier });
    assert.deepEqual(tokens(written).map(({ text }) => text).toSorted(), tokens(line).map(({ text }) => text).toSorted(), line);
  }
  assert.deepEqual(read("$a$&wid=1&$b$&hei=2").head, "$a$&wid=1&$b$");
  assert.deepEqual(read("layer=1&wid=20").fields, {});
  assert.equal(tokens("src=is{a?wid=1&hei=2}&wid=3").length, 2);
});

test("modifiers__calls_are_replaced_as_the_server_does_it", () => {
  const lookUp = (name) => ({ a: "wid=1&$b$", b: "hei=2" })[name];
  assert.equal(expand("fmt=png&$A$&wid=9&$none$&text=$a$", lookUp), "fmt=png&wid=1&hei=2&wid=9&$none$&text=$a$");
  assert.ok(expand("$a$", () => "$a$").length < 100, "a circle ends");
});

test("modifiers__a_preset_without_a_size_is_responsive", () => {
  assert.equal(summary("fmt=jpeg&qlt=80").kind, "responsive");
  assert.equal(summary("wid=3&fmt=png-alpha").kind, "sized");
  assert.equal(summary("size=3,4").kind, "sized");
  assert.equal(summary("color=0,0,0,255&opac=75&op_blur=5").kind, "effect");
  assert.deepEqual(summary("wid=3&hei=4&qlt=70,0"), { kind: "sized", size: "3 × 4", format: "JPEG 70" });
});

test("advice__names_each_pitfall_and_its_fix_removes_it", () => {
  const lookUp = (name) => ({ known: "wid=5&fit=fit,1" })[name];
  for (const [line, said] of [
    ["wid=500&fmt=jpeg", /padded/],
    ["fmt=jpeg&qlt=100,1", /Quality 100/],
    ["fmt=jpeg&qlt=50", /loss can be seen/],
    ["fmt=jpeg&op_sharpen=1", /Simple sharpening/],
    ["fmt=webp&qlt=80", /Smart Imaging/],
    ["fmt=avif-alpha", /Smart Imaging/],
    ["wid=0&fit=constrain", /more than 0/],
  ]) {
    const [found, ...others] = adviceOn(line, lookUp);
    assert.match(found.text, said, line);
    assert.deepEqual(others, [], line);
    assert.deepEqual(adviceOn(found.fix.line, lookUp), [], `${line} → ${found.fix.line}`);
  }
  for (const line of ["text=a", "textPs=b", "locale=de", "template=a/b", "req=set,json", "layer=1&icc=sRGB"]) assert.match(adviceOn(line, lookUp)[0].text, /does not allow/, line);
  assert.match(adviceOn("$unknown$", lookUp)[0].text, /no preset \$unknown\$/);
  for (const line of ["$known$", "icc=sRGB&iccEmbed=1", "wid=5&layer=1", "req=img&fmt=jpeg"]) assert.deepEqual(adviceOn(line, lookUp), [], line);
});

test("advice__names_are_as_adobe_allows_them", () => {
  assert.equal(nameProblem("Main_2.big-x", ["other"]), undefined);
  assert.match(nameProblem("my preset", []), /not a blank/);
  assert.match(nameProblem("größe", []), /“ö”/);
  assert.match(nameProblem("Main", ["main"]), /already/);
  assert.match(nameProblem("", []), /needs a name/);
  assert.equal(freeName("main", ["MAIN", "main-2"]), "main-3");
});

test("templates__are_the_documented_best_practice", () => {
  const of = (name) => read(TEMPLATES.find((one) => one.name === name).modifiers).fields;
  for (const [name, side, amount, radius, threshold] of [["cross-sell", "75", "1.5", "0.8", "5"], ["thumbnail", "150", "1.1", "1", "5"], ["main", "350", "1", "1", "6"], ["enlarge", "500", "1.2", "1.2", "5"]]) {
    const { width, height, ...fields } = of(name);
    assert.deepEqual([width, height, fields.amount, fields.radius, fields.threshold, fields.quality], [side, side, amount, radius, threshold, "80"], name);
  }
  for (const { modifiers } of TEMPLATES) assert.equal(write(read(modifiers)), modifiers);
});
