//! Batch set presets: group assets into sets by their names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use regex::Regex;
use serde::{Deserialize, Serialize};

/// A batch set preset: `[[set]]` in an image profile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPreset {
    /// The type of the sets.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// A regular expression that must match a whole name. Its first group is the common part of the
    /// members' names; without a group the whole name is.
    #[serde(rename = "match")]
    pub pattern: String,
    /// The prefix of the set's id, before the common part.
    #[serde(default)]
    pub prefix: String,
    /// The suffix of the set's id, after the common part.
    #[serde(default)]
    pub suffix: String,
    /// Regular expressions that order the members. Members that match the first one come first, and
    /// so on. The rest is ordered by name.
    #[serde(default)]
    pub order: Vec<String>,
}

/// The types of sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Several pictures, for example of one product.
    ImageSet,
    /// Pictures of one object from all sides.
    SpinSet,
}

impl SetPreset {
    /// Fails if a regular expression is invalid.
    pub fn check(&self) -> Result<()> {
        self.order.iter().try_for_each(|order| anchored(order).map(drop))?;
        anchored(&self.pattern).map(drop)
    }

    /// The sets that these names form: their ids, and their members in order.
    pub fn sets(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<String>>> {
        let pattern = anchored(&self.pattern)?;
        let order = self.order.iter().map(|order| anchored(order)).collect::<Result<Vec<_>>>()?;
        let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names {
            let Some(groups) = pattern.captures(name) else { continue };
            let base = groups.get(1).or(groups.get(0)).map_or("", |group| group.as_str());
            let set = format!("{}{base}{}", self.prefix, self.suffix);
            // A set is not a member of itself.
            if set != *name {
                sets.entry(set).or_default().push(name.clone());
            }
        }
        let place = |name: &String| order.iter().position(|order| order.is_match(name));
        for members in sets.values_mut() {
            members.sort_by_key(|name| place(name).unwrap_or(order.len()));
        }
        Ok(sets)
    }
}

/// A regular expression that must match a whole name.
fn anchored(pattern: &str) -> Result<Regex> {
    Regex::new(&format!("^(?:{pattern})$")).with_context(|| format!("set: {pattern}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preset(pattern: &str, order: &[&str]) -> SetPreset {
        SetPreset {
            kind: Kind::ImageSet,
            pattern: pattern.to_owned(),
            prefix: String::new(),
            suffix: "-SET".to_owned(),
            order: order.iter().map(|&order| order.to_owned()).collect(),
        }
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn names_with_a_common_part_form_a_set_in_order() {
        let names = names(&["0123-RED-03", "0123-RED-01", "0999-RED-01", "other", "0123-SET"]);
        let sets = preset(r"(\w+)-\w+-\w+", &[]).sets(&names).unwrap();
        assert_eq!(sets["0123-SET"], ["0123-RED-01", "0123-RED-03"]);
        assert_eq!((sets.len(), sets["0999-SET"].len()), (2, 1));
    }

    #[test]
    fn expressions_order_members_before_names_do() {
        let names = names(&["a_alt2", "a_alt1", "a_main", "a_extra"]);
        let sets = preset("(a)_.*", &[".*_main", ".*_alt[0-9]"]).sets(&names).unwrap();
        assert_eq!(sets["a-SET"], ["a_main", "a_alt1", "a_alt2", "a_extra"]);
    }

    #[test]
    fn an_invalid_expression_is_named() {
        let error = format!("{:#}", preset("(", &[]).check().unwrap_err());
        assert!(error.starts_with("set: ("), "{error}");
    }
}
