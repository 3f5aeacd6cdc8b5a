//! Access control: the Worker's settings for signatures and publishing, and the client's address.

use azulejo::{
    error::Error,
    http::{Access, client_address},
};
use worker::{Env, Result};

/// A secret with the signing keys, one per line. During a key rotation it holds the old and the new
/// key.
const KEYS: &str = "SIGNING_KEYS";

/// A variable: `required` (the default if there are keys), `presets` or `off`.
const SIGNING: &str = "SIGNING";

/// A variable: `test` also shows unpublished assets, for a Worker that the public cannot reach.
const CONTEXT: &str = "PUBLISH_CONTEXT";

/// A variable: the header with the client's address, for a Worker behind its owner's proxy. The
/// proxy must overwrite what the client sends in that header.
const ADDRESS: &str = "CLIENT_ADDRESS_HEADER";

/// The header that Cloudflare's network sets. Clients cannot set it.
const CLOUDFLARE: &str = "cf-connecting-ip";

/// Reads the settings and the client's address of a request. The inner result fails on invalid
/// settings, so that a misconfigured Worker refuses every request instead of admitting it.
pub fn of(request: &web_sys::Request, env: &Env) -> Result<Result<Access, Error>> {
    let keys = env.secret(KEYS).ok().map(|keys| keys.to_string());
    let access =
        Access::of_settings(keys.as_deref(), &setting(env, SIGNING), &setting(env, CONTEXT));
    let client = client(request, &setting(env, ADDRESS))?;
    Ok(access.map(|access| Access { client, ..access }))
}

/// The value of a variable; empty if it is not set.
pub fn setting(env: &Env, name: &str) -> String {
    env.var(name).map(|value| value.to_string()).unwrap_or_default()
}

/// The client's address from the header `configured`, or from Cloudflare's header if the request
/// came through its network. Otherwise it is unknown, and no address filter admits the request.
fn client(request: &web_sys::Request, configured: &str) -> Result<Option<String>> {
    let header = match configured.trim() {
        "" if came_by_cloudflare(request)? => CLOUDFLARE,
        "" => return Ok(None),
        configured => configured,
    };
    let value = request.headers().get(header)?;
    Ok(value.as_deref().and_then(client_address).map(str::to_owned))
}

/// Cloudflare's network sets `request.cf`; workerd alone does not.
fn came_by_cloudflare(request: &web_sys::Request) -> Result<bool> {
    Ok(js_sys::Reflect::get(request, &"cf".into())?.is_object())
}
