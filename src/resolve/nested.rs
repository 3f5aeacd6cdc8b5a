//! Nested requests, and the variables that they inherit from the enclosing request.

use std::{cell::Cell, rc::Rc};

use crate::{
    catalog::Catalog,
    commands::takes_request,
    error::{Error, Result},
    limits,
    picture::Picture,
    protocol::{RawRequest, Token, TokenKind, Variables, read_nested, tokens},
};

/// The depth of a request, and the totals that it shares with all requests around and within it.
#[derive(Debug, Clone)]
pub struct Nesting {
    /// The catalog's `MaxNesting`.
    most: usize,
    /// 0 for the request of the URL.
    pub depth: usize,
    /// Whether an SVG embeds the request.
    pub is_embedded: bool,
    totals: Rc<Totals>,
}

/// The totals of the request of the URL and all nested requests.
#[derive(Debug, Default)]
struct Totals {
    /// The nested requests.
    requests: Cell<usize>,
    /// The bytes of all requests, with macros expanded and variables substituted.
    bytes: Cell<usize>,
    /// The images that are looked up.
    images: Cell<usize>,
    /// The layers of nested requests, for each layer that shows one.
    layers: Cell<usize>,
}

impl Nesting {
    /// Starts at the request of the URL. `most` is the greatest permitted depth.
    pub fn up_to(most: usize) -> Self {
        Self { most, depth: 0, is_embedded: false, totals: Rc::default() }
    }

    /// The nesting of a nested request. Fails if it is too deep, or if there are too many.
    /// `is_embedded` tells that an SVG embeds it.
    pub fn enter(&self, is_embedded: bool) -> Result<Self> {
        let within = Self { depth: self.depth + 1, is_embedded, ..self.clone() };
        if within.depth > self.most {
            return Err(too_deep(self.most));
        }
        if grown(&self.totals.requests, 1) > limits::NESTED_REQUESTS {
            return Err(too_many());
        }
        Ok(within)
    }

    /// Adds the size of a request. All requests together share the limit of one,
    /// [`limits::EXPANDED_BYTES`], so that a request that contains itself many times fails early.
    pub fn count(&self, tokens: &[Token]) -> Result<()> {
        let bytes = tokens.iter().map(|token| match &token.kind {
            TokenKind::Command { name, value } => name.len() + value.len() + 2,
            TokenKind::Macro(_) | TokenKind::Variable { .. } | TokenKind::Comment => {
                token.raw.len() + 1
            }
        });
        if grown(&self.totals.bytes, bytes.sum()) > limits::EXPANDED_BYTES {
            let limit = limits::EXPANDED_BYTES;
            let message = format!("the request and its nested requests exceed {limit} bytes");
            return Err(Error::too_large(message));
        }
        Ok(())
    }

    /// Adds images that are looked up. Fails for more than [`limits::LAYER_IMAGES`] of all requests
    /// together.
    pub fn count_images(&self, images: usize) -> Result<()> {
        if grown(&self.totals.images, images) > limits::LAYER_IMAGES {
            let limit = limits::LAYER_IMAGES;
            let message = format!("the layers and masks show more than {limit} different images");
            return Err(Error::too_large(message));
        }
        Ok(())
    }

    /// Adds the layers of the picture of a nested request, each time that it is shown. Fails for more
    /// than [`limits::NESTED_LAYERS`]: requests that show one another many times grow with the power
    /// of their depth.
    pub fn count_layers(&self, shown: &Picture) -> Result<()> {
        if grown(&self.totals.layers, shown.layers_in_all()) > limits::NESTED_LAYERS {
            let limit = limits::NESTED_LAYERS;
            let message = format!("nested requests show more than {limit} layers in all");
            return Err(Error::too_large(message));
        }
        Ok(())
    }
}

/// Adds to a total, and returns it.
fn grown(total: &Cell<usize>, more: usize) -> usize {
    total.set(total.get().saturating_add(more));
    total.get()
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
    let RawRequest { object, tokens } = parsed(text, variables)?;
    Ok(RawRequest { object, tokens: filled(tokens, variables, catalog)? })
}

/// Parses the text of a nested request, and substitutes variables in its path.
pub fn parsed(text: &str, variables: &Variables) -> Result<RawRequest> {
    let RawRequest { object, tokens } = read_nested(text, takes_request)?;
    let path = variables.insert(&object.join("/"))?;
    let object = path.split('/').filter(|element| !element.is_empty()).map(str::to_owned);
    Ok(RawRequest { object: object.collect(), tokens })
}

/// Replaces calls of macros that `catalog` does not define by the modifiers in the variables of
/// these names.
pub fn filled(all: Vec<Token>, variables: &Variables, catalog: &Catalog) -> Result<Vec<Token>> {
    let mut filled: Vec<Token> = Vec::with_capacity(all.len());
    for token in all {
        let modifiers = match &token.kind {
            TokenKind::Macro(name) if !catalog.macros.contains(name) => variables.get(name),
            TokenKind::Macro(_)
            | TokenKind::Command { .. }
            | TokenKind::Variable { .. }
            | TokenKind::Comment => None,
        };
        match modifiers {
            Some(modifiers) => {
                let column = token.column;
                let read = tokens(modifiers, takes_request)?;
                filled.extend(read.into_iter().map(|token| Token { column, ..token }));
            }
            None => filled.push(token),
        }
    }
    Ok(filled)
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
