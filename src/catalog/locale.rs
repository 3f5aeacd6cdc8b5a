//! Locale maps: which suffixes of an id, and which strings, a locale has.

use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// `LocaleMap` or `LocaleStrMap`: for each locale what is tried, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LocaleMap(Vec<(String, Vec<String>)>);

impl LocaleMap {
    /// Reads `de,_D,|de_at,_AT,_D,|,`: items by `|`, each a locale and what it stands for (B11).
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let mut map = Vec::new();
        for item in text.split('|').filter(|_| !text.trim().is_empty()) {
            let mut parts = item.split(',').map(|part| part.trim().to_owned());
            let locale = parts.next().unwrap_or_default().to_ascii_lowercase();
            let values: Vec<String> = parts.collect();
            if values.is_empty() {
                let wanted = "locale,suffix[,suffix…] separated by |";
                return Err(Error::value(name, text, wanted));
            }
            if values.len() > limits::LOCALE_VALUES {
                let limit = limits::LOCALE_VALUES;
                let message = format!("{name}: {locale} has more than {limit} values");
                return Err(Error::too_large(message));
            }
            map.push((locale, values));
        }
        Ok(Self(map))
    }

    /// Whether there is no map at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a locale stands for; one that is not listed is the entry without a name, if there is
    /// one.
    pub fn find(&self, locale: &str) -> Option<&[String]> {
        let named = |name: &str| self.0.iter().find(|(known, _)| known == name);
        let entry = named(&locale.trim().to_ascii_lowercase()).or_else(|| named(""));
        entry.map(|(_, values)| values.as_slice())
    }

    /// As [`LocaleMap::find`]; without a map nothing is translated, and a locale that no entry
    /// covers is an error (B10).
    pub fn suffixes(&self, locale: &str) -> Result<Vec<&str>> {
        if self.is_empty() {
            return Ok(vec![""]);
        }
        match self.find(locale) {
            Some(suffixes) => Ok(suffixes.iter().map(String::as_str).collect()),
            None => {
                let message =
                    format!("locale={locale}: the catalog's LocaleMap has no such locale");
                Err(Error::new(ErrorKind::Value, message))
            }
        }
    }
}

/// The string of a locale out of `Default^loc=N^Dutch^loc=D^German`; a text without such a mark
/// is itself (r-text-string-localization).
pub fn string(element: &str, map: &LocaleMap, locale: &str) -> String {
    let mut strings = vec![("", "")];
    let mut rest = element;
    while let Some((before, identifier, after)) = mark(rest) {
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
        strings.iter().find(|(known, text)| {
            // The default string has no mark of its own: it is there where it says something.
            known == identifier && (!known.is_empty() || !text.is_empty())
        })
    });
    found.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
}

/// The first `^loc=X^`, whose `^` may be percent-encoded: what is before it, X, what is behind.
fn mark(text: &str) -> Option<(&str, &str, &str)> {
    for opening in ["^loc=", "%5Eloc=", "%5eloc="] {
        if let Some((before, behind)) = text.split_once(opening) {
            let end = ["^", "%5E", "%5e"].into_iter();
            let end = end.filter_map(|end| Some((behind.find(end)?, end))).min()?;
            let (identifier, after) = behind.split_at_checked(end.0)?;
            return Some((before, identifier, after.strip_prefix(end.1)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> LocaleMap {
        LocaleMap::parse("LocaleMap", text).unwrap()
    }

    /// The examples of r-object-id-translation.
    #[test]
    fn suffixes_are_tried_in_their_order() {
        let one = map("en,_E,|en_us,_E,|en_uk,_E,|fr,_F,|de,_D,|de_at,_D,|de_de,_D,|,_E,");
        assert_eq!(one.suffixes("de_DE").unwrap(), ["_D", ""]);
        assert_eq!(one.suffixes("ja").unwrap(), ["_E", ""]);
        let tiers = map("w1,-W,|w2,-W2,-W,|w3,-W,|m1,-M1,-M,|m2,-M2,-M,|,");
        assert_eq!(tiers.suffixes("w2").unwrap(), ["-W2", "-W", ""]);
        assert_eq!(tiers.suffixes("zz").unwrap(), [""]);
        let specific = map(",_1,_2,_3|fr,_22,_23,_1,_2,_3| de_at,_470,_480,_1,_2,_3");
        assert_eq!(specific.suffixes("de_at").unwrap(), ["_470", "_480", "_1", "_2", "_3"]);
        assert_eq!(specific.suffixes("").unwrap(), ["_1", "_2", "_3"]);
    }

    #[test]
    fn a_locale_that_no_entry_covers_is_an_error() {
        let error = map("de,_D").suffixes("fr").unwrap_err();
        assert!(error.message.starts_with("locale=fr"), "{error}");
        assert_eq!(LocaleMap::default().suffixes("fr").unwrap(), [""]);
        assert!(LocaleMap::parse("LocaleMap", "de").is_err());
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
