//! Percent-encoding, as r-http-encoding and real sites have it (decisions A1, A2).

/// Decodes a modifier's value: `%xx`, and `+` as a space.
pub fn decode_value(text: &str) -> String {
    decode(text, true)
}

/// Decodes an element of the path: `%xx` only, `+` stays.
pub fn decode_path(text: &str) -> String {
    decode(text, false)
}

/// A `%` that begins no valid escape stands for itself, as browsers and sites send it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plus_is_a_space_in_values_only() {
        assert_eq!(decode_value("layer+2%2B"), "layer 2+");
        assert_eq!(decode_path("a+b%20c"), "a+b c");
    }

    #[test]
    fn a_broken_escape_stands_for_itself() {
        assert_eq!(decode_value("100%&%4"), "100%&%4");
        assert_eq!(decode_value("%zz%41"), "%zzA");
    }
}
