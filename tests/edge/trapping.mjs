// The built Worker, told that its engine trapped, as the platform tells it. `/trap` does so; `/instance`
// says how often the engine was started.
import Worker from "../../build/worker/index.js";

const state = globalThis.__worker_init_state;

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/instance") return Response.json(state.instanceId);
    if (pathname === "/trap") {
      reportError(new WebAssembly.RuntimeError("as a trap is reported"));
      return Response.json(state.criticalError);
    }
    return new Worker(context, env).fetch(request);
  },
};
