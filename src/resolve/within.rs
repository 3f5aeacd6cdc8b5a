//! Resolves a nested request as a request of its own: with its own catalog, record, template,
//! layers and default image (r-request-nesting-and-embedding).

use std::rc::Rc;

use super::{
    Lookups, RequestContext, Settled,
    access::{Named, refuses},
    assemble::{self, EffectiveRequest},
    assembly::sooner,
    context::Enclosing,
    embedded::{self, EmbeddedRequest},
    lookups::Loaded,
    nested, object,
    origin::Provenance,
    settled, tokens,
};
use crate::{
    catalog::Applied,
    error::Result,
    picture::ObjectId,
    protocol::{RawRequest, Token, Variables},
    resolved::{Delivery, Resolved},
    time_slice::Work,
};

/// A nested request whose look-ups are done.
#[derive(Debug)]
pub struct NestedRequest {
    /// The resolved request.
    pub resolved: Rc<Resolved>,
    /// Its lifetime in hours.
    pub expiration: f64,
    /// The newest time stamp of its records or of its catalog.
    pub time_stamp: Option<f64>,
    /// Its catalog, and its path.
    pub context: RequestContext,
    /// Its commands, with macros expanded.
    pub tokens: Vec<Token>,
    /// The texts and records that it was assembled from.
    pub provenance: Provenance,
    /// The requests that its SVGs embed.
    pub embedded: Vec<EmbeddedRequest>,
}

/// What a nested request gets from the request around it.
pub struct Surroundings<'a> {
    /// The context of that request.
    pub context: &'a RequestContext,
    /// Its variables, which are forwarded (C15).
    pub variables: Rc<Variables>,
    /// Its locale and its kind of reply.
    pub enclosing: Enclosing,
    /// Whether an SVG of that request embeds the nested request.
    pub embeds: bool,
}

/// Resolves the nested request in `text`. `by` tells where the text comes from.
///
/// Its catalog applies neither rules nor a lock to it, but checks its objects as those of any
/// request.
pub fn within<'a>(
    around: Surroundings<'a>,
    text: String,
    by: Named,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<NestedRequest>> {
    Box::pin(async move {
        let (context, effective) = enter(around, text, by, lookups).await?;
        settle(context, effective, lookups).await
    })
}

/// Assembles the nested request in `text`, with its look-ups.
pub fn enter<'a>(
    around: Surroundings<'a>,
    text: String,
    by: Named,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<(RequestContext, EffectiveRequest)>> {
    Box::pin(async move {
        let nesting = around.context.nesting.enter(around.embeds)?;
        let RawRequest { object, tokens } = nested::parsed(&text, &around.variables)?;
        let path = object::object(&object)?;
        let mut context = RequestContext {
            nesting,
            named: by,
            enclosing: Some(around.enclosing),
            applied: Applied::default(),
            without_pixels: false,
            ..around.context.clone()
        };
        if !path.root.is_empty() && context.root.as_deref() != Some(&path.root) {
            enter_catalog(&mut context, &path, lookups).await?;
        }
        context.path = path;
        context.raw =
            RawRequest { object, tokens: forwarded(tokens, &around.variables, &context)? };
        let effective = assemble::assemble(&context, lookups).await?;
        Ok((context, effective))
    })
}

/// Sets the catalog of the path's rootId. A catalog that refuses the request is as if it were not
/// stored, and the default catalog takes its place.
async fn enter_catalog(
    context: &mut RequestContext,
    path: &ObjectId,
    lookups: &Lookups<'_>,
) -> Result<()> {
    let Loaded { mut catalog, mut stored } = lookups.catalog(Some(&path.root)).await?;
    let by = &context.requester;
    if stored
        && path.root != by.root
        && refuses(&catalog, &path.root, path, context.named, by, lookups)
    {
        (catalog, stored) = (lookups.catalog(None).await?.catalog, false);
    }
    context.attributes = catalog.attributes.clone();
    context.ruled_by = Rc::clone(&catalog);
    context.catalog = catalog;
    context.root = stored.then(|| path.root.clone());
    Ok(())
}

/// The commands of a nested request after the variables that are forwarded to it. Its `Modifier`
/// comes before both, so a forwarded variable wins over one of its record, and its own over both
/// (C15). To a request that an SVG embeds, they are appended (r-svg-support).
fn forwarded(
    own: Vec<Token>,
    variables: &Variables,
    context: &RequestContext,
) -> Result<Vec<Token>> {
    let forwarded = variables.definitions();
    let mut all: Vec<Token> =
        forwarded.map(|(name, value)| tokens::variable(name, value)).collect();
    let own = nested::filled(own, variables, &context.catalog)?;
    let first = if context.nesting.is_embedded { 0 } else { all.len() };
    all.splice(first..first, own);
    Ok(all)
}

/// Resolves an assembled nested request, with those that its SVGs embed.
pub fn settle<'a>(
    context: RequestContext,
    effective: EffectiveRequest,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<NestedRequest>> {
    Box::pin(async move {
        let mut provenance = effective.provenance.clone();
        let mut tokens = effective.raw.tokens.clone();
        tokens.extend(effective.followed.iter().cloned());
        let Settled { mut resolved, attributes, locale } = settled(&context, effective)?;
        let embedded = embedded::add(&mut resolved, &context, &locale, lookups).await?;
        let (mut expiration, mut time_stamp) = (attributes.expiration, attributes.time_stamp);
        for EmbeddedRequest { request, .. } in &embedded {
            provenance.records.extend(request.provenance.records.iter().cloned());
            time_stamp = time_stamp.into_iter().chain(request.time_stamp).reduce(f64::max);
            if sooner(request.expiration, expiration) {
                expiration = request.expiration;
            }
        }
        let resolved = Rc::new(resolved);
        Ok(NestedRequest {
            resolved,
            expiration,
            time_stamp,
            context,
            tokens,
            provenance,
            embedded,
        })
    })
}

impl NestedRequest {
    /// Shortens the lifetime of a reply to that of the request (K4).
    pub fn shorten(&self, delivery: &mut Delivery) {
        if delivery.expiration != Some(0)
            && let Some(seconds) = super::seconds(self.expiration)
        {
            delivery.expiration = Some(delivery.expiration.map_or(seconds, |own| own.min(seconds)));
        }
        if let (Some(modified), Some(stamp)) = (&mut delivery.last_modified, self.time_stamp) {
            *modified = modified.max(stamp);
        }
    }
}
