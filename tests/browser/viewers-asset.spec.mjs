// What `asset` says, and what is made of the reply to `req=set`, without a browser.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { assetOf, fetchSet, leaves, parseAsset } from "../../www/viewers/asset.js";
import { Server, ServerError } from "../../www/viewers/server.js";

test("asset__one_object_and_its_modifiers", () => {
  assert.deepEqual(parseAsset("Shop/shoe"), { name: "Shop/shoe", mods: "" });
  assert.deepEqual(parseAsset(" /content/dam/red%20shoe.jpg "), { name: "content/dam/red shoe.jpg", mods: "" });
  assert.deepEqual(parseAsset("Shop/shoe?$large$&op_usm=1%2C1%2C5%2C0"), { name: "Shop/shoe", mods: "$large$&op_usm=1%2C1%2C5%2C0" });
  assert.equal(parseAsset("Shop/100%").name, "Shop/100%");
});

test("asset__sets_within_the_text", () => {
  assert.deepEqual(parseAsset("Shop/a,Shop/b"), { root: "Shop", imageSet: "Shop/a,Shop/b", mods: ["", ""] });
  assert.deepEqual(parseAsset("(Shop/a?flip=lr,Shop/b)").mods, ["flip=lr", ""]);
  assert.deepEqual(parseAsset("((Shop/a,Shop/b),(Shop/c,Shop/d))").imageSet, "{Shop/a,Shop/b},{Shop/c,Shop/d}");
  assert.deepEqual(parseAsset("(Shop/x;Shop/swatch;spin)").imageSet, "Shop/x;Shop/swatch;spin");
  assert.deepEqual(parseAsset("{Shop/a?op_usm=1%252C1,Shop/b};;spin,Shop/c;;img"), { root: "Shop", imageSet: "{Shop/a,Shop/b};;spin,Shop/c;;img", mods: ["op_usm=1,1", "", ""] });
});

test("asset__nothing_and_nonsense", () => {
  for (const text of ["", "  ", null, undefined]) assert.throws(() => parseAsset(text), /No asset is named/);
  for (const text of ["(", ")", "{", "((((", "a)", ",", "%", "%zz,%", ";;;", "?", "a?b?c", "(a,b", "{}", "🦊"]) {
    let parsed;
    try {
      parsed = parseAsset(text);
    } catch (error) {
      assert.ok(error instanceof ServerError, `${text}: ${error}`);
      continue;
    }
    assert.ok(typeof parsed.name === "string" || typeof parsed.imageSet === "string", text);
  }
});

test("asset__what_is_written_is_what_is_read", () => {
  const items = [{ name: "Shop/100%", mods: "op_usm=1,1,5,0" }, { name: "Shop/b", mods: "" }];
  const { imageSet, mods } = parseAsset(assetOf({ items }));
  assert.deepEqual([imageSet, mods], ["Shop/100%,Shop/b", ["op_usm=1,1,5,0", ""]]);
  const { name, mods: own } = parseAsset(assetOf(items[0]));
  assert.deepEqual([name, decodeURIComponent(own)], ["Shop/100%", "op_usm=1,1,5,0"]);
});

let replies;
let server;
let http;

before(async () => {
  replies = new Map();
  http = createServer((request, response) => {
    const [status, body] = replies.get(new URL(request.url, "http://x").pathname) ?? [404, "none"];
    response.writeHead(status, { "content-type": "text/javascript" }).end(body);
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  server = new Server({ serverurl: `http://127.0.0.1:${http.address().port}/is/image`, base: "http://127.0.0.1" });
});

after(() => http.close());

/** The set that a server's reply is read as. */
async function read(body, status = 200) {
  replies.set("/is/image/Shop/x", [status, body]);
  return fetchSet(server, "Shop/x", {});
}

test("set__one_child_is_an_object_and_several_are_a_list", async () => {
  const one = await read('/*jsonp*/s7jsonResponse({"set":{"n":"Shop/x","type":"img","item":{"dx":"40","dy":"30","iv":"abc","i":{"n":"Shop/x"}}}},"");');
  assert.deepEqual(leaves(one.items).map(({ name, width, height, version }) => [name, width, height, version]), [["Shop/x", 40, 30, "abc"]]);
  const media = await read(
    's7jsonResponse({"set":{"type":"media_set","item":[{"type":"img_set","set":{"type":"img_set","item":[{"i":{"n":"Shop/a","l":"Red"},"s":{"n":"Shop/s"}},{"i":{"n":"Shop/b"}}]}},{"type":"video","i":{"n":"Shop/film"},"s":{"mod":"color=aabbcc","l":"Film"}}]}},"77");',
  );
  assert.deepEqual(media.items.map(({ type, name, swatch }) => [type, name, swatch?.name ?? swatch?.color]), [["img_set", "Shop/a", "Shop/s"], ["video", "Shop/film", "aabbcc"]]);
  assert.deepEqual(leaves(media.items).map(({ name, label }) => [name, label]), [["Shop/a", "Red"], ["Shop/b", ""], ["Shop/film", "Film"]]);
});

test("set__replies_that_are_none_are_said", async () => {
  await assert.rejects(read('/*jsonp*/s7jsonError({"message":"Shop/x: no such image","title":"Image not found"},"");'), /no such image/);
  await assert.rejects(read("<html>Not found</html>"), /something else than JSON/);
  await assert.rejects(read('s7jsonResponse({"set":{"n":"Shop/x","type":"img_set"}},"");'), /Shop\/x is an empty set/);
  await assert.rejects(read("s7jsonResponse({},\"\");"), /no set/);
  await assert.rejects(read("Busy", 503), /The server answered 503: Busy/);
  const gone = new Server({ serverurl: "http://127.0.0.1:9/is/image/", base: "http://127.0.0.1" });
  await assert.rejects(fetchSet(gone, "Shop/x", {}), /The server cannot be reached/);
});

test("server__urls_hold_names_modifiers_and_versions", () => {
  const shop = new Server({ serverurl: "/is/image", iscommand: "op_sharpen%3D1", format: "png", base: "https://shop.example/page/" });
  assert.equal(shop.image({ name: "Shop/red shoe#1", mods: "flip=lr", version: "a b" }, "wid=40"), "https://shop.example/is/image/Shop/red%20shoe%231?flip=lr&op_sharpen=1&wid=40&fmt=png&id=a%20b");
  assert.equal(shop.image({ name: "Shop/a" }, "wid=9&fmt=jpg"), "https://shop.example/is/image/Shop/a?op_sharpen=1&wid=9&fmt=jpg");
  assert.equal(shop.file("/Shop/film.vtt"), "https://shop.example/is/content/Shop/film.vtt");
  assert.equal(shop.file("https://cdn.example/a.vtt"), "https://cdn.example/a.vtt");
});
