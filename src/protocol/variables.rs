//! Substitution variables: all definitions are collected, then substituted once (decisions C8, C9).

use std::collections::HashMap;

use super::lexer::{Token, TokenKind};
use crate::{
    error::{Error, Result},
    limits,
};

/// Definitions by lower-case name.
#[derive(Debug, Clone, Default)]
pub struct Variables(HashMap<String, String>);

impl Variables {
    /// The variables of a request before its definitions: only `object`, its own object.
    pub fn of(object: &str) -> Self {
        Self(HashMap::from([("object".to_owned(), object.to_owned())]))
    }

    /// Variables with these definitions, each name once.
    pub fn defined<'a>(definitions: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self(definitions.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// Adds all definitions of a request, wherever they occur; the last one of a name wins.
    ///
    /// They override those that an outer request has passed on (C15).
    pub fn collect(&mut self, tokens: &[Token]) {
        for token in tokens {
            if let TokenKind::Variable { name, value } = &token.kind {
                self.0.insert(name.clone(), value.clone());
            }
        }
    }

    /// Adds the definitions of `others`, which override those of the same name.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.iter().map(|(name, value)| (name.clone(), value.clone())));
    }

    /// The value of a variable, by its lower-case name; `None` if undefined.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All definitions: name and value, in no particular order.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Replaces each defined `$name$` in the text, once; inserted values are not searched again.
    pub fn insert(&self, text: &str) -> Result<String> {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once('$') {
            result.push_str(before);
            let found = tail
                .split_once('$')
                .and_then(|(name, after)| Some((self.0.get(&name.to_ascii_lowercase())?, after)));
            match found {
                Some((inserted, after)) => {
                    result.push_str(inserted);
                    rest = after;
                }
                None => {
                    result.push('$');
                    rest = tail;
                }
            }
            if result.len() > limits::EXPANDED_BYTES {
                return Err(grown());
            }
        }
        result.push_str(rest);
        Ok(result)
    }
}

fn grown() -> Error {
    let limit = limits::EXPANDED_BYTES;
    Error::too_large(format!("the variables expand the request over {limit} bytes"))
}

/// Substitutes variables in the values of commands; undefined ones stay as written.
///
/// `literal` selects the names and values without substitution (C12). Nested requests are among
/// them, because they substitute the variables when they are read.
pub fn substitute(
    tokens: Vec<Token>,
    variables: &Variables,
    literal: fn(&str, &str) -> bool,
) -> Result<Vec<Token>> {
    let mut bytes = 0;
    let mut substituted = Vec::with_capacity(tokens.len());
    for mut token in tokens {
        match &mut token.kind {
            TokenKind::Variable { .. } => continue,
            TokenKind::Command { name, value } if value.contains('$') && !literal(name, value) => {
                *value = variables.insert(value).map_err(|error| error.at(token.column))?;
                bytes += value.len();
                if bytes > limits::EXPANDED_BYTES {
                    return Err(grown().at(token.column));
                }
            }
            TokenKind::Command { .. } | TokenKind::Macro(_) | TokenKind::Comment => {}
        }
        substituted.push(token);
    }
    Ok(substituted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::ErrorKind, protocol::tokens};

    fn value_of(query: &str, command: &str) -> Result<String> {
        let tokens = tokens(query, |name| name == "src").unwrap();
        let mut variables = Variables::of("Shop/shoe");
        variables.collect(&tokens);
        let literal = |name: &str, value: &str| name == "layer" || value.starts_with("is{");
        let tokens = substitute(tokens, &variables, literal)?;
        let values = tokens.into_iter().filter_map(|token| {
            let TokenKind::Command { name, value } = token.kind else { return None };
            (name == command).then_some(value)
        });
        Ok(values.reduce(|_, later| later).unwrap())
    }

    #[test]
    fn a_definition_after_its_use_counts() {
        assert_eq!(value_of("wid=$w$&$w=300", "wid").unwrap(), "300");
    }

    #[test]
    fn substitution_is_a_single_pass() {
        let query = "$var2=apple&$var1=my$var2$tree&text=$var1$";
        assert_eq!(value_of(query, "text").unwrap(), "my$var2$tree");
    }

    #[test]
    fn an_unknown_variable_stays_as_written() {
        assert_eq!(value_of("text=a$x$b $", "text").unwrap(), "a$x$b $");
    }

    #[test]
    fn the_object_is_predefined_and_may_be_defined_anew() {
        assert_eq!(value_of("text=$object$", "text").unwrap(), "Shop/shoe");
        assert_eq!(value_of("text=$object$&$OBJECT=x", "text").unwrap(), "x");
    }

    #[test]
    fn layers_and_nested_requests_are_left_alone() {
        assert_eq!(value_of("layer=$x$&$x=1", "layer").unwrap(), "$x$");
        assert_eq!(value_of("src=is{a?wid=$x$}&$x=1", "src").unwrap(), "is{a?wid=$x$}");
        assert_eq!(value_of("src=$x$&$x=is%7Ba%7D", "src").unwrap(), "is{a}");
    }

    #[test]
    fn variables_that_multiply_are_stopped() {
        let query = format!("$a={}&id={}", "x".repeat(4000), "$a$".repeat(1000));
        let error = value_of(&query, "id").unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLarge);
        let query = format!("$a={}{}", "x".repeat(4000), "&id=$a$".repeat(100));
        assert_eq!(value_of(&query, "id").unwrap_err().kind, ErrorKind::TooLarge);
    }
}
