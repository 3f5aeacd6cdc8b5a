// The built Worker, and at `/memory` how many bytes of memory its engine has taken so far: it is
// never given back, so that is the most it ever had.
import { taken } from "./observed-memory.mjs";
import Worker from "../../build/worker/index.js";

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/memory") return Response.json(taken());
    return new Worker(context, env).fetch(request);
  },
};
