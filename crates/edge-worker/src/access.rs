//! What the settings of the Worker demand of a request, and who sends it.

use azulejo::http::{Access, Signing};
use worker::{Env, Result, console_error};

/// A secret: keys of signatures, one a line. While a new key replaces an old one, both are there.
const KEYS: &str = "SIGNING_KEYS";

/// A variable: `required` (where nothing is said and there are keys), `presets` or `off`.
const SIGNING: &str = "SIGNING";

/// A variable: `test` shows what is not published, for a Worker that the public does not reach.
const CONTEXT: &str = "PUBLISH_CONTEXT";

/// Reads settings and client of a request.
pub fn of(request: &web_sys::Request, env: &Env) -> Result<Access> {
    let keys = env.secret(KEYS).map(|keys| keys.to_string()).unwrap_or_default();
    let keys: Vec<String> = keys.split_whitespace().map(str::to_owned).collect();
    let setting = |name| env.var(name).map(|value| value.to_string()).unwrap_or_default();
    Ok(Access {
        client: request.headers().get("cf-connecting-ip")?,
        signing: signing(&setting(SIGNING), !keys.is_empty()),
        keys,
        unpublished: setting(CONTEXT) == "test",
    })
}

/// A setting that cannot be read protects rather than opens.
fn signing(setting: &str, keys: bool) -> Signing {
    match (Signing::parse(setting), setting.trim()) {
        (Some(_), "") if keys => Signing::Required,
        (Some(signing), _) => signing,
        (None, other) => {
            console_error!("{SIGNING}={other}: expected required, presets or off");
            Signing::Required
        }
    }
}
