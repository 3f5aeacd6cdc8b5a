//! Localized strings in the fields of a record (r-text-string-localization).

use super::{Attributes, Record, area, locale::LocaleMap};

/// Selects the strings of one locale.
#[derive(Debug, Clone, Copy)]
pub struct Strings<'a> {
    map: &'a LocaleMap,
    locale: &'a str,
}

impl<'a> Strings<'a> {
    /// Selects for `locale`, or for the catalog's `DefaultLocale` if `locale` is empty.
    pub fn of(attributes: &'a Attributes, locale: &'a str) -> Self {
        let locale = if locale.is_empty() { &attributes.default_locale } else { locale };
        Self { map: &attributes.locale_str_map, locale }
    }

    /// The record with only the strings of the locale: in its user data, set, targets and image
    /// map.
    pub fn record(&self, mut record: Record) -> Record {
        for value in record.user_data.values_mut() {
            *value = self.one(value);
        }
        record.image_set = record.image_set.map(|set| self.set(&set));
        let fields = &mut record.fields;
        fields.targets = fields.targets.as_deref().map(|targets| self.targets(targets));
        let map = |map: &str| area::change_values(map, |value| self.one(value));
        fields.map = fields.map.as_deref().map(map);
        record
    }

    fn one(&self, element: &str) -> String {
        string(element, self.map, self.locale)
    }

    /// Localizes each text between the separators of a set. A colour before a label, `0xRRGGBB`, is
    /// kept and not part of the text.
    fn set(&self, set: &str) -> String {
        let mut written = String::with_capacity(set.len());
        for part in set.split_inclusive([',', ';', ':', '{', '}', '(', ')']) {
            let end = part.len() - part.chars().next_back().map_or(0, separator);
            let (element, separator) = part.split_at(end);
            let is_color =
                element.get(..8).is_some_and(|c| c.starts_with("0x") || c.starts_with("0X"));
            let after_color = element.get(8..).filter(|_| is_color).map(str::trim_start);
            let text = after_color.unwrap_or(element);
            let (color, text) = element.split_at(element.len() - text.len());
            written.push_str(color);
            written.push_str(&self.one(text));
            written.push_str(separator);
        }
        written
    }

    /// Localizes the labels and user data of targets. `??` separates their lines.
    fn targets(&self, targets: &str) -> String {
        let line = |line: &str| {
            let Some((name, value)) = line.split_once('=') else { return line.to_owned() };
            let lower = name.trim().to_ascii_lowercase();
            let localized = lower.ends_with(".label") || lower.ends_with(".userdata");
            match localized && lower.starts_with("target.") {
                true => format!("{name}={}", self.one(value)),
                false => line.to_owned(),
            }
        };
        targets.split("??").map(line).collect::<Vec<_>>().join("??")
    }
}

/// The length in bytes of a separator of sets; 0 for any other character.
fn separator(c: char) -> usize {
    usize::from(matches!(c, ',' | ';' | ':' | '{' | '}' | '(' | ')'))
}

/// Selects the string of a locale from `Default^loc=N^Dutch^loc=D^German`; empty if it has none for
/// the locale. A text without `^loc=` is returned unchanged, as is any text if the catalog has no
/// map (r-text-string-localization).
fn string(element: &str, map: &LocaleMap, locale: &str) -> String {
    let mut strings = vec![("", "")];
    let mut rest = element;
    while let Some(Mark { before, identifier, after }) = mark(rest) {
        if let Some(last) = strings.last_mut() {
            last.1 = before;
        }
        strings.push((identifier, ""));
        rest = after;
    }
    if let Some(last) = strings.last_mut() {
        last.1 = rest;
    }
    if strings.len() == 1 || map.is_empty() {
        return element.to_owned();
    }
    let wanted = map.find(locale).unwrap_or_default();
    let found = wanted.iter().find_map(|identifier| {
        strings.iter().find(|(own, text)| {
            // The default string has no mark; an empty one counts as missing.
            own == identifier && (!own.is_empty() || !text.is_empty())
        })
    });
    found.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
}

/// A text that is split at a mark `^loc=X^`.
struct Mark<'a> {
    before: &'a str,
    /// X
    identifier: &'a str,
    after: &'a str,
}

/// Splits at the first `^loc=X^`, whose `^` may be percent-encoded; an opening with a bare `^` takes
/// precedence over encoded ones.
fn mark(text: &str) -> Option<Mark<'_>> {
    for opening in ["^loc=", "%5Eloc=", "%5eloc="] {
        if let Some((before, rest)) = text.split_once(opening) {
            let end = ["^", "%5E", "%5e"].into_iter();
            let end = end.filter_map(|end| Some((rest.find(end)?, end))).min()?;
            let (identifier, after) = rest.split_at_checked(end.0)?;
            return Some(Mark { before, identifier, after: after.strip_prefix(end.1)? });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> LocaleMap {
        LocaleMap::parse("LocaleStrMap", text).unwrap()
    }

    #[test]
    fn only_what_the_page_names_is_localized() {
        let mut attributes = Attributes::default();
        attributes.set("LocaleStrMap", "nl,N|de,D|,").unwrap();
        let strings = Strings::of(&attributes, "de");
        let text = "Co/a;{0xFF0000 red^loc=D^rot},Co/b^loc=D^Co/c:x";
        assert_eq!(strings.set(text), "Co/a;{0xFF0000 rot},Co/c:x");
        let text =
            "target.1.rect=1^loc=D^2??Target.1.Label=Leaf^loc=D^Blatt??target.1.userData=^loc=N^x";
        let expected = "target.1.rect=1^loc=D^2??Target.1.Label=Blatt??target.1.userData=";
        assert_eq!(strings.targets(text), expected);
        attributes.set("DefaultLocale", "nl").unwrap();
        assert_eq!(Strings::of(&attributes, "").one("a^loc=N^b"), "b");
    }

    /// The first example of r-text-string-localization.
    #[test]
    fn strings_are_chosen_by_locale() {
        let map = map("en,E|nl,N|de,D|,");
        let one = "Default1^loc=N^Dutch1^loc=D^German1";
        let two = "^loc=E^English2^loc=N^Dutch2^loc=D^German2";
        assert_eq!(string("111", &map, "nl"), "111");
        assert_eq!(string(one, &map, "nl"), "Dutch1");
        assert_eq!(string(two, &map, "nl"), "Dutch2");
        assert_eq!(string(one, &map, "ja"), "Default1");
        assert_eq!(string(two, &map, "ja"), "");
    }

    /// "Language families" on the same page.
    #[test]
    fn a_country_falls_back_to_its_language() {
        let map = map("en,E|en_us,EUS,E|en_uk,EUK,E|de,D|de_at,DAT,D|de_de,D");
        let element = "^loc=E^English^loc=EUK^UK-English^loc=D^German^loc=DAT^Austrian";
        for (locale, text) in [
            ("en", "English"),
            ("en_us", "English"),
            ("en_uk", "UK-English"),
            ("de_de", "German"),
            ("de_at", "Austrian"),
            ("fr", ""),
        ] {
            assert_eq!(string(element, &map, locale), text, "{locale}");
        }
        assert_eq!(string("a%5Eloc=D%5Eb", &map, "de"), "b");
    }
}
