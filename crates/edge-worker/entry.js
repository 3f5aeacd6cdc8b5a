// The entry point of the Worker: passes requests to the engine, and restarts it after a trap.
import { WorkerEntrypoint } from "cloudflare:workers";
import * as engine from "./index.js";

Error.stackTraceLimit = 100;

// The `worker` crate sets `criticalError` where the engine panics.
const state = engine.__worker_init_state();

// After a trap the memory of the engine may be inconsistent.
function note(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error("Critical", error);
  state.criticalError = true;
}

// Traps after the first await of a request, or after its reply, are reported by this event.
addEventListener("error", (event) => note(event.error));

export default class extends WorkerEntrypoint {
  fetch(request) {
    if (state.criticalError) {
      console.warn("Restarting the engine");
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
