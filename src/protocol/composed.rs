//! Names in composed form (Unicode NFC): `é` is one character, whichever system wrote it. File
//! names of macOS have `e` and a combining accent; stores and URLs compare bytes.

use std::borrow::Cow;

/// The composition pairs of Unicode 14. A line begins with the second character of its pairs.
/// After it come each first character and the composed one. Composition exclusions are left out.
const PAIRS: &str = include_str!("compositions.txt");

/// A name in composed form. Plain ASCII, and nearly every other name, is borrowed, not copied.
///
/// Combining marks must be in the order of decomposed text. A mark composes only with the character
/// right before it.
pub fn composed(name: &str) -> Cow<'_, str> {
    if name.chars().all(|c| c < FIRST_MARK) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        let pair = if c < FIRST_MARK { None } else { out.chars().next_back() };
        match pair.and_then(|before| pair_of(before, c)) {
            Some(both) => {
                out.pop();
                out.push(both);
            }
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// No character below it composes with the one before.
const FIRST_MARK: char = '\u{300}';

fn pair_of(first: char, second: char) -> Option<char> {
    if let Some(syllable) = hangul(first, second) {
        return Some(syllable);
    }
    let line = PAIRS.lines().find(|line| line.starts_with(second))?;
    let mut pairs = line.chars().skip(1);
    while let (Some(one), Some(both)) = (pairs.next(), pairs.next()) {
        if one == first {
            return Some(both);
        }
    }
    None
}

/// Hangul syllables are computed, not listed (Unicode, 3.12).
fn hangul(first: char, second: char) -> Option<char> {
    let (one, two) = (u32::from(first), u32::from(second));
    let code = match (one, two) {
        (0x1100..=0x1112, 0x1161..=0x1175) => 0xAC00 + ((one - 0x1100) * 21 + (two - 0x1161)) * 28,
        (0xAC00..=0xD7A3, 0x11A8..=0x11C2) if (one - 0xAC00).is_multiple_of(28) => {
            one + (two - 0x11A7)
        }
        _ => return None,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_names_are_composed() {
        for (typed, expected) in [
            ("plain-name_1", "plain-name_1"),
            ("e\u{301}te\u{301}", "été"),
            ("Ro\u{308}te", "Röte"),
            ("vie\u{323}\u{302}t", "việt"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("か\u{3099}", "が"),
            ("\u{301}a", "\u{301}a"),
            ("x\u{301}", "x\u{301}"),
        ] {
            assert_eq!(composed(typed), expected);
            assert_eq!(composed(expected), expected, "composed names stay");
        }
    }

    #[test]
    fn a_name_without_marks_is_not_copied() {
        assert!(matches!(composed("Röte"), Cow::Borrowed(_)));
    }
}
