//! Filters for types and renditions, with the syntax of Dynamic Media's replication filters: `+`
//! includes, `-` excludes, `*` matches anything, and `+cqdam,*` matches all names with that prefix.

use std::str::FromStr;

use regex::Regex;

/// A filter: terms in order. The last term that matches a name decides.
#[derive(Debug, Clone, Default)]
pub struct Filter(Vec<Term>);

#[derive(Debug, Clone)]
struct Term {
    included: bool,
    pattern: Regex,
}

impl Filter {
    /// Concatenates the terms of several filters.
    pub fn all(filters: &[Self]) -> Self {
        Self(filters.iter().flat_map(|filter| filter.0.clone()).collect())
    }

    /// Whether a name is included. A name that no term matches is included unless other terms
    /// include something.
    pub fn includes(&self, name: &str) -> bool {
        match self.0.iter().rev().find(|term| term.pattern.is_match(name)) {
            Some(term) => term.included,
            None => !self.0.iter().any(|term| term.included),
        }
    }
}

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut terms: Vec<(bool, String)> = Vec::new();
        for piece in text.split(',').map(str::trim) {
            let (included, name) = match (piece.strip_prefix('-'), piece.strip_prefix('+')) {
                (Some(name), _) => (false, name),
                (None, Some(name)) => (true, name),
                (None, None) => (true, piece),
            };
            // A second sign means that the value is missing and this is the next option.
            if name.is_empty() || name.starts_with(['+', '-']) {
                return Err("expected terms such as image/*, +cqdam,* or -original".to_owned());
            }
            match terms.last_mut() {
                Some((_, name)) if piece == "*" => name.push('*'),
                Some(_) | None => terms.push((included, name.to_owned())),
            }
        }
        let term = |(included, name): (bool, String)| {
            let pattern = regex::escape(&name).replace("\\*", ".*");
            let pattern = Regex::new(&format!("(?is)^{pattern}$")).map_err(|e| e.to_string())?;
            Ok(Term { included, pattern })
        };
        terms.into_iter().map(term).collect::<Result<_, String>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(filter: &str, name: &str) -> bool {
        filter.parse::<Filter>().unwrap().includes(name)
    }

    #[test]
    fn the_examples_of_the_reference() {
        assert!(includes("+cqdam,*", "cqdam.pyramid.tiff") && !includes("+cqdam,*", "original"));
        assert!(includes("+original", "original") && !includes("+original", "cqdam.pyramid.tiff"));
        assert!(includes("image/*", "image/jpeg") && !includes("image/*", "video/mp4"));
        assert!(includes("image/jpeg", "image/JPEG") && !includes("image/jpeg", "image/jpeg2000"));
        let set = "multipart/related; type=application/x-ImageSet";
        assert!(
            includes("*application/*set", set) && !includes("*application/*set", "application/pdf")
        );
    }

    #[test]
    fn the_last_matching_term_decides() {
        assert!(
            !includes("+image/*,-image/gif", "image/gif")
                && includes("+image/*,-image/gif", "image/png")
        );
        assert!(
            includes("-image/*,+image/gif", "image/gif")
                && !includes("-image/*,+image/gif", "image/png")
        );
        let both = [Filter::from_str("+*").unwrap(), Filter::from_str("-original").unwrap()];
        assert!(!Filter::all(&both).includes("original") && Filter::all(&both).includes("Large"));
    }

    #[test]
    fn a_name_that_no_term_matches_is_included_unless_others_are() {
        assert!(includes("-image/gif", "image/png") && includes("-image/gif", ""));
        assert!(
            !includes("+image/gif", "image/png") && !includes("+image/gif,-video/*", "image/png")
        );
        assert!(Filter::default().includes("anything"));
    }

    #[test]
    fn names_are_literal_except_for_stars() {
        assert!(!includes("+cqdam.*", "cqdamXpyramid") && includes("+a(b", "a(b"));
        for wrong in ["", "+", "-", "+a,", "a,,b", "--json"] {
            assert!(wrong.parse::<Filter>().is_err(), "{wrong:?}");
        }
    }
}
