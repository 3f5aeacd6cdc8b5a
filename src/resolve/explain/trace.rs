//! Traces the commands of a request: which are effective, which are not, and where each was
//! written.

use std::rc::Rc;

use serde::Serialize;

use super::{
    super::{embedded::EmbeddedRequest, within::NestedRequest},
    Origin, Texts,
};
use crate::{
    catalog::Catalog,
    commands::{Entry, Place, Scope, literal},
    protocol::{Token, TokenKind, Variables, Wrapper, embedded, expand, substitute},
    resolve::{Binding, Merged, Why, merge, nested},
    text::{Renderer, rtf},
};

/// The trace of a request's commands.
#[derive(Debug, Default, Serialize)]
pub struct Trace {
    /// The effective commands, in canonical order.
    pub commands: Vec<TracedCommand>,
    /// The commands that a later one overrides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overridden: Vec<TracedCommand>,
    /// The tokens without effect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<TracedToken>,
    /// The definitions of variables. If a name is defined twice, the last definition wins.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<TracedCommand>,
    /// The requests that the images of SVGs name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub embedded: Vec<TracedImage>,
}

/// The request that an image of an SVG names.
#[derive(Debug, Serialize)]
pub struct TracedImage {
    /// The key of the SVG.
    pub svg: String,
    /// The value of `href`.
    pub href: String,
    /// The trace of the request.
    pub request: Trace,
}

/// A command, or the definition of a variable.
#[derive(Debug, Serialize)]
pub struct TracedCommand {
    /// As the protocol spells it.
    pub name: String,
    /// Its value, decoded, with variables substituted.
    pub value: String,
    /// Its text as written, if it differs from `name=value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// The layer it belongs to: its number, or `comp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The number of the effect it belongs to, within the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<i32>,
    /// Where it was written.
    pub from: Origin,
    /// The trace of the nested request in its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<Trace>>,
    /// What the RTF of its value says and is ignored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// A token without effect.
#[derive(Debug, Serialize)]
pub struct TracedToken {
    /// Its text.
    pub written: String,
    /// Why it has no effect.
    pub why: &'static str,
    /// Where it was written.
    pub from: Origin,
}

/// Reads commands as `resolve` does, but ignores faults, because `resolve` already reports them.
pub struct Tracer<'a> {
    catalog: &'a Catalog,
    texts: &'a Texts<'a>,
    /// Whether nested requests are traced, too.
    pub nested: bool,
    /// The nested requests that were looked up, each with the layer and the command that show it.
    pub requests: &'a [(u32, &'static str, Rc<NestedRequest>)],
}

impl<'a> Tracer<'a> {
    /// Creates a tracer for requests of this catalog.
    pub fn new(catalog: &'a Catalog, texts: &'a Texts<'a>) -> Self {
        Self { catalog, texts, nested: false, requests: &[] }
    }

    /// Traces the tokens of a request for this object. Macros must be expanded.
    pub fn trace(&self, tokens: &[Token], object: &str) -> Trace {
        self.trace_tokens(tokens, Variables::of(object), false)
    }

    fn trace_tokens(&self, tokens: &[Token], mut variables: Variables, nested: bool) -> Trace {
        let definition = |token: &Token| {
            // Forwarded variables are written nowhere in a nested request.
            let TokenKind::Variable { name, value } = &token.kind else { return None };
            if token.raw.is_empty() {
                return None;
            }
            Some(self.traced(token, format!("${name}"), value, None, nested))
        };
        let definitions = tokens.iter().filter_map(definition).collect();
        variables.collect(tokens);
        let filled = substitute(tokens.to_vec(), &variables, literal);
        let filled = filled.unwrap_or_else(|_| tokens.to_vec());
        let merged = merge(&filled, nested, &mut |_| Ok(())).unwrap_or_default();
        let command = |place: &Place, binding: &Binding, counts: bool| {
            let name = name(binding.entry);
            let mut traced = self.traced(binding.token, name, binding.value, Some(*place), nested);
            if counts && self.nested {
                traced.request = self.within(*place, binding, &variables).map(Box::new);
            }
            traced.ignored = ignored_rtf(binding);
            traced
        };
        let Merged { bindings, overridden, ignored, .. } = &merged;
        Trace {
            commands: bindings
                .iter()
                .map(|((place, _), binding)| command(place, binding, true))
                .collect(),
            overridden: overridden.iter().map(|(p, binding)| command(p, binding, false)).collect(),
            ignored: ignored
                .iter()
                .map(|ignored| TracedToken {
                    written: ignored.token.raw.clone(),
                    why: match ignored.why {
                        Why::Comment => "a comment",
                        Why::Unknown => "the protocol has no such command",
                        Why::OutOfPlace(why) => why,
                    },
                    from: self.texts.origin(ignored.token, nested),
                })
                .collect(),
            variables: definitions,
            embedded: Vec::new(),
        }
    }

    fn traced(
        &self,
        token: &Token,
        name: String,
        value: &str,
        place: Option<Place>,
        nested: bool,
    ) -> TracedCommand {
        let plain = format!("{name}={value}").eq_ignore_ascii_case(&token.raw);
        let scope = match place {
            Some(Place::In(scope)) => Some(scope),
            Some(Place::Request) | None => None,
        };
        let number =
            |Scope { layer, .. }: Scope| layer.map_or("comp".to_owned(), |n| n.to_string());
        TracedCommand {
            name,
            value: value.to_owned(),
            written: (!plain).then(|| token.raw.clone()),
            layer: scope.map(number),
            effect: scope.and_then(|scope| scope.effect),
            from: self.texts.origin(token, nested),
            request: None,
            ignored: Vec::new(),
        }
    }

    /// Traces the nested request in a value; `None` if the value has none.
    fn within(&self, place: Place, binding: &Binding, variables: &Variables) -> Option<Trace> {
        let name = binding.entry.row.name();
        let Place::In(Scope { layer, .. }) = place else { return None };
        if !matches!(name, "src" | "mask") {
            return None;
        }
        let same = |(of, by, _): &&(u32, &str, _)| *of == layer.unwrap_or(0) && *by == name;
        if let Some((.., request)) = self.requests.iter().find(same) {
            return Some(trace_of(request));
        }
        let Some((Wrapper::ImageServing, text)) = embedded(binding.value.trim()) else {
            return None;
        };
        let raw = nested::read(text, variables, self.catalog).ok()?;
        let tokens = expand(raw.tokens, &self.catalog.macros).ok()?;
        Some(self.trace_tokens(&tokens, variables.clone(), true))
    }
}

/// Traces a nested request that was looked up.
fn trace_of(request: &NestedRequest) -> Trace {
    let NestedRequest { context, tokens, provenance, embedded, .. } = request;
    let texts = Texts::new(context, &provenance.texts);
    let tracer = Tracer {
        nested: true,
        requests: &provenance.requests,
        ..Tracer::new(&context.catalog, &texts)
    };
    let variables = Variables::of(&context.raw.object.join("/"));
    Trace { embedded: trace_embedded(embedded), ..tracer.trace_tokens(tokens, variables, true) }
}

/// Traces the requests that SVGs embed.
pub fn trace_embedded(embedded: &[EmbeddedRequest]) -> Vec<TracedImage> {
    let traced = |EmbeddedRequest { svg, href, request }: &EmbeddedRequest| TracedImage {
        svg: svg.clone(),
        href: href.clone(),
        request: trace_of(request),
    };
    embedded.iter().map(traced).collect()
}

/// What the RTF of a text says and is ignored. `resolve` reports a text that cannot be read.
fn ignored_rtf(binding: &Binding) -> Vec<String> {
    let Some(renderer) = Renderer::of(binding.entry.row.name()) else { return Vec::new() };
    let reading = rtf::read(binding.value.trim(), renderer);
    reading.iter().flat_map(|reading| &reading.ignored).map(ToString::to_string).collect()
}

fn name(entry: Entry) -> String {
    entry.row.name().to_owned()
}
