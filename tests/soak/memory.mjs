// Remembers the memory of each wasm module that is instantiated after this module was loaded.
const memories = [];
const { Instance } = WebAssembly;

WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, imports);
    if (this.exports.memory instanceof WebAssembly.Memory) memories.push(this.exports.memory);
  }
};

/** Bytes of linear memory, of all modules together. It can only grow. */
export const bytes = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
