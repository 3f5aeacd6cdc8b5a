//! `azulejo ingest`: originals are found, made into pyramids on all cores, and put one by one.

mod budget;
mod originals;
mod pyramid;
mod report;

use std::{
    sync::{
        Mutex,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

use anyhow::Result;
use azulejo::{pyramid::index_key, store::Version};
use tokio::runtime::Runtime;

use self::{
    budget::{Budget, Share},
    originals::Original,
    pyramid::Made,
    report::Report,
};
use crate::{args::IngestArgs, formats, store::Bucket};

/// What a worker hands to the uploader.
struct Done<'budget> {
    original: Original,
    made: Result<Made>,
    /// Held until the pyramid is put.
    _share: Option<Share<'budget>>,
}

/// Ingests everything that was named; false when something failed.
pub fn run(args: &IngestArgs, runtime: &Runtime) -> Result<bool> {
    let Some(to) = args.to.as_ref().filter(|_| !args.formats) else {
        return formats::run(args.json).map(|()| true);
    };
    let found = originals::find(&args.originals, &args.root, args.id);
    let mut report = Report::new(args.json, found.originals.len());
    for (path, why) in &found.skipped {
        report.skipped(path, why);
    }
    for (path, error) in &found.failed {
        report.failed(path, error);
    }
    if args.dry_run {
        for original in &found.originals {
            report.planned(&original.path, &original.key);
        }
        return Ok(report.finish());
    }
    let bucket = Bucket::open_or_make(to, args.state.as_deref())?;
    let budget = Budget::new(args.max_memory);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = args.jobs.map_or(cores, usize::from).min(found.originals.len()).max(1);
    let queue = Mutex::new(found.originals.into_iter());
    let (sender, receiver) = sync_channel(1);
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, queue, budget) = (sender.clone(), &queue, &budget);
            scope.spawn(move || work(args, queue, budget, &sender));
        }
        drop(sender);
        for done in receiver {
            let Done { original, made, _share } = done;
            let put = made.and_then(|made| runtime.block_on(put(&bucket, &original, made)));
            match put {
                Ok(bytes) => report.stored(&original.path, &original.key, bytes),
                Err(error) => report.failed(&original.path, &error),
            }
        }
    });
    Ok(report.finish())
}

/// Takes originals until there are none left, or nobody listens.
fn work<'budget>(
    args: &IngestArgs,
    queue: &Mutex<impl Iterator<Item = Original>>,
    budget: &'budget Budget,
    sender: &SyncSender<Done<'budget>>,
) {
    loop {
        let next = match queue.lock() {
            Ok(mut queue) => queue.next(),
            Err(_poisoned) => None,
        };
        let Some(original) = next else { return };
        let (made, share) = match pyramid::make(args, &original, budget) {
            Ok((made, share)) => (Ok(made), Some(share)),
            Err(error) => (Err(error), None),
        };
        if sender.send(Done { original, made, _share: share }).is_err() {
            return;
        }
    }
}

/// The pyramid first, then the index of a foreign one: an index without its pyramid is never
/// seen, and one that is older than it is ignored.
async fn put(bucket: &Bucket, original: &Original, made: Made) -> Result<usize> {
    let bytes = made.file.len();
    let version: Version = bucket.put(&original.key, made.file).await?;
    if let Some(mut index) = made.index {
        index.version = version;
        bucket.put(&index_key(&original.key), index.to_bytes()).await?;
    }
    Ok(bytes)
}
