// The least a Worker can do to answer from the cache: the other side of the cached hit. Its first
// request says in `x-reply` which headers the reply has, so that both sides send the same ones.
export default {
  async fetch(request, _env, context) {
    const hit = await caches.default.match(request.url);
    if (hit) return hit;
    const length = Number(new URL(request.url).searchParams.get("length"));
    const headers = JSON.parse(request.headers.get("x-reply"));
    const reply = new Response(new Uint8Array(length), { headers });
    context.waitUntil(caches.default.put(request.url, reply.clone()));
    return reply;
  },
};
