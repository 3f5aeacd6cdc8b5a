// The worker of tools.js. It loads the wasm module with the first task, and does one task at a time.

/** The module has this much memory before the page replaces it, to give the memory back. */
const LARGE = 256 << 20;

let loading;

/** The functions of the module, and its memory. */
function load() {
  loading ??= import("../tools/browser_tools.js").then(async (tools) => {
    const { memory } = await tools.default();
    return { tools, memory };
  });
  return loading;
}

/** A failure that ends this worker: what kind it is, and the cause. */
class End extends Error {
  constructor(kind, cause) {
    super(cause?.message ?? String(cause));
    this.kind = kind;
  }
}

/** The bytes of a file. */
async function read(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new End(error instanceof RangeError ? "memory" : "unreadable", error);
  }
}

const tasks = {
  async pyramid({ tools }, { file, name }, onprogress) {
    const bytes = tools.pyramid(await read(file), name, onprogress);
    return { value: bytes, transfer: [bytes.buffer] };
  },
  async inspect({ tools }, { file, name }) {
    return { value: await tools.inspect(await read(file), name) };
  },
  async ssimulacra2({ tools }, { one, other, width, height }) {
    return { value: tools.ssimulacra2(one, other, width, height) };
  },
};

/** What a task's failure means. The module throws strings when it panics. */
function failure(error) {
  if (error instanceof End) return { kind: error.kind, message: error.message };
  if (typeof error === "string") return { kind: "panic", message: error };
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return { kind: "memory", message: error.message };
  return { message: error?.message ?? String(error) };
}

self.onmessage = async ({ data: { task, options } }) => {
  const onprogress = (done, stage) => self.postMessage({ progress: { done, stage } });
  try {
    const loaded = await load().catch((error) => {
      throw new End("missing", error);
    });
    const { value, transfer = [] } = await tasks[task](loaded, options, onprogress);
    self.postMessage({ value, large: loaded.memory.buffer.byteLength > LARGE }, transfer);
  } catch (error) {
    self.postMessage({ failure: failure(error) });
  }
};
