//! Splits a request into its tokens before anything is decoded (decisions A1 to A17).

use super::{
    encoding::{decode_path, decode_value},
    nested,
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// A request as sent: the object, and the modifiers in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawRequest {
    /// Decoded elements of the path after `/is/image/`.
    pub object: Vec<String>,
    /// The modifiers, with comments.
    pub tokens: Vec<Token>,
}

/// One modifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Its kind, with name and value.
    pub kind: TokenKind,
    /// Its text as written, without separators.
    pub raw: String,
    /// Its offset in bytes from the start of the modifiers.
    pub column: usize,
    /// The text that contains it.
    pub origin: Origin,
}

/// Where a token comes from, for `req=explain`. It consists of numbers, because every token of
/// every request has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    /// The index of its text among the texts that make up the request; 0 is the request itself.
    pub text: u16,
    /// The outermost macro call that produced it; [`super::Macros::path`] lists all of them.
    pub call: Option<u32>,
}

/// The four kinds of modifiers (r-basic-syntax).
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// `name=value`; the name is in lower case, the value is decoded.
    Command {
        /// Lower-case name.
        name: String,
        /// Decoded value, empty if there is no `=`. A request in brackets stays as written.
        value: String,
    },
    /// `$name$`; the name is in lower case.
    Macro(String),
    /// `$name=value`, or `$name$=value`.
    Variable {
        /// Lower-case name.
        name: String,
        /// Decoded value.
        value: String,
    },
    /// `.anything`, which is ignored.
    Comment,
}

/// Parses the path (after `/is/image`) and the query of a request.
///
/// `takes_request` tells which commands accept a nested request as their value. Fails if the URL is
/// longer than `limits::REQUEST_BYTES` or a bracket is not closed.
pub fn read(path: &str, query: &str, takes_request: fn(&str) -> bool) -> Result<RawRequest> {
    if path.len() + query.len() > limits::REQUEST_BYTES {
        let message = format!("the URL is longer than {} bytes", limits::REQUEST_BYTES);
        return Err(Error::too_large(message));
    }
    let object = path.split('/').filter(|element| !element.is_empty()).map(decode_path).collect();
    Ok(RawRequest { object, tokens: tokens(query, takes_request)? })
}

/// Parses a nested request, `path?query`: the text in the brackets of `src=is{…}`.
///
/// The column of an error counts from the start of that text.
pub fn read_nested(text: &str, takes_request: fn(&str) -> bool) -> Result<RawRequest> {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let object = path.split('/').filter(|element| !element.is_empty()).map(decode_path).collect();
    let begin = text.len() - query.len();
    let shifted = |mut error: Error| {
        error.column = error.column.map(|column| column + begin);
        error
    };
    let mut tokens = tokens(query, takes_request).map_err(shifted)?;
    tokens.iter_mut().for_each(|token| token.column += begin);
    Ok(RawRequest { object, tokens })
}

/// Splits modifiers into tokens and drops empty ones.
pub fn tokens(modifiers: &str, takes_request: fn(&str) -> bool) -> Result<Vec<Token>> {
    match readable(modifiers, takes_request) {
        (tokens, None) => Ok(tokens),
        (_, Some(error)) => Err(error),
    }
}

/// The tokens before the first error, and that error: of modifiers that somebody is typing.
pub fn readable(modifiers: &str, takes_request: fn(&str) -> bool) -> (Vec<Token>, Option<Error>) {
    let mut tokens = Vec::new();
    // Real sites send a second `?` at the start by mistake (A10).
    let mut rest = modifiers.trim_start_matches('?');
    let mut column = modifiers.len() - rest.len();
    while !rest.is_empty() {
        let Some(end) = end_of_token(rest, takes_request) else {
            return (tokens, Some(unbalanced(rest, column)));
        };
        let (raw, after) = rest.split_at(end);
        if let Some(token) = token(raw, column, takes_request) {
            tokens.push(token);
        }
        rest = after.strip_prefix('&').unwrap_or(after);
        column += end + 1;
    }
    (tokens, None)
}

fn unbalanced(rest: &str, column: usize) -> Error {
    let name = rest.split('=').next().unwrap_or_default();
    let message = format!("{name}= at column {column}: a bracket is not closed");
    Error::new(ErrorKind::Syntax, message).at(column)
}

/// The length of the first token; `None` if its bracket is not closed. Brackets count only in the
/// commands that take requests, so that a stray one in a text does not swallow the rest (A17).
fn end_of_token(text: &str, takes_request: fn(&str) -> bool) -> Option<usize> {
    let flat = text.find('&').unwrap_or(text.len());
    let Some((name, value)) = text.split_once('=').filter(|(name, _)| name.len() < flat) else {
        return Some(flat);
    };
    if !nested::opens(value) || !takes_request(&name_of(name)) {
        return Some(flat);
    }
    match nested::length(value) {
        None => Some(flat),
        Some(None) => None,
        Some(Some(length)) => {
            let closed = name.len() + 1 + length;
            let next = text.get(closed..).and_then(|rest| rest.find('&'));
            Some(next.map_or(text.len(), |more| closed + more))
        }
    }
}

/// The name for look-ups: decoded (`%24large%24`, A3), in lower case.
fn name_of(written: &str) -> String {
    let written = written.trim_start_matches("amp;");
    decode_value(written).trim().to_ascii_lowercase()
}

fn token(raw: &str, column: usize, takes_request: fn(&str) -> bool) -> Option<Token> {
    let text = raw.trim_start_matches("amp;");
    if text.is_empty() {
        return None;
    }
    let kind = kind_of(text, takes_request);
    let column = column + raw.len() - text.len();
    Some(Token { kind, raw: text.to_owned(), column, origin: Origin::default() })
}

/// Decodes the name before its kind is determined (`%24large%24`), and the value after the split
/// (A3).
fn kind_of(text: &str, takes_request: fn(&str) -> bool) -> TokenKind {
    let (name, written) = match text.split_once('=') {
        Some((name, value)) => (name_of(name), Some(value)),
        None => (name_of(text), None),
    };
    let value = written.map(|written| {
        if takes_request(&name) {
            let plain = || nested::spelled(&decode_value(written));
            nested::normalize(written).unwrap_or_else(plain)
        } else {
            decode_value(written)
        }
    });
    if name.starts_with('.') {
        return TokenKind::Comment;
    }
    if let Some(inner) = name.strip_prefix('$') {
        let empty = value.as_deref().is_none_or(str::is_empty);
        return match (inner.strip_suffix('$'), value) {
            (Some(called), _) if empty => TokenKind::Macro(called.to_owned()),
            (Some(variable), value) => {
                TokenKind::Variable { name: variable.to_owned(), value: value.unwrap_or_default() }
            }
            (None, value) => {
                TokenKind::Variable { name: inner.to_owned(), value: value.unwrap_or_default() }
            }
        };
    }
    TokenKind::Command { name, value: value.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(name: &str) -> bool {
        matches!(name, "src" | "mask" | "imageset")
    }

    fn raws(query: &str) -> Vec<String> {
        tokens(query, nested).unwrap().into_iter().map(|token| token.raw).collect()
    }

    #[test]
    fn empty_tokens_are_dropped() {
        assert_eq!(raws("&wid=1&&hei=2&"), ["wid=1", "hei=2"]);
    }

    #[test]
    fn brackets_hold_a_nested_request_together() {
        assert_eq!(raws("src=is{a/b?wid=1&hei=2}&wid=3"), ["src=is{a/b?wid=1&hei=2}", "wid=3"]);
    }

    #[test]
    fn a_stray_bracket_in_another_value_swallows_nothing() {
        assert_eq!(raws("text=:-(&wid=3"), ["text=:-(", "wid=3"]);
        assert_eq!(raws("src=a/shoe(1&wid=3"), ["src=a/shoe(1", "wid=3"]);
    }

    #[test]
    fn an_open_bracket_is_an_error_that_names_its_command() {
        let error = tokens("wid=1&src=is(a", nested).unwrap_err();
        assert!(error.message.contains("src= at column 6"), "{}", error.message);
    }

    #[test]
    fn a_decoded_separator_never_splits_again() {
        let TokenKind::Variable { name, value } = kind_of("$a=x%26wid%3D9", nested) else {
            panic!("not a variable")
        };
        assert_eq!((name.as_str(), value.as_str()), ("a", "x&wid=9"));
    }

    #[test]
    fn macros_may_be_encoded_and_may_end_with_an_equals_sign() {
        for text in ["$Large$", "%24large%24", "$large$="] {
            assert_eq!(kind_of(text, nested), TokenKind::Macro("large".into()), "{text}");
        }
    }

    #[test]
    fn a_nested_request_stays_as_written_and_a_plain_value_is_decoded() {
        let value = |text| {
            let TokenKind::Command { value, .. } = kind_of(text, nested) else {
                panic!("not a command")
            };
            value
        };
        assert_eq!(value("src=is{a%2Fb?text=%26}"), "is{a%2Fb?text=%26}");
        assert_eq!(value("src=is%7Ba%2Fb%3Fwid%3D1%7D"), "is{a/b?wid=1}");
        assert_eq!(value("src=a%2Fb"), "a/b");
        assert_eq!(value("text=is{%41}"), "is{A}");
    }

    #[test]
    fn columns_are_those_of_the_text() {
        let columns = |query| {
            let tokens = tokens(query, nested).unwrap();
            tokens.into_iter().map(|token| token.column).collect::<Vec<_>>()
        };
        assert_eq!(columns("??wid=1&&amp;hei=2"), [2, 13]);
        let inner = read_nested("a/b?wid=1&src=is(", nested).unwrap_err();
        assert_eq!(inner.column, Some(10));
    }

    #[test]
    fn html_escaped_ampersands_are_understood() {
        assert_eq!(raws("wid=1&amp;hei=2"), ["wid=1", "hei=2"]);
    }
}
