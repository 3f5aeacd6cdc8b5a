// The built Worker. `/memory` tells how many bytes its engine has taken so far, which is the most it
// ever had, since none is given back. A request's `x-abort` says after how many milliseconds its
// client goes away: the test harness has a proxy in front that does not pass that on.
import { taken } from "./observed-memory.mjs";
import Worker from "../../build/worker/index.js";

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/memory") return Response.json(taken());
    const after = request.headers.get("x-abort");
    const signal = after ? AbortSignal.timeout(Number(after)) : request.signal;
    return new Worker(context, env).fetch(new Request(request, { signal }));
  },
};
