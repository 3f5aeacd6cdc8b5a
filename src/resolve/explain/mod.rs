//! `req=explain`: a request is taken apart once more, this time with where each value comes from.
//!
//! All that is noted for it on the way of a picture is a number in each token. What can be read
//! is told, whatever is wrong with the rest.

mod attributes;
mod trace;
mod texts;

pub use attributes::{Holder, LivesBy};
pub use texts::{Called, Origin};
pub use trace::{Trace, TracedCommand, TracedToken};

use texts::Texts;
use trace::Tracer;

use super::{
    Lookups, RequestContext, assemble, assemble::EffectiveRequest, context, origin::Provenance,
    resolve_effective, tokens,
};
use crate::{
    catalog::{Attributes, Compiled, DEFAULT},
    commands::Reply,
    error::{Error, Result},
    http::HttpRequest,
    limits,
    protocol::{Token, expand},
    resolved::Resolved,
    store::FetchBuffer,
    time_slice::Work,
};

/// What becomes of a request, as far as it comes.
#[derive(Debug, Default)]
pub struct Explained {
    /// What is wrong with it.
    pub error: Option<Error>,
    /// What its rules made of it.
    pub rewritten: Option<Rewritten>,
    /// The catalogs and records it depends on: key, and version of what is stored.
    pub objects: Vec<(String, Option<String>)>,
    /// The object in its path.
    pub requested: String,
    /// Its commands.
    pub trace: Trace,
    /// What holds where no command says otherwise.
    pub attributes: Option<Attributes>,
    /// Where each attribute comes from, by the names of the reference.
    pub holders: Vec<(&'static str, Holder)>,
    /// Where the reply's lifetime comes from.
    pub lives_by: Option<LivesBy>,
    /// The request without `req=explain`.
    pub resolved: Option<Resolved>,
    /// `handler=` and `id=` of the explanation.
    pub jsonp: (Option<String>, String),
}

/// A request before and after the rules that matched it.
#[derive(Debug)]
pub struct Rewritten {
    /// What messages call the rules.
    pub rules: Vec<String>,
    /// `rootId/id?modifiers` as it was sent.
    pub before: String,
    /// The same as it was answered.
    pub after: String,
}

/// Explains a request: that of the same URL without `req=explain`.
pub fn explain<'a>(request: &'a HttpRequest, buffer: &'a FetchBuffer) -> Work<'a, Explained> {
    Box::pin(async move {
        let mut explained = Explained::default();
        let lookups = Lookups::new(&request.access, buffer);
        explained.error = explained.fill(request, &lookups).await.err();
        explained
    })
}

impl Explained {
    /// Goes as far as it can. A request that its catalog refuses is not even looked at: whoever
    /// may not send it learns nothing.
    async fn fill(&mut self, request: &HttpRequest, lookups: &Lookups<'_>) -> Result<()> {
        let context = self.begin(request, context::find(request, lookups).await?, lookups)?;
        let effective = match assemble::assemble(&context, lookups).await {
            Ok(effective) => effective,
            Err(error) => {
                self.trace = alone(&context, &self.requested);
                return Err(error);
            }
        };
        let (tokens, provenance) = self.assembled(&context, &effective, lookups);
        let resolved = resolve_effective(&context, effective, lookups).await;
        self.end(&context, &tokens, &provenance, resolved)
    }

    /// What is told of the request before its object is looked up. Returns the request without
    /// what is said of the explanation.
    #[inline(never)]
    fn begin(
        &mut self,
        request: &HttpRequest,
        mut context: RequestContext,
        lookups: &Lookups,
    ) -> Result<RequestContext> {
        self.jsonp = jsonp(&context.raw.tokens);
        context.raw.tokens.retain(|token| !is_ours(token));
        self.requested = context.raw.object.join("/");
        self.rewritten = rewritten(request, &context)?;
        let own = context.root.as_deref().filter(|root| *root != DEFAULT);
        let catalogs = std::iter::once(DEFAULT).chain(own);
        self.objects = catalogs.map(|root| stored(Compiled::key(root), lookups)).collect();
        Ok(context)
    }

    /// What is told of the request once it is put together. Returns its commands, and where they
    /// come from.
    #[inline(never)]
    fn assembled(
        &mut self,
        context: &RequestContext,
        effective: &EffectiveRequest,
        lookups: &Lookups,
    ) -> (Vec<Token>, Provenance) {
        let mut tokens = effective.raw.tokens.clone();
        tokens.extend(effective.followed.iter().cloned());
        let provenance = effective.provenance.clone();
        self.objects.extend(provenance.records.iter().map(|key| stored(key.clone(), lookups)));
        self.holders = attributes::holders(context, effective);
        self.attributes = Some(effective.attributes.clone());
        (tokens, provenance)
    }

    /// What its commands say.
    #[inline(never)]
    fn end(
        &mut self,
        context: &RequestContext,
        tokens: &[Token],
        provenance: &Provenance,
        resolved: Result<Resolved>,
    ) -> Result<()> {
        let texts = Texts::new(context, &provenance.texts);
        let mut tracer = Tracer::new(&context.catalog, &texts);
        // What is nested too deep, or too much, was found out by now.
        tracer.nested = resolved.is_ok();
        self.trace = tracer.trace(tokens, &self.requested);
        let resolved = resolved?;
        self.lives_by = Some(attributes::lives_by(&resolved, &self.trace, provenance));
        self.resolved = Some(resolved);
        Ok(())
    }

    /// Where an attribute comes from.
    pub fn holder(&self, name: &str) -> Option<&Holder> {
        self.holders.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, by)| by)
    }
}

/// The request's own commands, where it cannot be put together.
#[inline(never)]
fn alone(context: &RequestContext, object: &str) -> Trace {
    // A macro that there is not says nothing, and its error says so. What is too long is cut.
    let expanded = |token: &Token| expand(vec![token.clone()], &context.catalog.macros).ok();
    let mut tokens: Vec<Token> = Vec::new();
    let mut bytes = 0;
    for part in context.raw.tokens.iter().filter_map(expanded) {
        bytes += part.iter().map(|token| token.raw.len() + 1).sum::<usize>();
        if bytes > limits::EXPANDED_BYTES {
            break;
        }
        tokens.extend(part);
    }
    Tracer::new(&context.catalog, &Texts::of_request(context)).trace(&tokens, object)
}

/// `handler=` and `id=`; a handler that is no name is none.
fn jsonp(tokens: &[Token]) -> (Option<String>, String) {
    let last = |name| tokens::last(tokens, name).filter(|value| !value.is_empty());
    let name = last("handler").filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric()));
    (name.map(str::to_owned), last("id").unwrap_or_default().to_owned())
}

/// What is said of the explanation, not of what it explains.
fn is_ours(token: &Token) -> bool {
    tokens::command(token)
        .is_some_and(|(name, value)| name == "handler" || name == "req" && Reply::explains(value))
}

fn rewritten(request: &HttpRequest, context: &RequestContext) -> Result<Option<Rewritten>> {
    if context.applied.matched.is_empty() {
        return Ok(None);
    }
    let rules = context
        .ruled_by
        .rules
        .labels(&context.applied.matched)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let after = context.applied.request.clone();
    Ok(Some(Rewritten { rules, before: context::whole(request)?, after }))
}

fn stored(key: String, lookups: &Lookups) -> (String, Option<String>) {
    let version = lookups.version(&key);
    (key, version)
}
