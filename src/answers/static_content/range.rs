//! The `Range` header (RFC 9110, 14): one range of bytes.

use crate::store::ByteRange;

/// The part of a file to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// These bytes, at least one.
    Range(ByteRange),
    /// Nothing: the range contains no byte of the file.
    Nowhere,
}

/// The part of `len` bytes that a header selects. Invalid headers, other units and multiple ranges
/// are ignored, as a server may do (14.2): the whole file is sent.
pub fn part(header: &str, len: u64) -> Part {
    let Some((unit, set)) = header.split_once('=') else { return Part::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Part::Whole };
    let number = |text: &str| match text.trim() {
        "" => Some(None),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            // A number that overflows counts as the largest.
            Some(Some(digits.parse().unwrap_or(u64::MAX)))
        }
        _ => None,
    };
    let (Some(first), Some(last)) = (number(first), number(last)) else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    let (start, end) = match (first, last) {
        (None, None) => return Part::Whole,
        (Some(first), Some(last)) if last < first => return Part::Whole,
        (Some(first), last) => (first, last.map_or(len, |last| last.saturating_add(1).min(len))),
        (None, Some(suffix)) => (len.saturating_sub(suffix), len),
    };
    if start >= end { Part::Nowhere } else { Part::Range(ByteRange::new(start, end - start)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(header: &str) -> Option<(u64, u64)> {
        match part(header, 100) {
            Part::Range(range) => Some((range.start, range.len)),
            Part::Whole | Part::Nowhere => None,
        }
    }

    /// The examples of RFC 9110, 14.1.2, for a file of 100 bytes.
    #[test]
    fn a_range_has_a_first_byte_or_a_last_or_both() {
        assert_eq!(bytes("bytes=0-49"), Some((0, 50)));
        assert_eq!(bytes("bytes=50-99"), Some((50, 50)));
        assert_eq!(bytes("bytes=50-"), Some((50, 50)));
        assert_eq!(bytes("bytes=-30"), Some((70, 30)));
        assert_eq!(bytes("bytes=-1000"), Some((0, 100)));
        assert_eq!(bytes("Bytes = 99-99999999999999999999"), Some((99, 1)));
    }

    #[test]
    fn a_range_after_the_end_is_unsatisfiable() {
        for header in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"] {
            assert_eq!(part(header, 100), Part::Nowhere, "{header}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Nowhere);
    }

    #[test]
    fn what_is_no_range_of_bytes_is_ignored_and_so_are_several() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=a-9",
            "bytes=+1-9",
            "lines=1-2",
            "bytes=0-1,5-6",
        ] {
            assert_eq!(part(header, 100), Part::Whole, "{header}");
        }
    }
}
