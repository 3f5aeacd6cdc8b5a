// The encoder of AVIF is a wasm module of its own (crates/avif-encoder). Nothing of it runs before a
// picture is encoded. Each picture has an instance, whose memory is free afterwards.
import module from "./avif.wasm";

/** Sets up a table of JavaScript values, which the module does not use. */
const imports = { "./avif_bg.js": { __wbindgen_init_externref_table() {} } };

export class AvifEncoder {
  /** Starts an instance and copies the samples of a picture into its memory. */
  constructor(samples) {
    this.module = new WebAssembly.Instance(module, imports).exports;
    const address = this.module.reserve(samples.length);
    new Uint8Array(this.module.memory.buffer).set(samples, address);
  }

  /** Encodes the picture. A trap throws a plain error, since the engine is as it was. */
  encode(width, height, channels, quality, fullChroma) {
    let isFile;
    try {
      isFile = this.module.run(width, height, channels, quality, fullChroma);
    } catch (error) {
      throw new Error(`the module stopped: ${error.message}`);
    }
    const { memory, output, output_length } = this.module;
    const bytes = new Uint8Array(memory.buffer, output(), output_length());
    if (!isFile) throw new Error(new TextDecoder().decode(bytes));
    return bytes;
  }
}
