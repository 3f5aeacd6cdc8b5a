// Keeps hold of the memory of a wasm module that is instantiated after this one is loaded.
const memories = [];

const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, imports);
    if (this.exports.memory) memories.push(this.exports.memory);
  }
};

/** Bytes, or null where no module was seen. */
export const taken = () =>
  memories.length > 0 ? memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) : null;
