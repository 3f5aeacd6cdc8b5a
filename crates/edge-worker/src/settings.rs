//! The Worker's settings, and the address of a request's client.

use std::{cell::OnceCell, rc::Rc};

use azulejo::{
    error::Result as Valid,
    http::{Access, client_address},
    serve::{Settings, settings::SIGNING_KEYS},
};
use web_sys::Headers;
use worker::{Env, Result};

/// The header that Cloudflare's network sets. Clients cannot set it.
const CLOUDFLARE: &str = "cf-connecting-ip";

thread_local! {
    static ISOLATE: OnceCell<Rc<Settings>> = const { OnceCell::new() };
}

/// The settings in `env`. They are read once per isolate, since a new deployment starts new
/// isolates.
pub fn of(env: &Env) -> Rc<Settings> {
    ISOLATE.with(|settings| Rc::clone(settings.get_or_init(|| Rc::new(read(env)))))
}

fn read(env: &Env) -> Settings {
    Settings::read(|name| match name {
        SIGNING_KEYS => env.secret(name).ok().map(|keys| keys.to_string()),
        _ => env.var(name).ok().map(|value| value.to_string()),
    })
}

/// The access settings with the client of this request. The inner result fails on invalid settings.
///
/// The client's address is in the configured header, or in Cloudflare's header if the request came
/// through its network. Otherwise it is unknown.
pub fn access(
    settings: &Settings,
    request: &web_sys::Request,
    headers: &Headers,
) -> Result<Valid<Access>> {
    let header = match settings.address_header.as_str() {
        "" => None,
        name => headers.get(name)?,
    };
    let cloudflare = match came_by_cloudflare(request)? {
        true => headers.get(CLOUDFLARE)?,
        false => None,
    };
    let platform = cloudflare.as_deref().and_then(client_address);
    Ok(settings.access_of(header.as_deref(), platform))
}

/// Cloudflare's network sets `request.cf`; workerd alone does not.
fn came_by_cloudflare(request: &web_sys::Request) -> Result<bool> {
    Ok(js_sys::Reflect::get(request, &"cf".into())?.is_object())
}
