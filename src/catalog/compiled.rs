//! The compiled form of a catalog, `catalogs/<rootId>.json`, merged with the default one.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    attributes::{Attributes, find},
    rules::{Rule, RuleSet},
};
use crate::{
    commands::takes_request,
    error::{Error, Result},
    limits,
    protocol::Macros,
    store::keys::Kind,
};

/// The version of the stored form that this server reads.
pub const FORMAT: u32 = 1;

/// A catalog as `azulejo publish` stores it. Its values are unparsed text, because they are parsed
/// on top of the default catalog's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Compiled {
    /// [`FORMAT`]
    pub format: u32,
    /// Attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// Names and definitions of macros, in the order of definition.
    pub macros: Vec<(String, String)>,
    /// The font map.
    pub fonts: Vec<Font>,
    /// The ICC profile map: keys of the bucket by shortcut name.
    pub icc: BTreeMap<String, String>,
    /// The rule set.
    pub rules: Vec<Rule>,
}

/// An entry of the font map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Font {
    /// `font::Name`: the face, as RTF's `\fonttbl` names it.
    pub name: String,
    /// `font::PsName`
    pub ps_name: String,
    /// `font::Bold`
    pub bold: bool,
    /// `font::Italic`
    pub italic: bool,
    /// `font::FontPath`: the key in the bucket.
    pub path: String,
    /// `font::MetricsPath`: the key in the bucket.
    pub metrics: String,
    /// The scripts whose characters it has, by their codes of ISO 15924; empty if unknown.
    pub scripts: Vec<String>,
}

/// A catalog merged with the default catalog: the defaults of a request.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Attributes, each the catalog's own or inherited.
    pub attributes: Attributes,
    /// Presets by name.
    pub macros: Macros,
    /// Fonts: the catalog's own, then those of the default catalog.
    pub fonts: Arc<[Font]>,
    /// Keys of ICC profiles by shortcut name.
    pub icc: BTreeMap<String, String>,
    /// The catalog's own rules. The default catalog's apply only to requests without a catalog.
    pub rules: RuleSet,
    /// The keys and versions of the stored catalogs that it was made from; empty if none is stored.
    pub revision: String,
    /// The attributes that a catalog sets, each with whether it is inherited from the default one.
    pub written: BTreeMap<&'static str, bool>,
}

impl Compiled {
    /// Parses the stored form. `key` is for the error. Fails with `BadSource` for malformed JSON
    /// or another version than [`FORMAT`].
    pub fn from_json(key: &str, bytes: &[u8]) -> Result<Self> {
        let compiled: Self = serde_json::from_slice(bytes)
            .map_err(|error| Error::bad_source(format!("{key}: {error}; publish it again")))?;
        if compiled.format != FORMAT {
            let found = compiled.format;
            let message =
                format!("{key}: format {found}, this server reads {FORMAT}; publish it again");
            return Err(Error::bad_source(message));
        }
        Ok(compiled)
    }

    /// The stored form.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).map_err(|error| Error::bug(format!("a catalog: {error}")))
    }

    /// The key of a catalog in the bucket.
    pub fn key(root: &str) -> String {
        Kind::Catalog.key(root)
    }
}

impl Catalog {
    /// Merges the default catalog with the named one, if any. Fails for an invalid value, macro or
    /// rule.
    pub fn of(default: &Compiled, named: Option<&Compiled>) -> Result<Self> {
        let mut catalog = Self::default();
        catalog.lay(default)?;
        if let Some(named) = named {
            catalog.macros.inherit();
            catalog.written.values_mut().for_each(|inherited| *inherited = true);
            catalog.lay(named)?;
        }
        Ok(catalog)
    }

    fn lay(&mut self, compiled: &Compiled) -> Result<()> {
        // TimeStamp and TrustedCatalogs are not inherited.
        self.attributes.time_stamp = None;
        self.attributes.trusted_catalogs.clear();
        for (name, value) in &compiled.attributes {
            self.attributes.set(name, value)?;
            if let Some(row) = find(name).filter(|row| row.counts(value)) {
                self.written.insert(row.name, false);
            }
        }
        if compiled.macros.len() > limits::MACROS {
            return Err(Error::too_large(format!("more than {} macros", limits::MACROS)));
        }
        for (name, definition) in &compiled.macros {
            self.macros.define(name, definition, takes_request)?;
        }
        self.fonts = compiled.fonts.iter().chain(&*self.fonts).cloned().collect();
        self.icc.extend(compiled.icc.clone());
        self.rules = RuleSet::new(&compiled.rules)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(attributes: &[(&str, &str)], macros: &[(&str, &str)]) -> Compiled {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Compiled {
            format: FORMAT,
            attributes: attributes.iter().map(pair).collect(),
            macros: macros.iter().map(pair).collect(),
            ..Compiled::default()
        }
    }

    #[test]
    fn a_catalog_inherits_the_attributes_that_it_does_not_set() {
        let default = compiled(&[("MaxPix", "10,10"), ("DefaultImage", "none")], &[]);
        let named = compiled(&[("MaxPix", ""), ("DefaultImage", "")], &[]);
        let catalog = Catalog::of(&default, Some(&named)).unwrap();
        assert_eq!(catalog.attributes.max_pix, [10, 10], "empty inherits");
        assert_eq!(catalog.attributes.default_image, "", "empty switches off");
    }

    /// C4, C6: a catalog's own macros first, those of the default catalog after them.
    #[test]
    fn macros_may_call_those_of_the_default_catalog() {
        let default = compiled(&[], &[("size", "wid=1"), ("view", "$size$&hei=2")]);
        let named = compiled(&[], &[("size", "wid=9"), ("mine", "$view$&$size$")]);
        let catalog = Catalog::of(&default, Some(&named)).unwrap();
        assert_eq!(catalog.macros.names().collect::<Vec<_>>(), ["mine", "size", "view"]);
        assert!(Catalog::of(&named, None).is_err(), "$view$ is not defined there");
    }

    #[test]
    fn the_stored_form_comes_back() {
        let one = compiled(&[("MaxPix", "10,10")], &[("b", "wid=1"), ("a", "$b$")]);
        let json = one.to_json().unwrap();
        assert_eq!(Compiled::from_json("k", &json).unwrap(), one);
        let text = String::from_utf8(json).unwrap().replace("\"format\": 1", "\"format\": 7");
        let error = Compiled::from_json("catalogs/a.json", text.as_bytes()).unwrap_err();
        assert!(error.message.starts_with("catalogs/a.json: format 7"), "{error}");
        assert!(Compiled::from_json("k", b"{").is_err());
    }
}
