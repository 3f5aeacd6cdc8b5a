//! Values of descriptors and of engine data, which are both trees.

use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number with or without a unit.
    Number(f64),
    /// A text, the name of an enumerator, or a name.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Bytes in a form of their own.
    Bytes(Vec<u8>),
    /// Several values.
    List(Vec<Self>),
    /// Values with names.
    Map(BTreeMap<String, Self>),
    /// A value that says nothing here.
    Other,
}

impl Value {
    /// The value at the end of a path of names, where a number is an index of a list.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, name| {
            if let Self::Map(map) = value {
                return map.get(*name);
            }
            let Self::List(list) = value else { return None };
            list.get(name.parse::<usize>().ok()?)
        })
    }

    /// The number at the end of a path.
    pub fn number(&self, path: &[&str]) -> Option<f64> {
        let Self::Number(number) = self.at(path)? else { return None };
        Some(*number)
    }

    /// The text at the end of a path.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        let Self::Text(text) = self.at(path)? else { return None };
        Some(text)
    }

    /// The flag at the end of a path.
    pub fn flag(&self, path: &[&str]) -> Option<bool> {
        let Self::Flag(flag) = self.at(path)? else { return None };
        Some(*flag)
    }

    /// The list at the end of a path; none if there is no list.
    pub fn list(&self, path: &[&str]) -> &[Self] {
        let Some(Self::List(list)) = self.at(path) else { return &[] };
        list
    }

    /// The numbers of the list at the end of a path.
    pub fn numbers(&self, path: &[&str]) -> Vec<f64> {
        self.list(path).iter().filter_map(|value| value.number(&[])).collect()
    }
}
