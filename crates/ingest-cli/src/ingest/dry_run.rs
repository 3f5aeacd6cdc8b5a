//! `azulejo ingest --dry-run`: opens and decodes every original, so that it finds what a run would
//! refuse. Stores nothing and needs no store.

use std::{fs::File, path::Path};

use anyhow::Result;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    batch,
    budget::Budget,
    ingester::Outcome,
    jobs,
    originals::{FoundFiles, Original},
    pyramid_builder::PyramidBuilder,
    report::Report,
    settings::Settings,
};
use crate::{args::IngestArgs, store::Staging};

/// Checks all originals and reports the results. Returns whether it was interrupted.
pub async fn run(args: &IngestArgs, found: FoundFiles, report: &mut Report) -> bool {
    let build = &args.build;
    let builder = PyramidBuilder {
        budget: Budget::new(build.max_memory),
        staging: Staging::temporary(),
        allow_damaged: build.allow_damaged,
    };
    let free = Semaphore::new(jobs(build));
    let (builder, free) = (&builder, &free);
    let each = |original: Original| {
        let settings = Settings::new(build, args.as_is, &original.profile);
        async move {
            let checked = check(builder, free, settings, &original).await;
            (original, checked.map(|()| Outcome::Planned))
        }
    };
    batch::run(found.originals, build.batch, each, report).await
}

async fn check(
    builder: &PyramidBuilder,
    free: &Semaphore,
    settings: Settings,
    original: &Original,
) -> Result<()> {
    let _job = free.acquire().await?;
    let (builder, path, content) = (builder.clone(), original.path.clone(), original.content);
    let check = move || if content { readable(&path) } else { builder.check(&settings, &path) };
    spawn_blocking(check).await?
}

/// Checks static content, which may be any readable file.
fn readable(path: &Path) -> Result<()> {
    File::open(path)?;
    Ok(())
}
