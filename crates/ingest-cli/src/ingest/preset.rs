//! Batch set presets: how names make sets.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use regex::Regex;
use serde::{Deserialize, Serialize};

/// How names make sets: `[[set]]` in an image profile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What the sets are.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Which names belong to a set: all of a name must match. The first group is what members
    /// have in common; without one it is the whole name.
    #[serde(rename = "match")]
    pub pattern: String,
    /// Stands before what they have in common, in the set's id.
    #[serde(default)]
    pub prefix: String,
    /// Stands behind it.
    #[serde(default)]
    pub suffix: String,
    /// Members that match the first come first, and so on; the rest by name.
    #[serde(default)]
    pub order: Vec<String>,
}

/// The sets that are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Pictures to choose from.
    ImageSet,
    /// One thing, turned.
    SpinSet,
}

impl Preset {
    /// An error when an expression cannot be read.
    pub fn check(&self) -> Result<()> {
        self.order.iter().try_for_each(|order| whole(order).map(drop))?;
        whole(&self.pattern).map(drop)
    }

    /// The sets that these names make, by name, with their members in order.
    pub fn sets(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<String>>> {
        let pattern = whole(&self.pattern)?;
        let order = self.order.iter().map(|order| whole(order)).collect::<Result<Vec<_>>>()?;
        let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names {
            let Some(groups) = pattern.captures(name) else { continue };
            let base = groups.get(1).or(groups.get(0)).map_or("", |group| group.as_str());
            let set = format!("{}{base}{}", self.prefix, self.suffix);
            // A set is no member of itself.
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

/// An expression that must match all of a name.
fn whole(pattern: &str) -> Result<Regex> {
    Regex::new(&format!("^(?:{pattern})$")).with_context(|| format!("set: {pattern}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preset(pattern: &str, order: &[&str]) -> Preset {
        Preset {
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
    fn names_with_one_base_make_one_set_in_order() {
        let names = names(&["0123-RED-03", "0123-RED-01", "0999-RED-01", "other", "0123-SET"]);
        let sets = preset(r"(\w+)-\w+-\w+", &[]).sets(&names).unwrap();
        assert_eq!(sets["0123-SET"], ["0123-RED-01", "0123-RED-03"]);
        assert_eq!((sets.len(), sets["0999-SET"].len()), (2, 1));
    }

    #[test]
    fn an_order_of_expressions_wins_over_names() {
        let names = names(&["a_alt2", "a_alt1", "a_main", "a_extra"]);
        let sets = preset("(a)_.*", &[".*_main", ".*_alt[0-9]"]).sets(&names).unwrap();
        assert_eq!(sets["a-SET"], ["a_main", "a_alt1", "a_alt2", "a_extra"]);
    }

    #[test]
    fn an_expression_that_cannot_be_read_is_named() {
        let error = format!("{:#}", preset("(", &[]).check().unwrap_err());
        assert!(error.starts_with("set: ("), "{error}");
    }
}
