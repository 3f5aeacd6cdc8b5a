//! `azulejo sign`: the URL that a Worker with the same key answers.

use std::{
    io::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use azulejo::catalog::signature;

use crate::args::SignArgs;

/// Prints the signed URL.
pub fn run(args: &SignArgs) -> Result<bool> {
    let file = &args.key_file;
    let keys = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let Some(key) = keys.split_whitespace().next() else {
        bail!("{}: the file holds no key", file.display());
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let expires = args.expires.map(|seconds| now + seconds);
    writeln!(std::io::stdout().lock(), "{}", signed(&args.request, key, expires)?)?;
    Ok(true)
}

/// Signs `object?modifiers`, or a whole URL; what stands before `/is/image/` stays.
pub fn signed(request: &str, key: &str, expires: Option<u64>) -> Result<String> {
    let (object, modifiers) = request.split_once('?').unwrap_or((request, ""));
    let (before, object) = match object.split_once("/is/image/") {
        Some((before, object)) => (before, object),
        None => ("", object.trim_start_matches('/').trim_start_matches("is/image/")),
    };
    // The signature covers what is sent: what a browser would encode is encoded before.
    let path = format!("/is/image/{}", encoded(object, b" \"#<>?`{}^"));
    let modifiers = encoded(modifiers, b" \"#<>'");
    Ok(format!("{before}{path}?{}", signature::sign(key, &path, &modifiers, expires)?))
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

    #[test]
    fn what_is_signed_is_what_a_worker_verifies() {
        let access =
            Access { signing: Signing::Required, keys: vec![KEY.into()], ..Access::default() };
        for request in [
            "Shop/red shoe?wid=300&text=a b",
            "Shop/shoe",
            "/is/image/Shop/shoe?$product$",
            "https://images.example/is/image/Shop/grün?wid=1",
        ] {
            let url = signed(request, KEY, Some(2_000_000_000)).unwrap();
            let (path, query) = url.split_once('?').unwrap();
            let path = path.get(path.find("/is/image/").unwrap()..).unwrap();
            assert!(url.is_ascii() && !url.contains(' '), "{url}");
            signature::verify(&access, path, query, 1.9e12).unwrap();
        }
    }
}
