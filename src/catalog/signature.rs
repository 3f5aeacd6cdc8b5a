//! Signed URLs: HMAC-SHA-256 of path and modifiers, with a secret key of the owner.
//!
//! `<path>?<modifiers>[&expires=<seconds since 1970>]&sig=<43 characters of base64url>`. The
//! signature covers everything before `&sig=`, exactly as it is sent.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::{Access, Signing},
    limits,
    protocol::{TokenKind, tokens},
};

const SIGNATURE: &str = "sig=";
const EXPIRES: &str = "expires=";

/// The modifiers, followed by the expiry, if any, in seconds since 1970, and the signature. Fails
/// for a key shorter than [`limits::SIGNING_KEY_BYTES`].
pub fn sign(key: &str, path: &str, modifiers: &str, expires: Option<u64>) -> Result<String> {
    let mut modifiers = modifiers.to_owned();
    let mut append = |text: &str| {
        if !modifiers.is_empty() {
            modifiers.push('&');
        }
        modifiers.push_str(text);
        modifiers.clone()
    };
    let signed = match expires {
        Some(seconds) => append(&format!("{EXPIRES}{seconds}")),
        None => append(""),
    };
    let signed = signed.trim_end_matches('&').to_owned();
    let code = URL_SAFE_NO_PAD.encode(mac(key, path, &signed)?.finalize().into_bytes());
    let between = if signed.is_empty() { "" } else { "&" };
    Ok(format!("{signed}{between}{SIGNATURE}{code}"))
}

/// Checks the signature and returns the modifiers without it and the expiry. If signing is off, or
/// an unsigned request needs no signature, it returns the whole query.
///
/// Fails with `Forbidden` if a required signature is missing, and if a signature is wrong or
/// expired. `now` is in milliseconds since 1970.
pub fn verify<'a>(access: &Access, path: &str, query: &'a str, now: f64) -> Result<&'a str> {
    let (signed, code) = split_last(query, SIGNATURE);
    let (plain, expires) = split_last(signed, EXPIRES);
    let demanded = match access.signing {
        Signing::Off => return Ok(query),
        Signing::Required => true,
        Signing::Presets => freedom(query)?.is_none(),
    };
    let Some(code) = code else {
        return if demanded { Err(refused("the request is not signed")) } else { Ok(query) };
    };
    let code = URL_SAFE_NO_PAD.decode(code);
    let code =
        code.map_err(|error| refused("the signature is wrong").with_detail(error.to_string()))?;
    let matches =
        |key: &String| mac(key, path, signed).is_ok_and(|mac| mac.verify_slice(&code).is_ok());
    if !access.keys.iter().any(matches) {
        return Err(refused("the signature is wrong"));
    }
    match expires.map(str::parse::<u64>) {
        None => Ok(plain),
        Some(Ok(seconds)) if (seconds as f64) * 1000.0 > now => Ok(plain),
        Some(Ok(_)) => Err(refused("the signature has expired")),
        Some(Err(error)) => {
            let message = "the signature's expires= is not an integer of seconds since 1970";
            Err(refused(message).with_detail(error.to_string()))
        }
    }
}

/// A query without its signature, whether requests must be signed or not.
pub fn without(query: &str) -> &str {
    split_last(query, SIGNATURE).0
}

/// The time at which a signed request expires, in milliseconds since 1970; `None` means never. It
/// does not check the signature, so it is meaningless for requests that [`verify`] refuses.
pub fn expiry(access: &Access, query: &str) -> Option<f64> {
    if access.signing == Signing::Off {
        return None;
    }
    let (signed, code) = split_last(query, SIGNATURE);
    let seconds: u64 = code.and(split_last(signed, EXPIRES).1)?.parse().ok()?;
    Some(seconds as f64 * 1000.0)
}

/// Whether a request needs no signature only because it asks for a non-image reply for viewers. The
/// caller must refuse it if presets and records turn it into a request for another kind of reply.
pub fn is_without_pixels(access: &Access, query: &str) -> bool {
    let signed = split_last(query, SIGNATURE).1.is_some();
    let free = access.signing == Signing::Presets && !signed;
    free && matches!(freedom(query), Ok(Some(Freedom::Properties)))
}

/// Why a request needs no signature with [`Signing::Presets`].
enum Freedom {
    /// It has only calls of presets, comments and `id=`, or no modifiers.
    Presets,
    /// It asks for a non-image reply, such as properties or a set, which viewers request in many
    /// forms.
    Properties,
}

/// Why a request needs no signature; `None` if it needs one.
fn freedom(query: &str) -> Result<Option<Freedom>> {
    let tokens = tokens(query, crate::commands::takes_request)?;
    // Comments and `id=` only distinguish versions for caches. They do not change the image.
    let only_presets = tokens.iter().all(|token| match &token.kind {
        TokenKind::Macro(_) | TokenKind::Comment => true,
        TokenKind::Command { name, .. } => name == "id",
        TokenKind::Variable { .. } => false,
    });
    if only_presets {
        return Ok(Some(Freedom::Presets));
    }
    // A nested request is an image, perhaps a remote one. `%` can hide its brackets.
    let nests = |value: &str| value.contains(['(', '{', '%']);
    let mut reply = None;
    for token in &tokens {
        match &token.kind {
            TokenKind::Command { name, value } if name == "req" => {
                reply = Reply::named(value.split(',').next().unwrap_or_default().trim());
            }
            TokenKind::Command { name, .. } if name == "imageset" => {}
            TokenKind::Command { value, .. } | TokenKind::Variable { value, .. }
                if nests(value) =>
            {
                return Ok(None);
            }
            TokenKind::Command { .. }
            | TokenKind::Variable { .. }
            | TokenKind::Macro(_)
            | TokenKind::Comment => {}
        }
    }
    Ok(reply.filter(|reply| reply.kind().for_viewers).map(|_| Freedom::Properties))
}

/// Splits off the last modifier if it begins with `name`: the text before it, and its value. For
/// any other, the whole query and `None`.
fn split_last<'a>(query: &'a str, name: &str) -> (&'a str, Option<&'a str>) {
    let (before, last) = query.rsplit_once('&').unwrap_or(("", query));
    match last.strip_prefix(name) {
        Some(value) => (before, Some(value)),
        None => (query, None),
    }
}

fn mac(key: &str, path: &str, modifiers: &str) -> Result<Hmac<Sha256>> {
    if key.len() < limits::SIGNING_KEY_BYTES {
        let limit = limits::SIGNING_KEY_BYTES;
        let message = format!("a signing key has at least {limit} characters");
        return Err(Error::new(ErrorKind::Value, message));
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .map_err(|error| Error::bug(format!("the signing key: {error}")))?;
    // A path contains no `?`, so different requests never give the same text.
    mac.update(path.as_bytes());
    mac.update(b"?");
    mac.update(modifiers.as_bytes());
    Ok(mac)
}

fn refused(message: &str) -> Error {
    Error::new(ErrorKind::Forbidden, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const PATH: &str = "/is/image/Shop/shoe";
    const NOW: f64 = 1_000_000.0;

    fn access(signing: Signing) -> Access {
        Access {
            signing,
            keys: vec!["another-key-another-key-another!".into(), KEY.into()],
            ..Access::default()
        }
    }

    #[test]
    fn a_signed_request_is_answered_without_its_signature() {
        for modifiers in ["wid=300&fmt=png", ""] {
            let query = sign(KEY, PATH, modifiers, None).unwrap();
            assert_eq!(verify(&access(Signing::Required), PATH, &query, NOW).unwrap(), modifiers);
            let query = sign(KEY, PATH, modifiers, Some(1001)).unwrap();
            assert_eq!(verify(&access(Signing::Required), PATH, &query, NOW).unwrap(), modifiers);
        }
    }

    /// The expected value was computed with Python's `hmac`.
    #[test]
    fn the_signature_is_hmac_sha_256() {
        let query = sign(KEY, PATH, "wid=300", None).unwrap();
        assert_eq!(query, "wid=300&sig=qGYcsB1_9ixGzr6P9NGE9BM9CB3E_Lm6vhcz259ecfk");
    }

    #[test]
    fn any_change_and_any_other_key_is_refused() {
        let query = sign(KEY, PATH, "wid=300", Some(1001)).unwrap();
        let required = access(Signing::Required);
        let fails = |path: &str, query: &str| verify(&required, path, query, NOW).unwrap_err();
        fails(PATH, &query.replace("300", "301"));
        fails(PATH, &query.replace("expires=1001", "expires=9999"));
        fails("/is/image/Shop/other", &query);
        fails(PATH, "wid=300");
        fails(PATH, "wid=300&sig=");
        fails(PATH, &format!("{query}&wid=400"));
        let other = sign("yet-another-key-yet-another-key!", PATH, "wid=300", None).unwrap();
        assert_eq!(fails(PATH, &other).kind, ErrorKind::Forbidden);
    }

    #[test]
    fn an_expired_signature_is_refused() {
        let query = sign(KEY, PATH, "wid=300", Some(1000)).unwrap();
        let error = verify(&access(Signing::Required), PATH, &query, NOW).unwrap_err();
        assert_eq!(error.message, "the signature has expired");
    }

    #[test]
    fn presets_need_no_signature_where_they_are_free() {
        let presets = access(Signing::Presets);
        for free in ["", "$product$", "$product$&id=7", ".v=2"] {
            assert_eq!(verify(&presets, PATH, free, NOW).unwrap(), free);
        }
        for bound in ["wid=300", "$product$&wid=300", "$product$&$x=1"] {
            assert!(verify(&presets, PATH, bound, NOW).is_err(), "{bound}");
            let signed = sign(KEY, PATH, bound, None).unwrap();
            assert_eq!(verify(&presets, PATH, &signed, NOW).unwrap(), bound);
        }
    }

    #[test]
    fn viewer_requests_without_pixels_need_no_signature_with_presets() {
        let presets = access(Signing::Presets);
        for free in [
            "req=props,json&scl=1&id=-9&handler=s7RIJSONResponse",
            "$product$&wid=300&req=set,json",
            "imageSet={a/b,c/d}&req=set,json",
            "req=exists",
            "req=UserData",
            "req=imageset",
            "req=map&wid=90",
            "req=img&req=imageprops",
        ] {
            assert_eq!(verify(&presets, PATH, free, NOW).unwrap(), free);
            assert!(is_without_pixels(&presets, free), "{free}");
            assert!(verify(&access(Signing::Required), PATH, free, NOW).is_err(), "{free}");
        }
        for bound in [
            "req=img",
            "req=tmb",
            "req=mask",
            "req=loadcache",
            "req=resolve",
            "req=explain",
            "req=props&req=tile",
            "$r=props&req=$r$",
            "req=imageprops&src=(http://other.example/a.jpg)",
            "req=imageprops&src=%28http://other.example/a.jpg%29",
            "req=imageprops&src=%2528http://other.example/a.jpg%2529",
            "req=imageprops&$s=(http://other.example/a.jpg)&src=$s$",
            "req=props&src=is{Shop/a?wid=9}",
        ] {
            assert!(verify(&presets, PATH, bound, NOW).is_err(), "{bound}");
            assert!(!is_without_pixels(&presets, bound), "{bound}");
        }
        let signed = sign(KEY, PATH, "req=props", None).unwrap();
        assert!(!is_without_pixels(&presets, &signed), "it may be whatever it is");
        assert!(!is_without_pixels(&presets, "$product$"), "a preset is a picture");
    }

    #[test]
    fn the_end_of_a_signature_is_known_where_it_has_one() {
        let end = |signing, query: &str| expiry(&access(signing), query);
        let signed = sign(KEY, PATH, "wid=300", Some(1001)).unwrap();
        assert_eq!(end(Signing::Required, &signed), Some(1_001_000.0));
        assert_eq!(end(Signing::Presets, &signed), Some(1_001_000.0));
        assert_eq!(end(Signing::Off, &signed), None, "nobody looks at signatures");
        assert_eq!(end(Signing::Presets, "$product$&expires=1001"), None, "it is not signed");
        let endless = sign(KEY, PATH, "wid=300", None).unwrap();
        assert_eq!(end(Signing::Required, &endless), None);
    }

    #[test]
    fn a_short_key_signs_nothing() {
        assert!(sign("secret", PATH, "", None).is_err());
        let weak =
            Access { signing: Signing::Required, keys: vec![String::new()], ..Access::default() };
        assert!(verify(&weak, PATH, "sig=AAAA", NOW).is_err());
    }
}
