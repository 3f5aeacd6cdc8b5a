// The built Worker, which also tells at `/memory` how many bytes of linear memory its wasm has.
import { bytes } from "./memory.mjs";
import Worker from "../../build/worker/index.js";

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/memory") return new Response(String(bytes()));
    return new Worker(context, env).fetch(request);
  },
};
