//! Requests within requests, and what they are given by the request around them.

use crate::{
    catalog::Catalog,
    commands::takes_request,
    error::{Error, Result},
    limits,
    protocol::{RawRequest, Token, TokenKind, Variables, read_nested, tokens},
};

/// How deep a request stands, and how many there are in all.
#[derive(Debug, Clone, Copy)]
pub struct Nesting {
    /// The catalog's `MaxNesting`.
    most: usize,
    /// 0 for the request of the URL.
    pub depth: usize,
    /// Nested requests so far.
    pub requests: usize,
    /// Bytes of all of them, macros expanded and variables put in.
    pub bytes: usize,
}

impl Nesting {
    /// The request of the URL, and how deep those within it may stand.
    pub fn up_to(most: usize) -> Self {
        Self { most, depth: 0, requests: 0, bytes: 0 }
    }

    /// One request deeper.
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

    /// Counts what a request has grown to. All together keep to the limit of one, so that what
    /// holds itself many times over ends soon.
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
            let message = format!("the request and those within it grow over {limit} bytes");
            return Err(Error::too_large(message));
        }
        Ok(())
    }

    /// Back out of it.
    pub fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// The error of a request that stands deeper than `most`.
pub fn too_deep(most: usize) -> Error {
    Error::too_large(format!("requests are nested deeper than {most}: see MaxNesting"))
}

/// The error of more nested requests than there may be.
pub fn too_many() -> Error {
    Error::too_large(format!("more than {} nested requests", limits::NESTED_REQUESTS))
}

/// Reads the text of a nested request. Variables of the request around it reach its path, and
/// may stand for whole modifiers (r-is-http-substitution-variables).
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

/// Puts a fault within a nested request where its command stands in the request around it, and
/// says which command that is.
pub fn outside(mut error: Error, command: &str, text: &str, token: &Token) -> Error {
    let begin = token.raw.find(text).map(|begin| token.column + begin);
    error.column = match (begin, error.column) {
        (Some(begin), Some(column)) => Some(begin + column),
        (_, _) => Some(token.column),
    };
    error.message = format!("{command}=is(…): {}", error.message);
    error
}
