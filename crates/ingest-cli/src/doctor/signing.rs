//! Signatures: a signed request is answered, a changed, an expired and an unsigned one are refused.

use azulejo::catalog::signature;

use super::{
    Checked,
    finding::Finding,
    server::{Server, now},
};

const MODIFIERS: &str = "wid=64&fmt=jpeg";

/// Checks signatures with the key. Without one, tells whether unsigned requests are answered.
pub async fn signatures(server: &Server, object: &str) -> Checked {
    let path = format!("/is/image/{object}");
    let plain = server.get(&format!("{path}?{MODIFIERS}"), &[]).await?;
    let Some(key) = &server.key else {
        return Ok(vec![Finding::not_checked(
            "signing",
            format!("unsigned requests answer {}", plain.status),
            "if your server has SIGNING_KEYS, give one with --key-file",
        )]);
    };
    // The key is long enough: every request was signed with it.
    let sign = |expires| signature::sign(key, &path, MODIFIERS, expires).unwrap_or_default();
    let (hour, signed) = (now().as_secs() + 3600, |query: String| format!("{path}?{query}"));
    let valid = server.get(&signed(sign(Some(hour))), &[]).await?;
    let changed = signed(sign(Some(hour))).replacen("wid=64", "wid=65", 1);
    let changed = server.get(&changed, &[]).await?;
    let expired = server.get(&signed(sign(Some(now().as_secs() - 3600))), &[]).await?;
    let statuses = [valid.status, changed.status, expired.status, plain.status];
    Ok(vec![match statuses {
        [200, 403, 403, 403] => Finding::ok(
            "signing",
            "signed answers 200; changed, expired and unsigned are refused with 403",
        ),
        [200, 403, 403, 200] => Finding::warning(
            "signing",
            "signatures are checked, but unsigned requests are answered, too",
            "set SIGNING to required, or leave it at presets if that is what you want",
        ),
        [200, 200, ..] | [200, _, 200, _] => Finding::failed(
            "signing",
            format!(
                "a changed request answers {}, an expired one {}",
                changed.status, expired.status
            ),
            "the server checks no signatures: set the secret SIGNING_KEYS, and SIGNING other than off; a cache \
             in front must not leave sig= and expires= out of its key",
        ),
        [status, ..] => Finding::failed(
            "signing",
            format!("a signed request answers {status}: {}", valid.excerpt()),
            "the server has another key, or what is in front changes the URL: a signature covers path and query \
             as they are sent",
        ),
    }])
}
