// The pictures of tests/golden, drawn by the Worker: the same bytes as natively. The page's package
// is tested with all of them (tests/wasm/golden.test.mjs), but draws no SVG.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { after, before, test } from "node:test";
import { reply, root, startWorker, withBucket } from "./edge.mjs";

const fixtures = join(root, "tests/fixtures");
const goldens = join(root, "tests/golden");

let worker;
before(async () => {
  worker = await startWorker({ config: { ...withBucket, main: join(root, "build/worker/index.js") } });
  for (const file of readdirSync(fixtures)) {
    const { name, ext } = parse(file);
    const bytes = () => readFileSync(join(fixtures, file));
    if (ext === ".tif") await worker.bucket.put(`assets/Test/${name}.tif`, bytes());
    if (ext !== ".svg") continue;
    await worker.bucket.put(`svg/Test/${name}.svg`, bytes());
    await worker.bucket.put(`records/Test/${name}.json`, '{"svg": true}');
  }
});
after(() => worker?.stop());

for (const family of ["svg", "text"]) {
  const pictures = readdirSync(join(goldens, family)).filter((file) => file.endsWith(".png"));
  test(`the_pictures_of_${family}_are_those_of_the_native_engine`, async (context) => {
    assert.ok(pictures.length >= 10, `${pictures}`);
    for (const picture of pictures) {
      const { name } = parse(picture);
      const [, request] = readFileSync(join(goldens, family, `${name}.url`), "utf8").trimEnd().split("\n");
      await context.test(name, async () => {
        const drawn = await reply(await worker.get(`/is/image/${request}`));
        assert.equal(drawn.status, 200, drawn.bytes.toString("utf8", 0, 200));
        const wanted = readFileSync(join(goldens, family, picture));
        assert.ok(drawn.bytes.equals(wanted), `${drawn.bytes.length} bytes, ${wanted.length} are wanted`);
      });
    }
  });
}
