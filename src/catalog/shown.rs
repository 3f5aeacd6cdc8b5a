//! What the preview page may read of catalogs and records: enough to render what the server would,
//! without the owner's private data.

use super::{AddressFilter, Compiled, Record, StaticContent, attribute};
use crate::error::Result;

/// Addresses that no client has (RFC 6666): the filter of a rule that refuses this client.
const NOBODY: &str = "100::/64";

/// The attribute that contains addresses.
const FILTER: &str = "ClientAddressFilter";

impl Compiled {
    /// The catalog without unknown attributes and without client addresses, for a client that may
    /// read it. Each rule's filter is replaced by its result for `client`.
    pub fn shown(mut self, client: Option<&str>) -> Result<Self> {
        self.attributes.retain(|name, _| attribute(name).is_some_and(|row| row.name != FILTER));
        for rule in &mut self.rules {
            if let Some(filter) = rule.address_filter.take() {
                let allowed = AddressFilter::parse(&rule.name, &filter)?.allows(client);
                // Without its own filter, a rule uses the catalog's, which is removed above.
                rule.address_filter = (!allowed).then(|| NOBODY.to_owned());
            }
        }
        Ok(self)
    }
}

impl Record {
    /// The record as far as it concerns an image: without the data on the original, the static
    /// content, and unknown fields.
    pub fn shown(mut self) -> Self {
        // `is_of_image` must give the same result for what remains.
        self.content = (!self.is_of_image()).then(StaticContent::default);
        self.original = None;
        self.other.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{FORMAT, Rule};

    #[test]
    fn a_catalog_is_shown_without_addresses_and_what_is_not_known() {
        let rule = |filter: &str| Rule { address_filter: Some(filter.into()), ..Rule::default() };
        let mut compiled = Compiled { format: FORMAT, ..Compiled::default() };
        for (name, value) in [("MaxPix", "9,9"), (FILTER, "192.0.2.0/24"), ("Secret", "x")] {
            compiled.attributes.insert(name.into(), value.into());
        }
        compiled.rules = vec![rule("192.0.2.0/24"), rule("198.51.100.7"), rule("")];
        let shown = compiled.shown(Some("192.0.2.9")).unwrap();
        assert_eq!(shown.attributes.keys().collect::<Vec<_>>(), ["MaxPix"]);
        let filters = shown.rules.iter().map(|rule| rule.address_filter.as_deref());
        assert_eq!(filters.collect::<Vec<_>>(), [None, Some(NOBODY), None]);
        let json = String::from_utf8(shown.to_json().unwrap()).unwrap();
        assert!(!json.contains("192.0.2") && !json.contains("198.51"), "{json}");
    }

    #[test]
    fn a_record_is_shown_without_its_original() {
        let text = r#"{"modifier":"wid=9","crops":{"A":{"rect":[0,0,1,1],"width":1,"height":1}},
            "original":{"sha256":"00","settings":{},"pyramid_bytes":1,"pyramidBytes":1},"note":"ours"}"#;
        let shown = Record::from_json(text.as_bytes()).unwrap().shown();
        assert_eq!((shown.fields.modifier.as_deref(), shown.crops.len()), (Some("wid=9"), 1));
        let json = String::from_utf8(shown.to_json().unwrap()).unwrap();
        assert!(!json.contains("sha256") && !json.contains("ours"), "{json}");
    }
}
