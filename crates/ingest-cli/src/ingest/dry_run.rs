//! `azulejo ingest --dry-run`: every original is opened and decoded as far as a run would do it,
//! so that what a run would refuse is refused; nothing is stored, and no store is needed.

use std::{fs::File, path::Path};

use anyhow::Result;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    batch,
    budget::Budget,
    job::Outcome,
    jobs,
    originals::{Found, Original},
    pyramid::Maker,
    report::Report,
    settings::Settings,
};
use crate::{args::IngestArgs, store::Staging};

/// Says of each original what would become of it. True when it was interrupted.
pub async fn run(args: &IngestArgs, found: Found, report: &mut Report) -> bool {
    let making = &args.making;
    let maker = Maker {
        budget: Budget::new(making.max_memory),
        staging: Staging::elsewhere(),
        allow_damaged: making.allow_damaged,
    };
    let free = Semaphore::new(jobs(making));
    let (maker, free) = (&maker, &free);
    let each = |original: Original| {
        let settings = Settings::new(making, args.as_is, &original.profile);
        async move {
            let checked = check(maker, free, settings, &original).await;
            (original, checked.map(|()| Outcome::Planned))
        }
    };
    batch::run(found.originals, making.batch, each, report).await
}

async fn check(
    maker: &Maker,
    free: &Semaphore,
    settings: Settings,
    original: &Original,
) -> Result<()> {
    let _job = free.acquire().await?;
    let (maker, path, content) = (maker.clone(), original.path.clone(), original.content);
    let check = move || if content { readable(&path) } else { maker.check(&settings, &path) };
    spawn_blocking(check).await?
}

/// Static content may be anything that can be read.
fn readable(path: &Path) -> Result<()> {
    File::open(path)?;
    Ok(())
}
