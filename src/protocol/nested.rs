//! Values in brackets: nested requests, and remote images
//! (r-request-nesting-and-embedding; decisions A15 to A17).

use super::encoding::decode_value;

/// What precedes the bracket: the service that the value addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// `is(…)`: this server.
    ImageServing,
    /// `ir(…)`: Image Rendering.
    ImageRendering,
    /// `fxg(…)`: the FXG graphics renderer.
    Graphics,
    /// `(…)`: a remote image; in `imageSet=`, only grouping.
    Bare,
}

impl Wrapper {
    /// The text before the bracket.
    pub fn name(self) -> &'static str {
        match self {
            Self::ImageServing => "is",
            Self::ImageRendering => "ir",
            Self::Graphics => "fxg",
            Self::Bare => "",
        }
    }
}

/// Longer names first, so that no name hides another.
const WRAPPERS: [Wrapper; 4] =
    [Wrapper::Graphics, Wrapper::ImageServing, Wrapper::ImageRendering, Wrapper::Bare];

/// Opening and closing brackets as written. Mail clients and proxies encode some.
const BRACKETS: [(&str, &str); 4] = [("(", ")"), ("{", "}"), ("%28", "%29"), ("%7B", "%7D")];

/// The wrapper and the text in its brackets; `None` for a plain value. The text stays as
/// written, not decoded. Text after the closing bracket is ignored
/// (r-request-nesting-and-embedding). But bare braces with more text after them are a list of
/// `imageSet=`, and therefore plain.
pub fn embedded(value: &str) -> Option<(Wrapper, &str)> {
    let value = value.trim_end();
    let (wrapper, (open, close), at) = opening(value)?;
    let end = length(value)??;
    let list = wrapper == Wrapper::Bare && !matches!(open, "(" | "%28");
    let body = value.get(at + open.len()..end.checked_sub(close.len())?)?;
    (end == value.len() || !list).then_some((wrapper, body))
}

/// Whether a value begins like a bracketed one, closed or not.
pub fn opens(value: &str) -> bool {
    opening(value).is_some()
}

/// Whether a value begins like a bracketed one but is never closed, so that it cannot be written
/// into a URL again.
pub fn is_open(value: &str) -> bool {
    length(value) == Some(None)
}

/// The length in bytes of a bracketed value at the start of `text`; `Some(None)` if its bracket is
/// not closed, `None` if the value is plain. Only brackets of the opening one's kind count.
pub(super) fn length(text: &str) -> Option<Option<usize>> {
    let (_, (open, close), at) = opening(text)?;
    let begins = |at: usize, mark: &str| {
        text.get(at..at + mark.len()).is_some_and(|part| part.eq_ignore_ascii_case(mark))
    };
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(at) {
        if !b"(){}%".contains(&byte) {
            continue;
        }
        if begins(at, open) {
            depth += 1;
        } else if begins(at, close) {
            depth -= 1;
            if depth == 0 {
                return Some(Some(at + close.len()));
            }
        }
    }
    Some(None)
}

/// A value without surrounding space, with its wrapper spelled as in [`Wrapper::name`].
pub(super) fn spelled(value: &str) -> String {
    let mut value = value.trim().to_owned();
    if let Some((wrapper, _, at)) = opening(&value) {
        value.replace_range(..at, wrapper.name());
    }
    value
}

/// A bracketed value in the form that [`embedded`] reads later, with bare brackets. `None` for a
/// plain value, which is decoded like any other.
pub(super) fn normalize(raw: &str) -> Option<String> {
    let (wrapper, body) = embedded(raw)?;
    let (_, (open, _), _) = opening(raw)?;
    if !open.starts_with('%') {
        return length(raw).flatten().and_then(|end| raw.get(..end)).map(spelled);
    }
    // If the brackets are encoded, so is the body, unless it has a bare separator.
    let body = if body.contains(['?', '&', '=']) { body.to_owned() } else { decode_value(body) };
    let name = wrapper.name();
    let bare = |open, close| format!("{name}{open}{body}{close}");
    let (same, other) = match open {
        "%28" => (bare('(', ')'), bare('{', '}')),
        _ => (bare('{', '}'), bare('(', ')')),
    };
    // The body may contain a bare bracket of the kind that was encoded around it.
    let closes = |text: &str| length(text) == Some(Some(text.len()));
    let whole = closes(&same) || !closes(&other);
    Some(if whole { same } else { other })
}

/// The wrapper, its brackets, and the offset of the opening bracket.
fn opening(value: &str) -> Option<(Wrapper, (&'static str, &'static str), usize)> {
    WRAPPERS.iter().find_map(|&wrapper| {
        let name = wrapper.name();
        let (prefix, rest) = value.split_at_checked(name.len())?;
        let opens = |open: &str| {
            rest.get(..open.len()).is_some_and(|start| start.eq_ignore_ascii_case(open))
        };
        let &brackets = BRACKETS.iter().find(|(open, _)| opens(open))?;
        prefix.eq_ignore_ascii_case(name).then_some((wrapper, brackets, name.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapper_is_known_in_any_case_and_by_either_bracket() {
        assert_eq!(embedded("is(a?b=1)"), Some((Wrapper::ImageServing, "a?b=1")));
        assert_eq!(embedded("IS{a}"), Some((Wrapper::ImageServing, "a")));
        assert_eq!(embedded("ir(x)"), Some((Wrapper::ImageRendering, "x")));
        assert_eq!(embedded("fxg{x}"), Some((Wrapper::Graphics, "x")));
        assert_eq!(embedded("(http://a/b)"), Some((Wrapper::Bare, "http://a/b")));
        assert_eq!(embedded("is%7ba%7D"), Some((Wrapper::ImageServing, "a")));
    }

    #[test]
    fn other_values_are_plain() {
        for value in ["", "is", "island/shoe", "Shop/shoe(1)", "is(a", "(", "{)", "é(", "{}}"] {
            assert_eq!(embedded(value), None, "{value}");
        }
    }

    #[test]
    fn only_the_kind_of_bracket_that_opens_counts() {
        assert_eq!(length("is{a?text=:-(}&x"), Some(Some(14)));
        assert_eq!(length("is(a?src=is(b))&x"), Some(Some(15)));
        assert_eq!(length("is(a?text=%29)&x"), Some(Some(14)));
        assert_eq!(length("is(a"), Some(None));
        assert_eq!(length("a(b"), None);
    }

    #[test]
    fn encoded_brackets_are_made_bare() {
        assert_eq!(normalize("is%7Ba?x=1%7D").unwrap(), "is{a?x=1}");
        assert_eq!(normalize("is%7Ba%3Fx%3D%2525%7D").unwrap(), "is{a?x=%25}");
        assert_eq!(normalize("is%28a?t=%7Bb%29").unwrap(), "is(a?t=%7Bb)");
        assert_eq!(normalize("is%28a?t=:-)%29").unwrap(), "is{a?t=:-)}");
        assert_eq!(normalize("%7Ba%7Bb%7Dc%7D").unwrap(), "{a{b}c}");
        assert_eq!(normalize("is(a%3F)").unwrap(), "is(a%3F)");
    }
}
