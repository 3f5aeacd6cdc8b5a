//! `req=explain`: how the server handles a request, as JSON or text (docs/explain.md). The pipeline stops
//! after the plan; no tile is read.

mod document;
mod facts;
mod lines;
mod planned;

use self::{document::Document, planned::Planned};
use super::{error::disclosed, state::plan};
use crate::{
    commands::Reads,
    error::{Error, ErrorPolicy, Result},
    http::{HttpReply, HttpRequest},
    reply::{
        ReplyBuilder, Timing, tag_of,
        text::{JAVASCRIPT, TEXT, call},
    },
    resolve::{self, Explained},
    sources::{Lookup, Permitted, Sources, read_fonts, read_shapes},
    store::{LayerCache, Store, Version},
    time_slice::at_once,
};

/// What is known of a request's image at the point where the pipeline stopped.
#[derive(Debug, Default)]
struct Findings {
    /// The version of the object's pyramid, then those of the other images that are shown.
    versions: Vec<Option<Version>>,
    /// The plan of the image.
    planned: Option<Planned>,
    /// Names and milliseconds of the stages.
    stages: Vec<(&'static str, f64)>,
}

/// Explains a request, whether it succeeds or fails.
pub async fn explain(
    request: &HttpRequest,
    store: &impl Store,
    lookup: Lookup,
    mut timing: Timing<'_>,
) -> HttpReply {
    let mut findings = Findings::default();
    let mut explained = Explained::default();
    let found = find(request, store, &lookup, &mut explained, &mut findings).await;
    timing.stage("open");
    let cache = store.layer_cache();
    let outcome = match found {
        Ok(sources) => read_paths(&mut explained, sources, store)
            .await
            .and_then(|sources| planned(&explained, sources, cache.as_deref(), &mut findings)),
        Err(error) => Err(error),
    };
    timing.stage("plan");
    findings.stages = timing.stages().to_vec();
    let policy = resolve::error_policy(request, &lookup.buffer);
    let error = outcome.err().map(|error| disclosed(request, error));
    explanation(&explained, &findings, error.as_ref(), policy)
}

/// Resolves the request with tracing, and opens its images if the reply needs them.
async fn find(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
    explained: &mut Explained,
    findings: &mut Findings,
) -> Result<Sources> {
    let mut sources = Sources::default();
    loop {
        let stage = resolve::explain(request, &lookup.buffer);
        *explained = lookup.run(request, store, stage).await?;
        if let Some(error) = explained.error.clone() {
            return Err(error);
        }
        let Some(resolved) = explained.resolved.as_mut().filter(|resolved| resolved.needs_source())
        else {
            return Ok(sources);
        };
        if lookup.open(resolved, &mut sources, store, request.received_at).await? {
            findings.versions = sources.versions().iter().map(|version| version.cloned()).collect();
            return Ok(sources);
        }
    }
}

/// Reads the embedded paths and the fonts that the picture uses, if the reply needs a plan.
async fn read_paths(
    explained: &mut Explained,
    mut sources: Sources,
    store: &impl Store,
) -> Result<Sources> {
    if let Some(resolved) = &mut explained.resolved
        && resolved.answer.reply.kind().reads >= Reads::Plan
    {
        let images = sources.main.iter_mut().chain(&mut sources.layers);
        let permitted = Permitted::new(store, &resolved.remote);
        read_fonts(&mut resolved.picture, store).await?;
        read_shapes(resolved, images, &permitted).await?;
    }
    Ok(sources)
}

/// Plans the reply, if its kind needs a plan.
fn planned(
    explained: &Explained,
    mut sources: Sources,
    cache: Option<&LayerCache>,
    findings: &mut Findings,
) -> Result<()> {
    let Some(resolved) = explained
        .resolved
        .as_ref()
        .filter(|resolved| resolved.answer.reply.kind().reads >= Reads::Plan)
    else {
        return Ok(());
    };
    resolved.drawable()?;
    let (main, layers) = (&mut sources.main, &mut sources.layers);
    let plan = at_once(async |slice| plan(resolved, main, layers, cache, slice).await)?;
    findings.planned = Some(Planned::new(&plan, &mut sources)?);
    Ok(())
}

/// The reply with the explanation. Its status is that of the explained request, but 200 in JSONP.
/// `policy` is the catalog's error policy. No cache stores the reply.
fn explanation(
    explained: &Explained,
    findings: &Findings,
    error: Option<&Error>,
    policy: ErrorPolicy,
) -> HttpReply {
    let document = Document::new(explained, findings, error, policy);
    let json = lines::write(&document);
    let is_text = explained.is_text;
    let handler = explained.handler.as_ref().filter(|_| !is_text);
    let (media_type, body) = match handler {
        None if is_text => (TEXT, facts::print(&json)),
        None => ("application/json", json + "\n"),
        Some(handler) => (JAVASCRIPT, call(handler, &harmless(&json), &explained.id)),
    };
    // A browser runs a script only with a success status.
    let status = error.filter(|_| handler.is_none()).map_or(200, |error| policy.status(error.kind));
    ReplyBuilder::uncached(tag_of(&body, None)).status(status).body(media_type, body.into_bytes())
}

/// Escapes characters that could end a script element or a JavaScript line. In JSON they occur only
/// inside strings.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => text.push(c),
        }
    }
    text
}
