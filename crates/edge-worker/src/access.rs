//! What the settings of the Worker demand of a request, and who sends it.

use azulejo::{
    error::Error,
    http::{Access, client_address},
};
use worker::{Env, Result};

/// A secret: keys of signatures, one a line. While a new key replaces an old one, both are there.
const KEYS: &str = "SIGNING_KEYS";

/// A variable: `required` (where nothing is said and there are keys), `presets` or `off`.
const SIGNING: &str = "SIGNING";

/// A variable: `test` shows what is not published, for a Worker that the public does not reach.
const CONTEXT: &str = "PUBLISH_CONTEXT";

/// A variable: the header that tells the client's address, where a proxy of one's own is in front. It
/// must set that header itself, whatever the client sends.
const ADDRESS: &str = "CLIENT_ADDRESS_HEADER";

/// The header of Cloudflare's network, which lets no client set it.
const CLOUDFLARE: &str = "cf-connecting-ip";

/// Reads settings and client of a request. Settings that cannot be read are an error of each request:
/// a Worker that should protect does not run open.
pub fn of(request: &web_sys::Request, env: &Env) -> Result<Result<Access, Error>> {
    let keys = env.secret(KEYS).ok().map(|keys| keys.to_string());
    let access =
        Access::of_settings(keys.as_deref(), &setting(env, SIGNING), &setting(env, CONTEXT));
    let client = client(request, &setting(env, ADDRESS))?;
    Ok(access.map(|access| Access { client, ..access }))
}

/// A variable; empty where it is not set.
pub fn setting(env: &Env, name: &str) -> String {
    env.var(name).map(|value| value.to_string()).unwrap_or_default()
}

/// The client's address: as Cloudflare's network tells it, where the request came by that, or as the
/// header says that a setting names. Elsewhere nobody knows it, and no address filter lets it in.
fn client(request: &web_sys::Request, named: &str) -> Result<Option<String>> {
    let header = match named.trim() {
        "" if came_by_cloudflare(request)? => CLOUDFLARE,
        "" => return Ok(None),
        named => named,
    };
    let value = request.headers().get(header)?;
    Ok(value.as_deref().and_then(client_address).map(str::to_owned))
}

/// `request.cf` is the network's own word on a connection; workerd alone has none.
fn came_by_cloudflare(request: &web_sys::Request) -> Result<bool> {
    Ok(js_sys::Reflect::get(request, &"cf".into())?.is_object())
}
