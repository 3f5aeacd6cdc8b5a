//! Percent-encoding, as in r-http-encoding and as real sites use it (decisions A1, A2).

/// Decodes the value of a modifier: `%xx`, and `+` as a space.
pub fn decode_value(text: &str) -> String {
    decode(text, true)
}

/// Decodes an element of the path: only `%xx`; `+` stays.
pub fn decode_path(text: &str) -> String {
    decode(text, false)
}

/// A `%` without a valid escape stays as it is, because browsers and sites send it.
fn decode(text: &str, plus_is_space: bool) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let hex = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let input = text.as_bytes();
    let mut bytes = Vec::with_capacity(input.len());
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        at += 1;
        match (byte, hex(input.get(at)), hex(input.get(at + 1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', _, _) if plus_is_space => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The one spelling of all paths that name the same object: in composed form, without empty
/// elements, and escaped only if a URL requires it.
pub fn spelled_path(path: &str) -> String {
    let decoded = decode_path(path);
    let decoded = super::composed(&decoded);
    let elements = decoded.split('/').filter(|element| !element.is_empty());
    let mut spelled = String::with_capacity(decoded.len());
    for element in elements {
        if !spelled.is_empty() {
            spelled.push('/');
        }
        for byte in element.bytes() {
            push_byte(&mut spelled, byte, is_unreserved(byte) || b"!$&'()*+,;=:@".contains(&byte));
        }
    }
    spelled
}

/// A name of any characters, percent-encoded except for unreserved characters and `/`.
pub fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        push_byte(&mut encoded, byte, is_unreserved(byte) || byte == b'/');
    }
    encoded
}

/// Decodes unreserved characters and `/` in modifiers and writes all other escapes in capitals.
/// Bare and encoded separators stay distinct.
pub fn spelled_query(query: &str) -> String {
    let mut spelled = String::with_capacity(query.len());
    let mut rest = query;
    while let Some((before, after)) = rest.split_once('%') {
        spelled.push_str(before);
        let digits = after.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                push_byte(&mut spelled, byte, is_unreserved(byte) || byte == b'/');
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                push_byte(&mut spelled, b'%', false);
                rest = after;
            }
        }
    }
    spelled.push_str(rest);
    spelled
}

/// Unreserved characters (RFC 3986, 2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Appends a byte, as it is if `bare`, else percent-encoded.
#[inline(never)]
pub fn push_byte(text: &mut String, byte: u8, bare: bool) {
    if bare {
        return text.push(char::from(byte));
    }
    text.push('%');
    for digit in [byte >> 4, byte & 15] {
        text.push(char::from(b"0123456789ABCDEF".get(usize::from(digit)).copied().unwrap_or(b'0')));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plus_is_a_space_in_values_only() {
        assert_eq!(decode_value("layer+2%2B"), "layer 2+");
        assert_eq!(decode_path("a+b%20c"), "a+b c");
    }

    #[test]
    fn one_object_has_one_path() {
        for path in ["R/secret", "/R//secret/", "R/s%65cret", "R%2fsecret", "%52%2F%2Fsecret"] {
            assert_eq!(spelled_path(path), "R/secret", "{path}");
        }
        for path in ["R/a(b", "R/a%28b"] {
            assert_eq!(spelled_path(path), "R/a(b");
        }
        for path in ["R/e%CC%81", "R/e\u{301}", "R/%c3%a9", "R/é"] {
            assert_eq!(spelled_path(path), "R/%C3%A9", "{path}");
        }
        assert_eq!(spelled_path("R/100%/a%3fb"), "R/100%25/a%3FB".replace('B', "b"));
    }

    #[test]
    fn modifiers_keep_what_they_are_split_at() {
        assert_eq!(spelled_query("s%72c=R%2fs%65cret&a=1%2c2%26b"), "src=R/secret&a=1%2C2%26b");
        assert_eq!(spelled_query("a=%%341&b=%"), "a=%2541&b=%25", "no escape comes of two");
    }

    #[test]
    fn a_broken_escape_stands_for_itself() {
        assert_eq!(decode_value("100%&%4"), "100%&%4");
        assert_eq!(decode_value("%zz%41"), "%zzA");
    }
}
