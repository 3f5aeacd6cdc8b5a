//! The `Content-Security-Policy` of replies that a browser can open as a document.

use crate::http::HttpReply;

const HEADER: &str = "content-security-policy";

/// Sandboxes every reply of an active media type, no matter who set that type. So stored content
/// cannot run scripts on the origin of the site. A policy that a rule sets takes precedence.
pub fn sandbox(reply: &mut HttpReply) {
    let has_own = reply.extra.iter().any(|(name, _)| name == HEADER);
    let policy = reply.header("content-type").and_then(policy).filter(|_| !has_own);
    reply.headers.extend(policy.map(|policy| (HEADER, policy.to_owned())));
}

/// The policy of a media type; `None` for a passive type. PDF has none: Chromium does not show a
/// sandboxed PDF, and PDF viewers run its scripts without an origin.
fn policy(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        // A page may need its own scripts. Sandboxed, they run without the origin of the site.
        "text/html" | "application/xhtml+xml" => Some("sandbox allow-scripts"),
        "text/javascript" | "application/javascript" | "application/x-shockwave-flash" => {
            Some("sandbox")
        }
        // Any XML can contain XHTML and SVG elements, and so scripts.
        "text/xml" | "application/xml" => Some("sandbox; script-src 'none'"),
        other if other.ends_with("+xml") => Some("sandbox; script-src 'none'"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::HeaderChange;

    #[test]
    fn every_type_that_can_hold_scripts_is_sandboxed() {
        for active in [
            "text/html; charset=utf-8",
            "Text/HTML",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/xml",
            "application/xml; charset=utf-16",
            "application/f4m+xml",
            "application/dash+xml",
            "application/ttml+xml",
            "text/javascript; charset=utf-8",
            "application/x-shockwave-flash",
        ] {
            assert!(policy(active).is_some_and(|policy| policy.starts_with("sandbox")), "{active}");
        }
        for passive in ["application/pdf", "video/mp4", "image/jpeg", "text/plain", "text/css"] {
            assert_eq!(policy(passive), None, "{passive}");
        }
    }

    #[test]
    fn a_policy_or_a_type_that_a_rule_sets_counts() {
        let rule = |name: &str, value: &str| HeaderChange {
            name: name.to_owned(),
            value: value.to_owned(),
            append: false,
        };
        let headers = |mime: &str, rules: &[HeaderChange]| {
            let headers = vec![("content-type", mime.to_owned())];
            let mut reply = HttpReply::new(200, headers, Vec::new());
            reply.set_headers(rules);
            sandbox(&mut reply);
            (reply.header(HEADER).map(str::to_owned), reply.extra)
        };
        let own = rule(HEADER, "default-src 'self'");
        let (added, extra) = headers("text/html", std::slice::from_ref(&own));
        assert_eq!((added, extra), (None, vec![(own.name, own.value)]));
        let (added, _) = headers("application/octet-stream", &[rule("content-type", "text/html")]);
        assert_eq!(added.as_deref(), Some("sandbox allow-scripts"));
    }
}
