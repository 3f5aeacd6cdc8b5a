//! `azulejo sign`: signs URLs for a Worker with the same key.

use std::{
    io::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use azulejo::catalog::signature;

use crate::args::SignArgs;

/// The paths that a server answers. The first one is the default.
const ROUTES: [&str; 2] = ["/is/image/", "/is/content/"];

/// Prints the signed URL.
pub fn run(args: &SignArgs) -> Result<bool> {
    let file = &args.key_file;
    let keys = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let Some(key) = keys.split_whitespace().next() else {
        bail!("{}: the file holds no key", file.display());
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let expires = args.expires.map(|seconds| now + seconds);
    writeln!(std::io::stdout().lock(), "{}", signed(&args.request, key, expires, now)?)?;
    Ok(true)
}

/// Signs `object?modifiers`, a path with modifiers, or a whole URL, whose scheme, host and fragment
/// stay. Times are seconds since 1970. Fails if a server would not accept the URL.
pub fn signed(request: &str, key: &str, expires: Option<u64>, now: u64) -> Result<String> {
    let (url, fragment) = match request.split_once('#') {
        // In an object's name `#` is an ordinary character.
        Some((url, fragment)) if url.contains("://") => (url, format!("#{fragment}")),
        _ => (request, String::new()),
    };
    let (path, modifiers) = url.split_once('?').unwrap_or((url, ""));
    let (host, path) = split_host(path)?;
    // The signature covers what is sent, so encodes what a browser would encode.
    let path = encoded(&path, b" \"#<>?`{}^");
    let modifiers = encoded(unsigned(modifiers, expires, now)?, b" \"#<>'");
    let query = signature::sign(key, &path, &modifiers, expires)?;
    Ok(format!("{host}{path}?{query}{fragment}"))
}

/// Splits a path or URL into scheme with host, and the path that a server answers.
fn split_host(path: &str) -> Result<(&str, String)> {
    let route = ROUTES.iter().filter_map(|route| path.find(route)).min();
    match route {
        Some(at) if path.starts_with('/') || path.contains("://") => {
            let (host, path) = path.split_at_checked(at).unwrap_or(("", path));
            Ok((host, path.to_owned()))
        }
        _ if path.contains("://") => {
            bail!("{path}: expected a path that begins with {} or {}", ROUTES[0], ROUTES[1])
        }
        _ => {
            let whole = format!("/{}", path.trim_start_matches('/'));
            let is_whole = ROUTES.iter().any(|route| whole.starts_with(route));
            Ok(("", if is_whole { whole } else { format!("/is/image{whole}") }))
        }
    }
}

/// The modifiers without the signature at their end, and without its `expires=` if there is a new
/// one.
fn unsigned(modifiers: &str, expires: Option<u64>, now: u64) -> Result<&str> {
    let last = |modifiers: &'_ str| modifiers.rfind('&').map_or(0, |at| at + 1);
    let mut plain = modifiers.trim_end_matches('&');
    loop {
        let (before, modifier) = plain.split_at_checked(last(plain)).unwrap_or(("", plain));
        let old = modifier.strip_prefix("expires=");
        match old.map(str::parse::<u64>) {
            None if modifier.starts_with("sig=") => {}
            None => return Ok(plain),
            Some(Err(_not_a_time)) => bail!(
                "{modifier} ends the modifiers, and a server takes it for the end of the URL's \
                 life: expected seconds since 1970; remove it, and use --expires"
            ),
            Some(Ok(_)) if expires.is_some() => {}
            Some(Ok(seconds)) if seconds > now => return Ok(plain),
            Some(Ok(_)) => bail!("{modifier} is past: use --expires, which replaces it"),
        }
        plain = before.trim_end_matches('&');
    }
}

fn encoded(text: &str, unsafe_bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte <= b' ' || byte >= 0x7f || unsafe_bytes.contains(&byte) {
            encoded.push_str(&format!("%{byte:02X}"));
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use azulejo::http::{Access, Signing};

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const NOW: u64 = 1_900_000_000;
    const LATER: u64 = 2_000_000_000;

    /// The modifiers that a Worker gets from a signed URL, which it must accept.
    fn verified(url: &str) -> String {
        let access =
            Access { signing: Signing::Required, keys: vec![KEY.into()], ..Access::default() };
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (path, query) = url.split_once('?').unwrap();
        let at = ROUTES.iter().filter_map(|route| path.find(route)).min().unwrap();
        let path = path.get(at..).unwrap();
        assert!(url.is_ascii() && !url.contains(' '), "{url}");
        signature::verify(&access, path, query, NOW as f64 * 1000.0).unwrap().to_owned()
    }

    #[test]
    fn a_worker_accepts_a_signed_url() {
        for (request, begins, modifiers) in [
            (
                "Shop/red shoe?wid=300&text=a b",
                "/is/image/Shop/red%20shoe?wid",
                "wid=300&text=a%20b",
            ),
            ("Shop/shoe", "/is/image/Shop/shoe?", ""),
            ("Shop/a#1?", "/is/image/Shop/a%231?", ""),
            ("/Shop/shoe", "/is/image/Shop/shoe?", ""),
            ("is/image/Shop/shoe", "/is/image/Shop/shoe?", ""),
            ("/is/image/Shop/shoe?$product$", "/is/image/Shop/shoe?$product$", "$product$"),
            ("/is/content/Shop/a.css?req=userdata", "/is/content/Shop/a.css?req", "req=userdata"),
            ("is/content/Shop/a.css", "/is/content/Shop/a.css?", ""),
            ("Shop/is/image/a", "/is/image/Shop/is/image/a?", ""),
            (
                "https://images.example:8443/is/image/Shop/grün?wid=1#top",
                "https://images.example:8443/is/image/Shop/gr%C3%BCn?wid=1&",
                "wid=1",
            ),
            ("http://h/is/content/Shop/a.pdf", "http://h/is/content/Shop/a.pdf?", ""),
            (
                "//h/is/image/Shop/a?src=is{S/b?wid=9}",
                "//h/is/image/Shop/a?src",
                "src=is{S/b?wid=9}",
            ),
        ] {
            for expires in [None, Some(LATER)] {
                let url = signed(request, KEY, expires, NOW).unwrap();
                assert!(url.starts_with(begins), "{request}: {url}");
                assert_eq!(url.ends_with("#top"), request.ends_with("#top"), "{url}");
                assert_eq!(url.contains("expires=2000000000&sig="), expires.is_some(), "{url}");
                assert_eq!(verified(&url), modifiers, "{request}");
            }
        }
    }

    #[test]
    fn a_signature_is_replaced_and_a_future_expiry_stays() {
        let once = signed("Shop/shoe?wid=300", KEY, Some(LATER), NOW).unwrap();
        assert_eq!(signed(&once, KEY, None, NOW).unwrap(), once);
        let longer = signed(&once, KEY, Some(LATER + 9), NOW).unwrap();
        assert_eq!(verified(&longer), "wid=300");
        assert!(longer.contains("wid=300&expires=2000000009&sig="), "{longer}");
        let given = signed("Shop/shoe?expires=2000000000", KEY, None, NOW).unwrap();
        assert_eq!(verified(&given), "");
    }

    #[test]
    fn a_url_that_no_server_would_accept_is_not_signed() {
        for (request, expected) in [
            ("https://images.example/ir/render/Shop/a", "/is/image/ or /is/content/"),
            ("Shop/shoe?wid=9&expires=1000", "is past: use --expires"),
            ("Shop/shoe?src=is{Shop/a?wid=9&expires=5}", "expected seconds since 1970"),
        ] {
            let message = signed(request, KEY, None, NOW).unwrap_err().to_string();
            assert!(message.contains(expected), "{request}: {message}");
        }
        let replaced = signed("Shop/shoe?wid=9&expires=1000", KEY, Some(LATER), NOW).unwrap();
        assert_eq!(verified(&replaced), "wid=9");
    }
}
