//! Names of layers as parts of ids, and as names of variables.

use std::collections::HashSet;

/// Gives out names, each once.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

/// The most characters of a name.
const LENGTH: usize = 60;

impl Names {
    /// Names that exclude this one.
    pub fn without(name: &str) -> Self {
        Self(HashSet::from([name.to_owned()]))
    }

    /// A part of an id: letters, digits, hyphens.
    pub fn id(&mut self, layer: &str) -> String {
        self.once(&dashed(layer, char::is_alphanumeric, '-'), "layer", '-')
    }

    /// The name of a variable: ASCII letters in lower case, digits, underscores.
    pub fn variable(&mut self, layer: &str) -> String {
        let plain = |character: char| character.is_ascii_alphanumeric();
        self.once(&dashed(&layer.to_ascii_lowercase(), plain, '_'), "text", '_')
    }

    fn once(&mut self, name: &str, usual: &str, dash: char) -> String {
        let name = if name.is_empty() { usual } else { name };
        let mut unique = name.to_owned();
        let mut number = 1;
        while !self.0.insert(unique.to_lowercase()) {
            number += 1;
            unique = format!("{name}{dash}{number}");
        }
        unique
    }
}

/// The name with a dash in place of other characters, and none at its ends.
fn dashed(name: &str, kept: impl Fn(char) -> bool, dash: char) -> String {
    let words = name.split(|character| !kept(character)).filter(|word| !word.is_empty());
    let dashed = words.collect::<Vec<_>>().join(&dash.to_string());
    dashed.chars().take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_unique() {
        let mut names = Names::default();
        let ids = ["Photo 1", "photo/1", "???", "Größe"].map(|name| names.id(name));
        assert_eq!(ids, ["Photo-1", "photo-1-2", "layer", "Größe"]);
        let mut names = Names::without("object");
        let variables = ["Big Headline!", "object", "日本"].map(|name| names.variable(name));
        assert_eq!(variables, ["big_headline", "object_2", "text"]);
    }
}
