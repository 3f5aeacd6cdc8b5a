// The built Worker. `/memory` tells how many bytes its engine has taken so far, which is the most it
// ever had, since none is given back. `/waits` tells how long timers of a millisecond had to wait for
// the isolate's thread, until `/done` is asked for. A request's `x-abort` says after how many milliseconds its
// client goes away: the test harness has a proxy in front that does not pass that on.
import { taken } from "./observed-memory.mjs";
import Worker from "../../build/worker/index.js";

let ends = false;

/** Milliseconds that each of many timers was late. */
async function waits() {
  const late = [];
  ends = false;
  for (let last = Date.now(); !ends; ) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const now = Date.now();
    late.push(now - last - 1);
    last = now;
  }
  return late;
}

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/memory") return Response.json(taken());
    if (pathname === "/waits") return Response.json(await waits());
    if (pathname === "/done") return Response.json((ends = true));
    const after = request.headers.get("x-abort");
    const signal = after ? AbortSignal.timeout(Number(after)) : request.signal;
    return new Worker(context, env).fetch(new Request(request, { signal }));
  },
};
