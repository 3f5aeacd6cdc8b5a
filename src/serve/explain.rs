//! `req=explain`: the way of a picture as far as its plan; no tile is read.

use super::{Failed, Found, conclude, timing::Timing, told};
use crate::{
    commands::{Reads, Reply},
    error::Result,
    http::{HttpReply, HttpRequest},
    plan::{self, Opened},
    reply::{self, Findings, Planned},
    resolve::{self, Explained},
    sources::{Lookup, Permitted, Source},
    store::Store,
};

/// Whether it is not the reply that is asked for, but what becomes of the request.
pub async fn is_asked(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
    found: &Result<Found, Failed>,
) -> bool {
    let asked = match found {
        Ok(found) => found.as_ref().map(|(scene, _)| scene.reply),
        Err(_) => {
            let form = resolve::error_form(request, &lookup.buffer);
            let form = lookup.run(request, store, form).await.flatten();
            form.ok().and_then(|form| form.reply)
        }
    };
    asked == Some(Reply::Explain)
}

/// Explains a request, whether it can be answered or not.
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
    let outcome = found.and_then(|source| planned(&explained, source, &mut findings));
    timing.stage("plan");
    findings.stages = timing.stages().to_vec();
    let policy = resolve::error_policy(request, &lookup.buffer);
    let error = outcome.err().map(|error| told(request, error));
    let mut reply = reply::explanation(&explained, &findings, error.as_ref(), policy);
    reply::sandbox(&mut reply);
    conclude(request, reply)
}

/// Takes the request apart, and finds its pyramid where its picture needs one.
async fn find(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
    explained: &mut Explained,
    findings: &mut Findings,
) -> Result<Option<Source>> {
    loop {
        let stage = resolve::explain(request, &lookup.buffer);
        *explained = lookup.run(request, store, stage).await?;
        if let Some(error) = explained.error.clone() {
            return Err(error);
        }
        let Some(scene) = explained.scene.as_ref().filter(|scene| scene.needs_source()) else {
            return Ok(None);
        };
        let Ok(key) = scene.asset.clone() else { return Ok(None) };
        let record = scene.record.as_ref().map(|(record, _)| record);
        let permitted = Permitted::new(store, &scene.remote);
        match lookup.source(&key, record, &permitted, request.received_at).await? {
            None => lookup.buffer.fetched_mut().insert_missing(&key),
            found => {
                findings.version = found.as_ref().map(|source| source.version.clone());
                return Ok(found);
            }
        }
    }
}

/// Plans the picture, where there is one to be drawn.
fn planned(explained: &Explained, source: Option<Source>, findings: &mut Findings) -> Result<()> {
    let Some(scene) =
        explained.scene.as_ref().filter(|scene| scene.reply.kind().reads >= Reads::Plan)
    else {
        return Ok(());
    };
    scene.drawable()?;
    let mut source = source.ok_or_else(|| scene.missing())?;
    let index = source.index()?;
    let object = source.fetched.object(&source.key);
    let held = |range| object.is_some_and(|object| object.get(range).is_some());
    let plan = plan::plan(scene, &Opened { key: &source.key, index: &index, object })?;
    findings.planned = Some(Planned::new(&plan, &index, held)?);
    Ok(())
}
