//! Limits on the caching of one client's copy of a shared reply.

use crate::{catalog::signature, http::HttpRequest};

/// How long one client's copy may be cached, and by whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Seconds until the signature of the request expires, rounded down; `None` if it never
    /// expires.
    pub seconds: Option<u64>,
    /// Whether no cache may serve the copy to another client.
    pub private: bool,
}

impl Bounds {
    /// The bounds of a request. `private` tells whether only some clients may get the reply.
    pub fn of(request: &HttpRequest, private: bool) -> Self {
        let end = signature::expiry(&request.access, &request.query);
        let left = |end: f64| ((end - request.received_at) / 1000.0).max(0.0) as u64;
        Self { seconds: end.map(left), private }
    }

    /// The same for a copy that is `seconds` old. Downstream caches subtract that age from the
    /// lifetime, so it is added here.
    pub fn aged(self, seconds: u64) -> Self {
        Self { seconds: self.seconds.map(|left| left.saturating_add(seconds)), ..self }
    }

    /// Limits the value of a header of any name. Returns false if the client must not get the
    /// header.
    pub fn apply_to(&self, name: &str, value: &mut String) -> bool {
        if self.private && name == "cross-origin-resource-policy" {
            return false;
        }
        if !is_lifetime(name) {
            return true;
        }
        if self.private {
            *value = match name {
                "cache-control" => for_one_client(value),
                // The header addresses shared caches only.
                _ => "no-store".to_owned(),
            };
        }
        if let Some(left) = self.seconds {
            *value = bounded(value, left);
        }
        true
    }
}

/// Whether a header contains lifetime directives: `Cache-Control`, and the headers of content
/// delivery networks that rules can set.
fn is_lifetime(name: &str) -> bool {
    name.ends_with("cache-control") || matches!(name, "surrogate-control" | "edge-control")
}

fn parts(directives: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = directives.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| (part, part.split_once('=').map_or(part, |(name, _)| name).trim()))
}

/// Changes directives so that no shared cache stores the reply.
fn for_one_client(directives: &str) -> String {
    let shared = |name: &str| {
        ["public", "private", "s-maxage"].iter().any(|word| name.eq_ignore_ascii_case(word))
    };
    let mut result = vec!["private"];
    for (directive, name) in parts(directives) {
        if name.eq_ignore_ascii_case("no-store") {
            return directives.to_owned();
        }
        if !shared(name) {
            result.push(directive);
        }
    }
    result.join(", ")
}

/// Limits directives so that no cache stores or uses the reply for longer than `left` seconds.
fn bounded(directives: &str, left: u64) -> String {
    let mut result: Vec<String> = Vec::new();
    let mut stale: Vec<(&str, u64)> = Vec::new();
    let mut fresh = None;
    for (directive, name) in parts(directives) {
        let value = directive.split_once('=').map_or("", |(_, value)| value.trim());
        // An unreadable value counts as unlimited.
        let seconds = value.trim_matches('"').parse().unwrap_or(u64::MAX);
        match name.to_ascii_lowercase().as_str() {
            "no-store" => return directives.to_owned(),
            "immutable" => {}
            "max-age" | "s-maxage" | "cache-maxage" | "downstream-ttl" => {
                let seconds = seconds.min(left);
                fresh = fresh.max(Some(seconds));
                result.push(format!("{name}={seconds}"));
            }
            "stale-while-revalidate" | "stale-if-error" => stale.push((name, seconds)),
            _ => result.push(directive.to_owned()),
        }
    }
    if fresh.is_none() {
        result.push(format!("max-age={left}"));
    }
    let spare = left - fresh.unwrap_or(left);
    let stale = stale.into_iter().map(|(name, seconds)| (name, seconds.min(spare)));
    result.extend(
        stale.filter(|(_, seconds)| *seconds > 0).map(|(n, seconds)| format!("{n}={seconds}")),
    );
    result.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_directive_outlives_the_signature() {
        for (directives, left, expected) in [
            ("public, max-age=36000, stale-while-revalidate=60", 600, "public, max-age=600"),
            (
                "public, max-age=36000, stale-while-revalidate=60",
                36_020,
                "public, max-age=36000, stale-while-revalidate=20",
            ),
            (
                "public, max-age=36000, stale-while-revalidate=60",
                99_999,
                "public, max-age=36000, stale-while-revalidate=60",
            ),
            ("public, max-age=31536000, immutable", 0, "public, max-age=0"),
            ("Max-Age=\"90\", s-maxage=90, stale-if-error=9", 30, "Max-Age=30, s-maxage=30"),
            ("max-age = 90", 30, "max-age=30"),
            ("no-store", 9, "no-store"),
            ("public", 9, "public, max-age=9"),
            ("!no-store, cache-maxage=1d", 9, "!no-store, cache-maxage=9"),
        ] {
            assert_eq!(bounded(directives, left), expected);
        }
    }

    #[test]
    fn private_replies_are_stored_by_no_shared_cache() {
        let bounds = Bounds { seconds: None, private: true };
        for (name, value, expected) in [
            ("cache-control", "public, max-age=36000", "private, max-age=36000"),
            ("cache-control", "S-MaxAge=9, Public , immutable", "private, immutable"),
            ("cache-control", "private=\"x\", max-age=1", "private, max-age=1"),
            ("cache-control", "no-store", "no-store"),
            ("cdn-cache-control", "max-age=60", "no-store"),
            ("surrogate-control", "max-age=60", "no-store"),
            ("edge-control", "cache-maxage=1d", "no-store"),
            ("etag", "\"public\"", "\"public\""),
        ] {
            let mut header = value.to_owned();
            assert!(bounds.apply_to(name, &mut header));
            assert_eq!(header, expected, "{name}: {value}");
        }
        let mut policy = "cross-origin".to_owned();
        assert!(!bounds.apply_to("cross-origin-resource-policy", &mut policy));
        let both = Bounds { seconds: Some(5), ..bounds }.aged(2);
        let mut header = "public, max-age=36000".to_owned();
        assert!(both.apply_to("cache-control", &mut header));
        assert_eq!(header, "private, max-age=7");
    }
}
