//! The Worker's settings, and the address of a request's client.

use std::{cell::OnceCell, rc::Rc};

use azulejo::{
    error::Result as Valid,
    http::{Access, client_address},
};
use web_sys::Headers;
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

/// A variable that lists the catalogs which the preview page may read. Without it, there are none.
const PREVIEW_SOURCES: &str = "PREVIEW_SOURCES";

/// A variable that names the bucket, for Workers of a zone that share the edge cache.
const NAMESPACE: &str = "CACHE_NAMESPACE";

/// The header that Cloudflare's network sets. Clients cannot set it.
const CLOUDFLARE: &str = "cf-connecting-ip";

thread_local! {
    static ISOLATE: OnceCell<Rc<Settings>> = const { OnceCell::new() };
}

/// The settings of this deployment.
#[derive(Debug)]
pub struct Settings {
    /// The access settings, without a client. An error if one of them is invalid, so that a
    /// misconfigured Worker refuses every request instead of admitting it.
    access: Valid<Access>,
    /// The header with the client's address; empty if it is Cloudflare's.
    address: String,
    /// The catalogs which the preview page may read.
    pub preview_sources: String,
    /// The name of the bucket in the edge cache.
    pub namespace: String,
}

impl Settings {
    /// The settings in `env`. They are read once per isolate, since a new deployment starts new
    /// isolates.
    pub fn of(env: &Env) -> Rc<Self> {
        ISOLATE.with(|settings| Rc::clone(settings.get_or_init(|| Rc::new(Self::read(env)))))
    }

    fn read(env: &Env) -> Self {
        let setting = |name| env.var(name).map(|value| value.to_string()).unwrap_or_default();
        let keys = env.secret(KEYS).ok().map(|keys| keys.to_string());
        Self {
            access: Access::of_settings(keys.as_deref(), &setting(SIGNING), &setting(CONTEXT)),
            address: setting(ADDRESS).trim().to_owned(),
            preview_sources: setting(PREVIEW_SOURCES),
            namespace: setting(NAMESPACE),
        }
    }

    /// The access settings with the client of this request. The inner result fails on invalid
    /// settings.
    pub fn access(&self, request: &web_sys::Request, headers: &Headers) -> Result<Valid<Access>> {
        let client = self.client(request, headers)?;
        Ok(self.access.clone().map(|access| Access { client, ..access }))
    }

    /// The client's address from the configured header, or from Cloudflare's header if the request
    /// came through its network. Otherwise it is unknown, and no address filter admits the request.
    fn client(&self, request: &web_sys::Request, headers: &Headers) -> Result<Option<String>> {
        let header = if self.address.is_empty() { CLOUDFLARE } else { &self.address };
        let Some(value) = headers.get(header)? else { return Ok(None) };
        if self.address.is_empty() && !came_by_cloudflare(request)? {
            return Ok(None);
        }
        Ok(client_address(&value).map(str::to_owned))
    }
}

/// Cloudflare's network sets `request.cf`; workerd alone does not.
fn came_by_cloudflare(request: &web_sys::Request) -> Result<bool> {
    Ok(js_sys::Reflect::get(request, &"cf".into())?.is_object())
}
