// The module of the Worker, as V8 sees it when an isolate starts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./edge.mjs";

/** The section of a module that has the bodies of its functions. */
const CODE = 10;

/** The lengths of the functions of a wasm module in bytes. */
function functions(module) {
  // The header: a mark and a version.
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at];
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < module.length) {
    const section = module[at];
    at += 1;
    const end = number() + at;
    if (section === CODE) {
      return Array.from({ length: number() }, () => {
        const length = number();
        at += length;
        return length;
      });
    }
    at = end;
  }
  throw new Error("a module without code");
}

// V8 compiles a whole function when it is first called: 76 KB delayed the first request by 3 ms.
test("module__has_no_function_that_delays_the_first_request", () => {
  const lengths = functions(readFileSync(join(root, "build/worker/index_bg.wasm")));
  assert.ok(lengths.length > 1000, `${lengths.length} functions`);
  assert.ok(Math.max(...lengths) < 45_000, `the longest function has ${Math.max(...lengths)} bytes`);
});
