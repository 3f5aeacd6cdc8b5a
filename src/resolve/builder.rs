//! Collects the commands of a request, part by part (decisions C1, J7, K4).

use super::{
    Ask,
    lookup::Found,
    origin::{Field, Lived, Provenance, Role, Text},
    said::is,
};
use crate::{
    catalog::{Attributes, Catalog},
    error::Result,
    protocol::{Origin, Token, TokenKind, expand},
    scene::ObjectId,
};

/// Collects commands and what they depend on.
pub struct Builder {
    /// What holds where no command says otherwise.
    pub attributes: Attributes,
    /// The commands so far.
    pub tokens: Vec<Token>,
    /// Commands that name what was looked up, and are done with.
    pub followed: Vec<Token>,
    /// Where all of it comes from.
    pub provenance: Provenance,
    /// What records say themselves of their lifetime.
    expirations: Vec<(f64, ObjectId)>,
}

impl Builder {
    /// Nothing but the attributes of a catalog.
    pub fn new(attributes: Attributes) -> Self {
        Self {
            attributes,
            tokens: Vec::new(),
            followed: Vec::new(),
            provenance: Provenance::default(),
            expirations: Vec::new(),
        }
    }

    /// Commands that a record holds, with a note of where.
    pub fn noted(
        &mut self,
        mut part: Vec<Token>,
        field: Field,
        role: Role,
        found: &Found,
    ) -> Vec<Token> {
        if !part.is_empty() {
            let texts = &mut self.provenance.texts;
            texts.push(Text { field, role, object: found.object.clone() });
            let text = u8::try_from(texts.len()).unwrap_or(u8::MAX);
            part.iter_mut().for_each(|token| token.origin.text = text);
        }
        part
    }

    /// Adds a part. What no `layer=` stands before begins anew in each part.
    pub fn add(&mut self, part: Vec<Token>) {
        if self.tokens.iter().any(|token| is(token, "layer")) && !part.is_empty() {
            self.tokens.push(composite());
        }
        self.tokens.extend(part);
    }

    /// Adds a part before the last one, whose tokens stand in the text `last`: what the request
    /// names has the last word over what layer 0 shows.
    pub fn add_before(&mut self, mut part: Vec<Token>, last: Option<u8>) {
        let behind = self.tokens.iter().rev().take_while(|token| Some(token.origin.text) == last);
        let end = self.tokens.split_off(self.tokens.len() - behind.count());
        if part.iter().any(|token| is(token, "layer")) {
            part.push(composite());
        }
        self.add(part);
        self.tokens.extend(end);
    }

    /// Takes note of commands that were carried out by a look-up; without `layer=` they are of
    /// the composite, wherever they stood.
    pub fn follows(&mut self, commands: Vec<Token>) {
        if self.followed.is_empty() && !commands.is_empty() {
            self.followed.push(composite());
        }
        self.followed.extend(commands);
    }

    /// Takes note of an object that the reply depends on.
    pub fn uses(&mut self, found: &Found) {
        self.provenance.records.extend(found.record_key());
        let hours = found.own_expiration();
        self.expirations.extend(hours.map(|hours| (hours, found.object.clone())));
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
        self.followed.clear();
        let modifier = self.noted(modifier, Field::Modifier, Role::DefaultImage, found);
        let post = self.noted(post, Field::PostModifier, Role::DefaultImage, found);
        self.add(modifier);
        self.add(kept);
        self.add(post);
        Ok(Some(()))
    }

    /// A picture that stands in lives as long as the catalog wants such ones to.
    pub fn stands_in(&mut self, found: &Found) {
        self.attributes.expiration = self.attributes.default_expiration;
        self.expirations.clear();
        self.provenance.lived = Lived::StandIn;
        self.uses(found);
    }

    /// The same with the shortest of all lifetimes in its attributes. A layer of which no record says
    /// one has the catalog's (r-image-catalogs).
    pub fn finish(mut self, layer: Option<&Found>) -> Self {
        let catalog = self.attributes.expiration;
        let unsaid = layer.is_some_and(|layer| layer.own_expiration().is_none());
        let shortest = self
            .expirations
            .drain(..)
            .reduce(|one, other| if sooner(other.0, one.0) { other } else { one });
        if let Some((hours, object)) = shortest.filter(|said| !unsaid || sooner(said.0, catalog)) {
            self.attributes.expiration = hours;
            self.provenance.lived = Lived::Record(object);
        }
        self
    }
}

/// `layer=comp`
fn composite() -> Token {
    let kind = TokenKind::Command { name: "layer".into(), value: "comp".into() };
    Token { kind, raw: "layer=comp".into(), column: 0, origin: Origin::default() }
}

/// Whether a lifetime is the smaller one, −1 being for ever (K4).
fn sooner(one: f64, other: f64) -> bool {
    one >= 0.0 && (other < 0.0 || one < other)
}
