//! Reads IPTC records (IIM 4.2).

/// The data sets of record 2 that are shown, and exiftool's names for them.
const NAMES: [(u8, &str); 11] = [
    (5, "ObjectName"),
    (25, "Keywords"),
    (40, "SpecialInstructions"),
    (55, "DateCreated"),
    (80, "By-line"),
    (90, "City"),
    (101, "Country-PrimaryLocationName"),
    (105, "Headline"),
    (110, "Credit"),
    (116, "CopyrightNotice"),
    (120, "Caption-Abstract"),
];

/// The names (exiftool's) and values of the known fields. Repeated fields are joined with commas.
/// Text without a UTF-8 marker is read as Latin-1. Damaged records end the list.
pub fn fields(records: &[u8]) -> Vec<(&'static str, String)> {
    let utf8 = records.windows(3).any(|escape| escape == b"\x1b%G");
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    let mut rest = records;
    while let [0x1c, record, set, high, low, after @ ..] = rest {
        // Data sets over 32 KB store their length elsewhere. None of the known ones is that long.
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((data, after)) = after.split_at_checked(len) else { break };
        rest = after;
        let Some((_, name)) = NAMES.iter().find(|(number, _)| *record == 2 && number == set) else {
            continue;
        };
        let text = match std::str::from_utf8(data) {
            Ok(text) if utf8 || data.is_ascii() => text.to_owned(),
            Ok(_) | Err(_) => data.iter().copied().map(char::from).collect(),
        };
        match fields.iter_mut().find(|(key, _)| key == name) {
            Some((_, texts)) => {
                texts.push_str(", ");
                texts.push_str(&text);
            }
            None => fields.push((name, text)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_and_repeated_ones_joined() {
        let set =
            |number: u8, text: &[u8]| [&[0x1c, 2, number, 0, text.len() as u8], text].concat();
        let records =
            [set(25, b"sea"), set(80, b"J\xfcrgen"), set(25, b"sky"), vec![0x1c, 2, 5, 0, 99]];
        let expected = [("Keywords", "sea, sky".to_owned()), ("By-line", "J\u{fc}rgen".to_owned())];
        assert_eq!(fields(&records.concat()), expected);
    }
}
