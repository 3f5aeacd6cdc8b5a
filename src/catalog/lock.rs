//! Request lock and obfuscation: Dynamic Media's measures against tampering, for compatibility.
//!
//! Neither uses a secret: the lock is a published 16-bit hash, and obfuscation is base64.
//! [`super::signature`] uses a secret key.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::error::{Error, ErrorKind, Result};

/// The 16-bit hash of the modifiers, which is their lock (r-request-locking).
pub fn lock_value(modifiers: &str) -> u16 {
    // The page's C++ code adds signed characters; for ASCII that makes no difference.
    modifiers.bytes().fold(0, |sum: u16, byte| {
        sum.wrapping_mul(131).wrapping_add_signed(i16::from(byte.cast_signed()))
    })
}

/// Checks and removes the lock at the end of the modifiers: `&` and four hexadecimal digits. Fails
/// with `Forbidden` if the lock is missing or is not the hash of the modifiers before it.
pub fn unlock(query: &str) -> Result<&str> {
    let wrong = || Error::new(ErrorKind::Forbidden, "the request lock is missing or wrong");
    let at = query.len().checked_sub(5).ok_or_else(wrong)?;
    let (modifiers, lock) = query.split_at_checked(at).ok_or_else(wrong)?;
    let lock = lock.strip_prefix('&').ok_or_else(wrong)?;
    let digits = lock.bytes().all(|byte| byte.is_ascii_hexdigit());
    match u16::from_str_radix(lock, 16) {
        Ok(lock) if digits && lock == lock_value(modifiers) => Ok(modifiers),
        Ok(_) | Err(_) => Err(wrong()),
    }
}

/// Links often lose the padding, so it may be missing (M3).
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Decodes base64 modifiers, in the standard or URL-safe alphabet (r-request-obfuscation). Empty
/// modifiers stay empty (M4). Fails with `Forbidden` if they are not base64 of UTF-8 text.
pub fn reveal(query: &str) -> Result<String> {
    let wrong = || {
        let message = "the modifiers are not base64, which this catalog requires";
        Error::new(ErrorKind::Forbidden, message)
    };
    // Links often percent-encode `=` and `+`.
    let encoded = crate::protocol::decode_path(query);
    let engine = if encoded.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let bytes =
        engine.decode(encoded.trim()).map_err(|error| wrong().with_detail(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| wrong().with_detail(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's C++ code, computed by hand: 'a' is 97, then 97 · 131 + 98.
    #[test]
    fn the_lock_is_the_hash_of_the_page() {
        assert_eq!(lock_value(""), 0);
        assert_eq!(lock_value("a"), 97);
        assert_eq!(lock_value("ab"), 12805);
        assert_eq!(lock_value("wid=300"), 0x8d28);
    }

    #[test]
    fn a_lock_opens_only_its_own_modifiers() {
        let locked = format!("wid=300&{:04X}", lock_value("wid=300"));
        assert_eq!(unlock(&locked).unwrap(), "wid=300");
        assert!(unlock(&locked.replace("300", "301")).is_err());
        for wrong in ["", "wid=300", "&", "wid=300&+d28", "wid=300&öö"] {
            assert!(unlock(wrong).is_err(), "{wrong}");
        }
    }

    /// The example of r-request-obfuscation, in which the first `$` is missing (M3).
    #[test]
    fn base64_is_taken_with_and_without_padding() {
        let plain = "txt=my text string&$img=myImage";
        for encoded in [
            "dHh0PW15IHRleHQgc3RyaW5nJiRpbWc9bXlJbWFnZQ==",
            "dHh0PW15IHRleHQgc3RyaW5nJiRpbWc9bXlJbWFnZQ",
            "dHh0PW15IHRleHQgc3RyaW5nJiRpbWc9bXlJbWFnZQ%3D%3D",
        ] {
            assert_eq!(reveal(encoded).unwrap(), plain);
        }
        assert_eq!(reveal("").unwrap(), "");
        assert!(reveal("wid=300").is_err());
    }
}
