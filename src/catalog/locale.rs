//! Locale maps: the suffixes of ids, or the identifiers of strings, to try for each locale.

use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// `LocaleMap` or `LocaleStrMap`: for each lower-case locale, the values to try in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LocaleMap(Vec<(String, Vec<String>)>);

impl LocaleMap {
    /// Parses `de,_D,|de_at,_AT,_D,|,`: items separated by `|`, each a locale and its values (B11).
    /// Fails for an item without values and for more than [`limits::LOCALE_VALUES`] values.
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

    /// Whether the map has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of a locale, compared without case. An unlisted locale has those of the entry
    /// with an empty name; `None` if there is no such entry.
    pub fn find(&self, locale: &str) -> Option<&[String]> {
        let named = |name: &str| self.0.iter().find(|(key, _)| key == name);
        let entry = named(&locale.trim().to_ascii_lowercase()).or_else(|| named(""));
        entry.map(|(_, values)| values.as_slice())
    }

    /// All distinct suffixes. The empty one, which stands for the id itself, comes first. Only the
    /// empty one if the map has no entries.
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for suffix in self.0.iter().flat_map(|(_, suffixes)| suffixes) {
            match suffix.as_str() {
                suffix if all.contains(&suffix) => {}
                "" => all.insert(0, ""),
                other => all.push(other),
            }
        }
        if all.is_empty() { vec![""] } else { all }
    }

    /// The suffixes of a locale, as [`LocaleMap::find`] returns them. An empty map translates
    /// nothing: it returns the empty suffix. Fails for a locale that no entry covers (B10).
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
        assert_eq!(tiers.all(), ["", "-W", "-W2", "-M1", "-M", "-M2"]);
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
}
