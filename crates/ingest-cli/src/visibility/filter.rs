//! Filters of types and renditions, as the replication filters of Dynamic Media are written:
//! `+` includes, `-` excludes, `*` stands for anything, and `+cqdam,*` is all that begins so.

use std::str::FromStr;

use regex::Regex;

/// Terms in order: the last one that fits a name decides on it.
#[derive(Debug, Clone, Default)]
pub struct Filter(Vec<Term>);

#[derive(Debug, Clone)]
struct Term {
    included: bool,
    pattern: Regex,
}

impl Filter {
    /// All terms of several filters, one behind the other.
    pub fn all(filters: &[Self]) -> Self {
        Self(filters.iter().flat_map(|filter| filter.0.clone()).collect())
    }

    /// Whether a name is included. One that no term fits is, unless there are terms that include
    /// others.
    pub fn takes(&self, name: &str) -> bool {
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
            // A second sign is the next option, which stands where a filter is missing.
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

    fn takes(filter: &str, name: &str) -> bool {
        filter.parse::<Filter>().unwrap().takes(name)
    }

    #[test]
    fn the_examples_of_the_reference() {
        assert!(takes("+cqdam,*", "cqdam.pyramid.tiff") && !takes("+cqdam,*", "original"));
        assert!(takes("+original", "original") && !takes("+original", "cqdam.pyramid.tiff"));
        assert!(takes("image/*", "image/jpeg") && !takes("image/*", "video/mp4"));
        assert!(takes("image/jpeg", "image/JPEG") && !takes("image/jpeg", "image/jpeg2000"));
        let set = "multipart/related; type=application/x-ImageSet";
        assert!(takes("*application/*set", set) && !takes("*application/*set", "application/pdf"));
    }

    #[test]
    fn the_last_term_that_fits_decides() {
        assert!(
            !takes("+image/*,-image/gif", "image/gif") && takes("+image/*,-image/gif", "image/png")
        );
        assert!(
            takes("-image/*,+image/gif", "image/gif") && !takes("-image/*,+image/gif", "image/png")
        );
        let both = [Filter::from_str("+*").unwrap(), Filter::from_str("-original").unwrap()];
        assert!(!Filter::all(&both).takes("original") && Filter::all(&both).takes("Large"));
    }

    #[test]
    fn what_no_term_fits_is_taken_unless_others_are_included() {
        assert!(takes("-image/gif", "image/png") && takes("-image/gif", ""));
        assert!(!takes("+image/gif", "image/png") && !takes("+image/gif,-video/*", "image/png"));
        assert!(Filter::default().takes("anything"));
    }

    #[test]
    fn names_are_literal_but_for_stars() {
        assert!(!takes("+cqdam.*", "cqdamXpyramid") && takes("+a(b", "a(b"));
        for wrong in ["", "+", "-", "+a,", "a,,b", "--json"] {
            assert!(wrong.parse::<Filter>().is_err(), "{wrong:?}");
        }
    }
}
