// The built Worker, beside a module that traps as the engine might: `/trap` calls it where futures are
// polled, in a microtask, and says whether the Worker took notice. `/instance` says how often the engine
// was started. trap.wasm is `(module (func (export "trap") unreachable))`.
import Worker from "../../build/worker/index.js";
import trapping from "./trap.wasm";

const state = globalThis.__worker_init_state;

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/instance") return Response.json(state.instanceId);
    if (pathname === "/trap") {
      queueMicrotask(() => new WebAssembly.Instance(trapping).exports.trap());
      await new Promise((resolve) => setTimeout(resolve, 1));
      return Response.json(state.criticalError);
    }
    return new Worker(context, env).fetch(request);
  },
};
