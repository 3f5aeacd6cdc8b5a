//! Collects the commands of a request, part by part (decisions C1, J7, K4).

use super::{Ask, lookup::Found, said::is};
use crate::{
    catalog::{Attributes, Catalog},
    error::Result,
    protocol::{Token, TokenKind, expand},
};

/// Collects commands and what they depend on.
pub struct Builder {
    /// What holds where no command says otherwise.
    pub attributes: Attributes,
    /// Changes with any catalog or record that was used.
    pub revision: String,
    /// The commands so far.
    pub tokens: Vec<Token>,
    expirations: Vec<f64>,
}

impl Builder {
    /// Nothing but the attributes of a catalog.
    pub fn new(attributes: Attributes, revision: String) -> Self {
        Self { attributes, revision, tokens: Vec::new(), expirations: Vec::new() }
    }

    /// Adds a part. What no `layer=` stands before begins anew in each part.
    pub fn add(&mut self, part: Vec<Token>) {
        if self.tokens.iter().any(|token| is(token, "layer")) && !part.is_empty() {
            let kind = TokenKind::Command { name: "layer".into(), value: "comp".into() };
            self.tokens.push(Token { kind, raw: "layer=comp".into(), column: 0 });
        }
        self.tokens.extend(part);
    }

    /// Takes note of an object that the reply depends on.
    pub fn uses(&mut self, found: &Found) {
        self.revision.push_str(&found.revision);
        let record = found.record.as_ref();
        self.expirations.extend(record.and_then(|record| record.fields.own_expiration()));
    }

    /// Mode 0: of the request only four commands are kept (r-is-http-defaultimage).
    pub fn only(
        &mut self,
        found: &Found,
        request: &[Token],
        catalog: &Catalog,
        ask: &mut Ask,
    ) -> Result<Option<()>> {
        let (modifier, post) = (found.modifier(ask)?, found.post_modifier(ask)?);
        let (Some(modifier), Some(post)) = (modifier, post) else { return Ok(None) };
        let mut kept = expand(request.to_vec(), &catalog.macros)?;
        kept.retain(|token| {
            ["wid", "hei", "fmt", "qlt"].iter().any(|name| is(token, name))
                || matches!(token.kind, TokenKind::Variable { .. })
        });
        self.tokens.clear();
        self.add(modifier);
        self.add(kept);
        self.add(post);
        Ok(Some(()))
    }

    /// A picture that stands in lives as long as the catalog wants such ones to.
    pub fn stands_in(&mut self, found: &Found) {
        self.attributes.expiration = self.attributes.default_expiration;
        self.expirations.clear();
        self.uses(found);
    }

    /// The attributes with the shortest of all lifetimes, and the rest.
    pub fn finish(mut self) -> (Attributes, String, Vec<Token>) {
        if let Some(hours) = self.expirations.iter().copied().reduce(sooner) {
            self.attributes.expiration = hours;
        }
        (self.attributes, self.revision, self.tokens)
    }
}

/// The smaller lifetime, −1 being for ever (K4).
fn sooner(one: f64, other: f64) -> f64 {
    if one < 0.0 {
        other
    } else if other < 0.0 {
        one
    } else {
        one.min(other)
    }
}
