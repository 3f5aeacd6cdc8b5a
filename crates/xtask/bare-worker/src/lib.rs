//! A Worker that answers every request with `200 ok`, as ours answers `/health`.

use worker::{Context, Env, Response, Result, event};

#[event(fetch)]
async fn fetch(_: worker::Request, _: Env, _: Context) -> Result<Response> {
    Response::ok("ok")
}
