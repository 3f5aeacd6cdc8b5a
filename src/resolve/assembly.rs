//! Collects the commands of a request from the texts that it is assembled from (decisions C1, J7,
//! K4).

use std::rc::Rc;

use super::{
    RequestContext,
    images::ImageName,
    layer_modifier::{of_layer, select},
    lookup::Found,
    origin::{Field, Lived, Provenance, Role, Text},
    source,
    tokens::is,
    within::NestedRequest,
};
use crate::{
    catalog::{Attributes, Catalog},
    commands::literal,
    error::{Error, Result},
    limits,
    picture::ObjectId,
    protocol::{Token, TokenKind, Variables, expand, substitute},
};

/// The commands collected so far, and the records and attributes they depend on.
pub struct Assembly {
    /// The attributes that apply if no command sets a value.
    pub attributes: Attributes,
    /// The commands so far, in the order of evaluation.
    pub tokens: Vec<Token>,
    /// Commands that the look-up consumed. They are not evaluated again.
    pub followed: Vec<Token>,
    /// The texts, records and lifetimes that the request is assembled from.
    pub provenance: Provenance,
    /// The newest time stamp of the images above layer 0, of masks and of nested requests.
    pub newest: Option<f64>,
    /// The lifetimes in hours of records, of layers and of nested requests, each with its object.
    expirations: Vec<(f64, ObjectId)>,
    /// The bytes of the commands that the records of layers above layer 0 add.
    prefixed: usize,
}

impl Assembly {
    /// Starts with no commands and with the attributes of the request's catalog. `unmatched` is the
    /// catalog that replaces it under FullMatch.
    pub fn new(context: &RequestContext, unmatched: Option<Rc<Catalog>>) -> Self {
        let attributes =
            unmatched.as_ref().map_or(&context.attributes, |catalog| &catalog.attributes);
        Self {
            attributes: attributes.clone(),
            tokens: Vec::new(),
            followed: Vec::new(),
            provenance: Provenance { unmatched, ..Provenance::default() },
            newest: None,
            expirations: Vec::new(),
            prefixed: 0,
        }
    }

    /// Marks the commands of a record's field with their origin, and returns them.
    pub fn noted(
        &mut self,
        mut part: Vec<Token>,
        field: Field,
        role: Role,
        found: &Found,
    ) -> Vec<Token> {
        if !part.is_empty() {
            let texts = &mut self.provenance.texts;
            let (object, catalog) = (found.object.clone(), found.catalog.clone());
            texts.push(Text { field, role, object, catalog });
            let text = u16::try_from(texts.len()).unwrap_or(u16::MAX);
            part.iter_mut().for_each(|token| token.origin.text = text);
        }
        part
    }

    /// Appends a part. Its commands before its first `layer=` are parsed as if no part before it
    /// had selected a layer.
    pub fn add(&mut self, part: Vec<Token>) {
        if self.tokens.iter().any(|token| is(token, "layer")) && !part.is_empty() {
            self.tokens.push(composite());
        }
        self.tokens.extend(part);
    }

    /// Inserts a part before the last one, whose tokens come from the text `last`. The
    /// `PostModifier` of the template or path therefore overrides that of the object that layer 0
    /// shows.
    pub fn add_before(&mut self, mut part: Vec<Token>, last: Option<u16>) {
        let tail = self.tokens.iter().rev().take_while(|token| Some(token.origin.text) == last);
        let end = self.tokens.split_off(self.tokens.len() - tail.count());
        if part.iter().any(|token| is(token, "layer")) {
            part.push(composite());
        }
        self.add(part);
        self.tokens.extend(end);
    }

    /// Appends the request's own commands between the `Modifier` and the `PostModifier` of its
    /// template or, without one, of the object in its path. Returns the number of the text that
    /// follows them.
    #[inline(never)]
    pub fn around(
        &mut self,
        template: Option<&Found>,
        path: Option<&Found>,
        request: Vec<Token>,
    ) -> Result<Option<u16>> {
        let role = if template.is_some() { Role::Template } else { Role::Path };
        let mut post = Vec::new();
        if let Some(found) = template.or(path) {
            let (modifier, after) = (found.modifier()?, found.post_modifier()?);
            if role == Role::Path {
                let cut = self.noted(found.cut(), Field::Crop, role, found);
                self.add(cut);
            }
            let modifier = self.noted(modifier, Field::Modifier, role, found);
            self.add(modifier);
            self.uses(found);
            post = self.noted(after, Field::PostModifier, role, found);
        }
        let (templates, rest) = request.into_iter().partition(|token| is(token, "template"));
        self.follows(templates);
        self.add(rest);
        let last = post.first().map(|token| token.origin.text);
        self.add(post);
        Ok(last)
    }

    /// Removes the tokens that are not to be kept, as commands that a look-up consumed.
    pub fn keep(&mut self, kept: &[bool]) {
        let mut followed = Vec::new();
        let mut kept = kept.iter();
        self.tokens.retain(|token| {
            let stays = kept.next().is_none_or(|kept| *kept);
            if !stays {
                followed.push(token.clone());
            }
            stays
        });
        self.follows(followed);
    }

    /// Adds the commands of the object that layer 0's `src=` names. `last` is the text that follows
    /// the request's own commands.
    #[inline(never)]
    pub fn shows(&mut self, found: &Found, last: Option<u16>) -> Result<()> {
        let modifier = source::modifier(found)?;
        let modifier = self.noted(modifier, Field::Modifier, Role::Source, found);
        self.tokens.splice(0..0, modifier);
        let cut = self.noted(found.cut(), Field::Crop, Role::Source, found);
        self.tokens.splice(0..0, cut);
        let post = source::post_modifier(found)?;
        let post = self.noted(post, Field::PostModifier, Role::Source, found);
        self.add_before(post, last);
        self.uses(found);
        Ok(())
    }

    /// Adds the commands of the object that `src=` of a layer above layer 0 names: the attributes of
    /// a layer in its `Modifier` (C1, C2). `variables` are those of the request.
    #[inline(never)]
    pub fn shows_in_layer(
        &mut self,
        found: &Found,
        name: &ImageName,
        variables: &Variables,
    ) -> Result<()> {
        let mut filled = Variables::default();
        let modifier = source::modifier(found)?;
        filled.collect(&modifier);
        filled.extend(variables);
        let modifier = substitute(modifier, &filled, literal)?;
        let cut = self.noted(found.cut(), Field::Crop, Role::Source, found);
        let modifier = self.noted(modifier, Field::Modifier, Role::Source, found);
        let part = cut.into_iter().chain(modifier).collect();
        let mut part = of_layer(part, name.layer, name.token.column);
        if part.len() > 1 {
            self.prefixed += part.iter().map(|token| token.raw.len() + 1).sum::<usize>();
            if self.prefixed > limits::EXPANDED_BYTES {
                let limit = limits::EXPANDED_BYTES;
                let message = format!("the records of layers grow the request over {limit} bytes");
                return Err(Error::too_large(message));
            }
            part.push(composite());
            self.tokens.splice(0..0, part);
        }
        Ok(())
    }

    /// Records commands that a look-up consumed. Without `layer=` they belong to the composite,
    /// wherever they occurred.
    pub fn follows(&mut self, commands: Vec<Token>) {
        if self.followed.is_empty() && !commands.is_empty() {
            self.followed.push(composite());
        }
        self.followed.extend(commands);
    }

    /// Records an object that the reply depends on, and its lifetime.
    pub fn uses(&mut self, found: &Found) {
        self.provenance.records.extend(found.record_key());
        let hours = found.own_expiration();
        self.expirations.extend(hours.map(|hours| (hours, found.object.clone())));
    }

    /// Records the image of a layer above layer 0, or of a mask. `attributes` are those of its
    /// catalog.
    pub fn uses_image(&mut self, found: &Found, attributes: &Attributes) {
        let key = found.record_key().filter(|key| !self.provenance.records.contains(key));
        self.provenance.records.extend(key);
        let own = found.own_expiration();
        self.expirations.push((own.unwrap_or(attributes.expiration), found.object.clone()));
        let stamp = found.record.as_ref().and_then(|record| record.fields.time_stamp);
        self.stamped(stamp);
    }

    /// Records a nested request.
    pub fn uses_request(&mut self, name: &ImageName, request: &Rc<NestedRequest>) {
        self.provenance.records.extend(request.provenance.records.iter().cloned());
        self.expirations.push((request.expiration, request.context.path.clone()));
        self.stamped(request.time_stamp);
        self.provenance.requests.push((name.layer, name.command, Rc::clone(request)));
    }

    fn stamped(&mut self, stamp: Option<f64>) {
        self.newest = [self.newest, stamp].into_iter().flatten().reduce(f64::max);
    }

    /// Mode 0 of the default image: only `wid=`, `hei=`, `fmt=`, `qlt=` and the variables of the
    /// request apply to it (r-is-http-defaultimage).
    pub fn only(&mut self, found: &Found, request: &[Token], catalog: &Catalog) -> Result<()> {
        let (modifier, post) = (found.modifier()?, found.post_modifier()?);
        let mut applied = expand(request.to_vec(), &catalog.macros)?;
        applied.retain(|token| {
            ["wid", "hei", "fmt", "qlt"].iter().any(|name| is(token, name))
                || matches!(token.kind, TokenKind::Variable { .. })
        });
        self.tokens.clear();
        self.followed.clear();
        self.expirations.clear();
        self.newest = None;
        self.provenance.requests.clear();
        let modifier = self.noted(modifier, Field::Modifier, Role::DefaultImage, found);
        let post = self.noted(post, Field::PostModifier, Role::DefaultImage, found);
        self.add(modifier);
        self.add(applied);
        self.add(post);
        Ok(())
    }

    /// Sets the lifetime of a default image: the catalog's `DefaultExpiration`, or the record's
    /// own.
    pub fn stands_in(&mut self, found: &Found) {
        self.attributes.expiration = self.attributes.default_expiration;
        self.provenance.lived = Lived::StandIn;
        self.uses(found);
    }

    /// Returns the assembly with the shortest lifetime of all records in its attributes. If the
    /// record of `layer` sets none, the catalog's lifetime counts as one of them
    /// (r-image-catalogs).
    pub fn finish(mut self, layer: Option<&Found>) -> Self {
        let catalog = self.attributes.expiration;
        let unset = layer.is_some_and(|layer| layer.own_expiration().is_none());
        let shortest = self
            .expirations
            .drain(..)
            .reduce(|one, other| if sooner(other.0, one.0) { other } else { one });
        if let Some((hours, object)) = shortest.filter(|own| !unset || sooner(own.0, catalog)) {
            self.attributes.expiration = hours;
            self.provenance.lived = Lived::Record(object);
        }
        self
    }
}

/// `layer=comp`
fn composite() -> Token {
    select("comp", 0)
}

/// Whether the lifetime `one` is shorter than `other`, in hours. A negative lifetime (−1) never
/// expires (K4).
pub fn sooner(one: f64, other: f64) -> bool {
    one >= 0.0 && (other < 0.0 || one < other)
}
