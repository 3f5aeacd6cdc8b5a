// The entry point of the Worker: hands requests to the engine, and starts it anew after a trap.
import { WorkerEntrypoint } from "cloudflare:workers";
import * as engine from "./index.js";

Error.stackTraceLimit = 100;

// The `worker` crate sets `criticalError` where the engine panics.
const state = engine.__worker_init_state();

// Nothing is known of the engine's memory after a trap.
function note(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error("Critical", error);
  state.criticalError = true;
}

// What traps after the first await of a request, or after its reply, is told here.
addEventListener("error", (event) => note(event.error));

export default class extends WorkerEntrypoint {
  fetch(request) {
    if (state.criticalError) {
      console.warn("Starting the engine anew");
      engine.__wbg_reset_state();
      state.criticalError = false;
    }
    try {
      return engine.fetch.call(this, request, this.env, this.ctx);
    } catch (error) {
      note(error);
      throw error;
    }
  }
}
