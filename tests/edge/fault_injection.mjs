// The built Worker over a bucket that counts, fails, or changes an object between two reads.
//
// The header `x-fault` of a request selects the fault: `fail` (every read throws), `replace-once`
// or `replace-always` (before the second, or every later, read the object becomes another one).
// The reply has the reads and bytes of pyramids in `x-reads` and `x-bytes`, and in `x-lookups` how many
// catalogs and records were.
import Worker from "../../build/worker/index.js";

/** `worker` knows a bucket by the name of its class. */
class R2Bucket {
  reads = 0;
  lookups = 0;
  bytes = 0;
  #bucket;
  #fault;

  constructor(bucket, fault) {
    this.#bucket = bucket;
    this.#fault = fault;
  }

  async get(key, options) {
    if (this.#fault === "fail") throw new Error("get: We encountered an internal error. (10001)");
    if (!key.startsWith("assets/")) {
      this.lookups += 1;
      return this.#bucket.get(key, options);
    }
    this.reads += 1;
    if (this.#replaces()) await this.#replace(key);
    const object = await this.#bucket.get(key, options);
    this.bytes += object?.range?.length ?? 0;
    return object;
  }

  head(key) {
    this.reads += 1;
    return this.#bucket.head(key);
  }

  #replaces() {
    return this.#fault === "replace-always" ? this.reads > 1 : this.#fault === "replace-once" && this.reads === 2;
  }

  /** Swaps the object with the one beside it, whose key ends in `-other.tif`. */
  async #replace(key) {
    const other = key.replace(/\.tif$/, "-other.tif");
    const [mine, theirs] = await Promise.all(
      [key, other].map(async (key) => (await this.#bucket.get(key)).arrayBuffer()),
    );
    await Promise.all([this.#bucket.put(key, theirs), this.#bucket.put(other, mine)]);
  }
}

export default {
  async fetch(request, env, context) {
    const bucket = new R2Bucket(env.ASSETS, request.headers.get("x-fault"));
    const reply = await new Worker(context, { ...env, ASSETS: bucket }).fetch(request);
    const counted = new Response(reply.body, reply);
    counted.headers.set("x-reads", bucket.reads);
    counted.headers.set("x-lookups", bucket.lookups);
    counted.headers.set("x-bytes", bucket.bytes);
    return counted;
  },
};
