//! The variables that a request defines for the SVGs that it shows.

use std::rc::Rc;

/// Names in lower case with their values, in order of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SvgVariables(Rc<[(String, String)]>);

impl SvgVariables {
    /// The variables with these definitions, each name once.
    pub fn new<'a>(definitions: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut all: Vec<(String, String)> =
            definitions.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        crate::sort::sort(&mut all);
        Self(all.into())
    }

    /// The value of a variable, whatever the case of its name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// All definitions.
    pub fn definitions(&self) -> &[(String, String)] {
        &self.0
    }
}
