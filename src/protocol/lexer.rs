//! Splits a request into its tokens before anything is decoded (decisions A1 to A17).

use super::encoding::{decode_path, decode_value};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// A request as sent: the object, and the modifiers in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawRequest {
    /// Decoded elements of the path behind `/is/image/`.
    pub object: Vec<String>,
    /// The modifiers, comments included.
    pub tokens: Vec<Token>,
}

/// One modifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its text as written, without separators.
    pub raw: String,
    /// Where it begins, in bytes from the start of the modifiers.
    pub column: usize,
}

/// The four things a modifier can be (r-basic-syntax).
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// `name=value`; the name in lower case, the value decoded.
    Command {
        /// Lower-case name.
        name: String,
        /// Decoded value; empty when there is no `=`.
        value: String,
    },
    /// `$name$`, the name in lower case.
    Macro(String),
    /// `$name=value`.
    Variable {
        /// Lower-case name.
        name: String,
        /// Decoded value.
        value: String,
    },
    /// `.anything`, ignored.
    Comment,
}

/// Reads path (behind `/is/image`) and query of a request.
///
/// `takes_request` says which commands may hold a nested request as their value.
pub fn read(path: &str, query: &str, takes_request: fn(&str) -> bool) -> Result<RawRequest> {
    if path.len() + query.len() > limits::REQUEST_BYTES {
        let message = format!("the URL is longer than {} bytes", limits::REQUEST_BYTES);
        return Err(Error::too_large(message));
    }
    let object = path.split('/').filter(|element| !element.is_empty()).map(decode_path).collect();
    // A second `?` at the start is a slip that real sites make (A10).
    let query = query.strip_prefix('?').unwrap_or(query);
    Ok(RawRequest { object, tokens: tokens(query, takes_request)? })
}

/// Splits modifiers into tokens; empty ones are dropped.
pub fn tokens(modifiers: &str, takes_request: fn(&str) -> bool) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut column = 0;
    let mut rest = modifiers;
    while !rest.is_empty() {
        let end = end_of_token(rest, takes_request).ok_or_else(|| unbalanced(rest, column))?;
        let (raw, behind) = rest.split_at(end);
        if let Some(token) = token(raw, column) {
            tokens.push(token);
        }
        rest = behind.strip_prefix('&').unwrap_or(behind);
        column += end + 1;
    }
    Ok(tokens)
}

fn unbalanced(rest: &str, column: usize) -> Error {
    let name = rest.split('=').next().unwrap_or_default();
    let message = format!("{name}= at column {column}: a bracket is not closed");
    Error::new(ErrorKind::Syntax, message)
}

/// Length of the first token; `None` when its brackets never close. Brackets count only in the
/// commands that take requests, so that a stray one in a text does not swallow the rest (A17).
fn end_of_token(text: &str, takes_request: fn(&str) -> bool) -> Option<usize> {
    let flat = text.find('&').unwrap_or(text.len());
    let name = text.split(['=', '&']).next().unwrap_or_default().to_ascii_lowercase();
    if !takes_request(&name) {
        return Some(flat);
    }
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            b'&' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    (depth == 0).then_some(text.len())
}

fn token(raw: &str, column: usize) -> Option<Token> {
    let text = raw.strip_prefix("amp;").unwrap_or(raw);
    if text.is_empty() {
        return None;
    }
    let kind = kind_of(text);
    Some(Token { kind, raw: text.to_owned(), column })
}

/// The name is decoded before it is judged (`%24large%24`), the value after the split (A3).
fn kind_of(text: &str) -> TokenKind {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (decode_value(name), Some(decode_value(value))),
        None => (decode_value(text), None),
    };
    let name = name.trim().to_ascii_lowercase();
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
    }

    #[test]
    fn an_open_bracket_is_an_error_that_names_its_command() {
        let error = tokens("wid=1&src=is(a", nested).unwrap_err();
        assert!(error.message.contains("src= at column 6"), "{}", error.message);
    }

    #[test]
    fn a_decoded_separator_never_splits_again() {
        let TokenKind::Variable { name, value } = kind_of("$a=x%26wid%3D9") else {
            panic!("not a variable")
        };
        assert_eq!((name.as_str(), value.as_str()), ("a", "x&wid=9"));
    }

    #[test]
    fn macros_may_be_encoded_and_may_end_with_an_equals_sign() {
        for text in ["$Large$", "%24large%24", "$large$="] {
            assert_eq!(kind_of(text), TokenKind::Macro("large".into()), "{text}");
        }
    }

    #[test]
    fn html_escaped_ampersands_are_understood() {
        assert_eq!(raws("wid=1&amp;hei=2"), ["wid=1", "hei=2"]);
    }
}
