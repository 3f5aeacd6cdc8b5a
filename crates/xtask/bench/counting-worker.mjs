// The built Worker over a bucket that counts. The reply has the reads and bytes of pyramids in `x-reads`
// and `x-bytes`, and in `x-batches` how many times the Worker waited for reads of any kind one after
// another: reads that begin before all earlier ones have ended are of one batch.
import Worker from "../../../build/worker/index.js";

/** Milliseconds that each read takes at least, so that reads of a batch overlap. */
const LATENCY = 30;

/** `worker` knows a bucket by the name of its class. */
class R2Bucket {
  reads = 0;
  bytes = 0;
  batches = 0;
  #open = 0;
  #bucket;

  constructor(bucket) {
    this.#bucket = bucket;
  }

  async get(key, options) {
    const object = await this.#counted(() => this.#bucket.get(key, options));
    if (key.startsWith("assets/")) {
      this.reads += 1;
      this.bytes += object?.range?.length ?? 0;
    }
    return object;
  }

  async head(key) {
    this.reads += 1;
    return this.#counted(() => this.#bucket.head(key));
  }

  async #counted(read) {
    if (this.#open === 0) this.batches += 1;
    this.#open += 1;
    try {
      await new Promise((wake) => setTimeout(wake, LATENCY));
      return await read();
    } finally {
      this.#open -= 1;
    }
  }
}

export default {
  async fetch(request, env, context) {
    const bucket = new R2Bucket(env.ASSETS);
    const reply = await new Worker(context, { ...env, ASSETS: bucket }).fetch(request);
    const counted = new Response(reply.body, reply);
    for (const name of ["reads", "bytes", "batches"]) counted.headers.set(`x-${name}`, bucket[name]);
    return counted;
  },
};
