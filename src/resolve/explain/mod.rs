//! `req=explain`: resolves a request a second time and traces where each value comes from.
//!
//! For other requests, tracing costs one number per token. The explanation includes everything that
//! can be read, even if another part of the request is wrong.

mod attributes;
mod trace;
mod texts;

pub use attributes::{Holder, LivesBy};
pub use texts::{Called, Origin};
pub use trace::{Trace, TracedCommand, TracedImage, TracedToken};

use texts::Texts;
use trace::Tracer;

use super::{
    Lookups, RequestContext, assemble, assemble::EffectiveRequest, assembly::sooner, context,
    embedded::EmbeddedRequest, origin::Provenance, resolve_effective, smart, tokens,
};
use crate::{
    catalog::{Attributes, Compiled, DEFAULT},
    commands::{Reply, ReplyFormat},
    error::{Error, Result},
    http::HttpRequest,
    limits,
    picture::ObjectId,
    protocol::{Token, expand},
    resolved::Resolved,
    store::FetchBuffer,
    time_slice::Work,
};

/// The result of each stage, up to the one that failed.
#[derive(Debug, Default)]
pub struct Explained {
    /// The error that ended the request.
    pub error: Option<Error>,
    /// The request before and after its catalog's rules; `None` if no rule matched.
    pub rewritten: Option<Rewritten>,
    /// The catalogs and records it depends on: the key, and the version if the object is stored.
    pub objects: Vec<(String, Option<String>)>,
    /// The object in its path.
    pub requested: String,
    /// The trace of its commands.
    pub trace: Trace,
    /// The attributes that apply if no command sets a value.
    pub attributes: Option<Attributes>,
    /// The source of each attribute, by the attribute's name in the reference.
    pub holders: Vec<(&'static str, Holder)>,
    /// The source of the reply's lifetime.
    pub lives_by: Option<LivesBy>,
    /// The resolved request, without `req=explain`.
    pub resolved: Option<Resolved>,
    /// Whether the explanation is plain text, and not JSON.
    pub is_text: bool,
    /// `handler=` of the explanation. Without it, the explanation is text or plain JSON.
    pub handler: Option<String>,
    /// `id=` of the explanation.
    pub id: String,
}

/// A request before and after the rules that matched it.
#[derive(Debug)]
pub struct Rewritten {
    /// The labels that messages use for the matching rules.
    pub rules: Vec<String>,
    /// `rootId/id?modifiers` as it was sent.
    pub before: String,
    /// The same after the rules, as the server answers it.
    pub after: String,
}

/// Explains a request: the URL is resolved as if it had no `req=explain`.
pub fn explain<'a>(request: &'a HttpRequest, buffer: &'a FetchBuffer) -> Work<'a, Explained> {
    Box::pin(async move {
        let mut explained = Explained::default();
        let lookups = Lookups::new(&request.access, buffer);
        explained.error = explained.fill(request, &lookups).await.err();
        explained
    })
}

impl Explained {
    /// Runs the stages until one fails. If the catalog refuses the request, all fields stay empty,
    /// so a client that may not send a request gets no information about it.
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
        let resolved = resolved.map(|(mut resolved, embedded)| {
            smart::adapt(&mut resolved, &request.hints);
            self.embeds(&embedded, lookups);
            (resolved, embedded)
        });
        self.end(&context, &tokens, &provenance, resolved)
    }

    /// Sets the fields that are known before the object is looked up. Returns the context without
    /// the commands that control the explanation itself.
    #[inline(never)]
    fn begin(
        &mut self,
        request: &HttpRequest,
        mut context: RequestContext,
        lookups: &Lookups,
    ) -> Result<RequestContext> {
        self.is_text = is_text(&context.raw.tokens);
        self.handler = handler(&context.raw.tokens);
        self.id = last(&context.raw.tokens, "id").unwrap_or_default().to_owned();
        context.raw.tokens.retain(|token| !is_ours(token));
        self.requested = context.raw.object.join("/");
        self.rewritten = rewritten(request, &context)?;
        let own = context.root.as_deref().filter(|root| *root != DEFAULT);
        let catalogs = std::iter::once(DEFAULT).chain(own);
        self.objects = catalogs.map(|root| stored(Compiled::key(root), lookups)).collect();
        Ok(context)
    }

    /// Sets the fields that are known after the request is assembled. Returns its commands and
    /// their provenance.
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

    /// Adds what the requests that SVGs embed depend on, and the lifetime that they shorten.
    #[inline(never)]
    fn embeds(&mut self, embedded: &[EmbeddedRequest], lookups: &Lookups) {
        let mut hours = self.attributes.as_ref().map_or(0.0, |attributes| attributes.expiration);
        for EmbeddedRequest { request, .. } in embedded {
            for key in &request.provenance.records {
                if !self.objects.iter().any(|(known, _)| known == key) {
                    self.objects.push(stored(key.clone(), lookups));
                }
            }
            if sooner(request.expiration, hours) {
                hours = request.expiration;
                let ObjectId { root, id } = &request.context.path;
                let of_lifetime = self.holders.iter_mut().find(|(name, _)| *name == "Expiration");
                if let Some((_, holder)) = of_lifetime {
                    *holder = Holder::Record(format!("{root}/{id}"));
                }
            }
        }
    }

    /// Traces the commands, and sets the resolved request.
    #[inline(never)]
    fn end(
        &mut self,
        context: &RequestContext,
        tokens: &[Token],
        provenance: &Provenance,
        resolved: Result<(Resolved, Vec<EmbeddedRequest>)>,
    ) -> Result<()> {
        let texts = Texts::new(context, &provenance.texts);
        let mut tracer = Tracer::new(&context.catalog, &texts);
        // Resolving has rejected requests that are nested too deep or too often. Only then is it
        // safe to trace nested requests.
        tracer.nested = resolved.is_ok();
        tracer.requests = &provenance.requests;
        self.trace = tracer.trace(tokens, &self.requested);
        let (resolved, embedded) = resolved?;
        self.trace.embedded = trace::trace_embedded(&embedded);
        self.lives_by = Some(attributes::lives_by(&resolved, &self.trace, provenance));
        self.resolved = Some(resolved);
        Ok(())
    }

    /// The source of an attribute. `name` is not case-sensitive; `None` if there is no such
    /// attribute.
    pub fn holder(&self, name: &str) -> Option<&Holder> {
        self.holders.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, by)| by)
    }
}

/// Traces the request's own commands, for a request that cannot be assembled.
#[inline(never)]
fn alone(context: &RequestContext, object: &str) -> Trace {
    // An undefined macro is skipped, since the error reports it. Tokens beyond the limit are
    // dropped.
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

/// The last `handler=`, unless it is not alphanumeric.
fn handler(tokens: &[Token]) -> Option<String> {
    let name = last(tokens, "handler");
    name.filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric())).map(str::to_owned)
}

/// Whether the last `req=explain` asks for text.
fn is_text(tokens: &[Token]) -> bool {
    let mut values = tokens.iter().filter(|token| is_ours(token)).filter_map(tokens::command);
    let last = values.rfind(|(name, _)| *name == "req");
    last.is_some_and(|(_, value)| Reply::format(value) == ReplyFormat::Text)
}

/// The last value of a command, unless it is empty.
fn last<'t>(tokens: &'t [Token], name: &str) -> Option<&'t str> {
    tokens::last(tokens, name).filter(|value| !value.is_empty())
}

/// Whether a command controls the explanation, not the request that it explains.
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
