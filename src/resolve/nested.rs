//! Nested requests, and the variables that they inherit from the enclosing request.

use crate::{
    catalog::Catalog,
    commands::takes_request,
    error::{Error, Result},
    limits,
    protocol::{RawRequest, Token, TokenKind, Variables, read_nested, tokens},
};

/// The depth of the current request, and the number and size of all nested requests.
#[derive(Debug, Clone, Copy)]
pub struct Nesting {
    /// The catalog's `MaxNesting`.
    most: usize,
    /// 0 for the request of the URL.
    pub depth: usize,
    /// Nested requests so far.
    pub requests: usize,
    /// The total bytes of all of them, with macros expanded and variables substituted.
    pub bytes: usize,
}

impl Nesting {
    /// Starts at the request of the URL. `most` is the greatest permitted depth.
    pub fn up_to(most: usize) -> Self {
        Self { most, depth: 0, requests: 0, bytes: 0 }
    }

    /// Enters a nested request. Fails if it is too deep, or if there are too many.
    pub fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        self.requests += 1;
        if self.depth > self.most {
            return Err(too_deep(self.most));
        }
        if self.requests > limits::NESTED_REQUESTS {
            return Err(too_many());
        }
        Ok(())
    }

    /// Adds the size of a request. All requests together share the limit of one,
    /// [`limits::EXPANDED_BYTES`], so that a request that contains itself many times fails early.
    pub fn count(&mut self, tokens: &[Token]) -> Result<()> {
        let bytes = tokens.iter().map(|token| match &token.kind {
            TokenKind::Command { name, value } => name.len() + value.len() + 2,
            TokenKind::Macro(_) | TokenKind::Variable { .. } | TokenKind::Comment => {
                token.raw.len() + 1
            }
        });
        self.bytes += bytes.sum::<usize>();
        if self.bytes > limits::EXPANDED_BYTES {
            let limit = limits::EXPANDED_BYTES;
            let message = format!("the request and its nested requests exceed {limit} bytes");
            return Err(Error::too_large(message));
        }
        Ok(())
    }

    /// Leaves a nested request.
    pub fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// The error for a request that is nested deeper than `most`.
pub fn too_deep(most: usize) -> Error {
    Error::too_large(format!("requests are nested deeper than {most} levels; see MaxNesting"))
}

/// The error for too many nested requests.
pub fn too_many() -> Error {
    Error::too_large(format!("more than {} nested requests", limits::NESTED_REQUESTS))
}

/// Reads the text of a nested request. Variables of the enclosing request are substituted in its
/// path, and may expand to whole modifiers (r-is-http-substitution-variables).
pub fn read(text: &str, variables: &Variables, catalog: &Catalog) -> Result<RawRequest> {
    let raw = read_nested(text, takes_request)?;
    let path = variables.insert(&raw.object.join("/"))?;
    let object = path.split('/').filter(|element| !element.is_empty()).map(str::to_owned);
    let mut all: Vec<Token> = Vec::with_capacity(raw.tokens.len());
    for token in raw.tokens {
        match &token.kind {
            TokenKind::Macro(name) if !catalog.macros.contains(name) => {
                let column = token.column;
                match variables.get(name) {
                    Some(modifiers) => {
                        let read = tokens(modifiers, takes_request)?;
                        all.extend(read.into_iter().map(|token| Token { column, ..token }));
                    }
                    None => all.push(token),
                }
            }
            TokenKind::Macro(_)
            | TokenKind::Command { .. }
            | TokenKind::Variable { .. }
            | TokenKind::Comment => all.push(token),
        }
    }
    Ok(RawRequest { object: object.collect(), tokens: all })
}

/// Maps the column of an error in a nested request to the enclosing request, and adds the name of
/// the command to its message.
pub fn outside(mut error: Error, command: &str, text: &str, token: &Token) -> Error {
    let begin = token.raw.find(text).map(|begin| token.column + begin);
    error.column = match (begin, error.column) {
        (Some(begin), Some(column)) => Some(begin + column),
        (_, _) => Some(token.column),
    };
    error.message = format!("{command}=is(…): {}", error.message);
    error
}
