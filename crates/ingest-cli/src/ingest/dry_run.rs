//! `azulejo ingest --dry-run`: opens and decodes every original, so that it finds what a run would
//! refuse. Stores nothing and needs no store.

use std::{fs::File, path::Path, time::Instant};

use anyhow::Result;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    batch,
    budget::Budget,
    finder::Item,
    jobs,
    original::Original,
    outcome::{Event, Ingested, Outcome},
    pyramid_builder::PyramidBuilder,
    report::Report,
    settings::Settings,
};
use crate::{
    args::IngestArgs,
    signals::{Signal, Signals},
    store::Staging,
};

/// Checks all originals and reports the results. Returns the signal that interrupted it.
pub async fn run(
    args: &IngestArgs,
    items: impl Iterator<Item = Item>,
    signals: &Signals,
    report: &mut Report,
) -> Option<Signal> {
    let build = &args.build;
    let builder = PyramidBuilder {
        budget: Budget::new(build.max_memory),
        staging: Staging::temporary(),
        allow_damaged: build.allow_damaged,
    };
    let free = Semaphore::new(jobs(build));
    let (builder, free) = (&builder, &free);
    let each = |item: Item| async move {
        let Item::Original(original) = item else { return Event::Other(item) };
        let settings = Settings::new(build, args.as_is, &original.profile);
        let checked = check(builder, free, settings, &original).await;
        Event::Done(original, checked)
    };
    batch::run(items, build.batch, each, signals, report).await
}

async fn check(
    builder: &PyramidBuilder,
    free: &Semaphore,
    settings: Settings,
    original: &Original,
) -> Result<Ingested> {
    let _job = free.acquire().await?;
    let begin = Instant::now();
    let fetched = original.fetch(None).await?;
    let (path, content) = (original.file(fetched.as_ref()).into_owned(), original.content);
    let builder = builder.clone();
    let mut ingested = Ingested::new(Outcome::Planned);
    if content {
        spawn_blocking(move || readable(&path)).await??;
    } else {
        let check = move || builder.check(&settings, &path);
        let (facts, warnings) = spawn_blocking(check).await??;
        (ingested.facts, ingested.warnings) = (Some(facts), warnings);
    }
    Ok(Ingested { elapsed: begin.elapsed(), ..ingested })
}

/// Checks static content, which may be any readable file.
fn readable(path: &Path) -> Result<()> {
    File::open(path)?;
    Ok(())
}
