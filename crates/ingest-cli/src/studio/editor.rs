//! The editor: a thread with a store of its own, which handles one edit after the other. So no two
//! edits of this server meet.

use std::{
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, bail};
use azulejo::{http::HttpReply, protocol::decode_path};
use server::{Edit, Editor};
use tokio::{
    runtime::Builder,
    sync::{mpsc, oneshot},
};

use super::{presets::Presets, records, reply};
use crate::{
    args::Usage,
    publish,
    store::{Bucket, Location},
};

/// Edits that may wait.
const QUEUE: usize = 16;

/// Starts the editor of a catalog folder and a store. Fails if the folder holds no catalogs, or the
/// store does not open.
pub fn start(folder: &Path, location: Location, state: Option<PathBuf>) -> Result<Editor> {
    let presets = Presets::new(folder)?;
    let (editor, edits) = mpsc::channel(QUEUE);
    let (ready, is_ready) = std::sync::mpsc::channel();
    let runtime = Builder::new_current_thread().enable_all().build().context("the editor")?;
    let run = move || {
        runtime.block_on(async move {
            match Bucket::open(&location, state.as_deref()) {
                Ok(bucket) => {
                    let _ = ready.send(Ok(()));
                    serve(&presets, &bucket, edits).await;
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            }
        });
    };
    thread::Builder::new().name("editor".to_owned()).spawn(run).context("starting the editor")?;
    match is_ready.recv() {
        Ok(started) => started.map(|()| editor),
        Err(_) => bail!("the editor ended before it was ready"),
    }
}

/// Handles edits until the server drops its ends.
async fn serve(
    presets: &Presets,
    bucket: &Bucket,
    mut edits: mpsc::Receiver<(Edit, oneshot::Sender<HttpReply>)>,
) {
    while let Some((edit, sender)) = edits.recv().await {
        let answered = answer(presets, bucket, &edit).await;
        // The client may have gone. Its edit stays.
        let _ = sender.send(answered.unwrap_or_else(|error| reply::failed(&error)));
    }
}

async fn answer(presets: &Presets, bucket: &Bucket, edit: &Edit) -> Result<HttpReply> {
    let (kind, rest) = edit.path.split_once('/').unwrap_or_default();
    let rest = decode_path(rest);
    match kind {
        "presets" => presets.answer(&rest, edit, bucket).await,
        "records" => records::answer(&rest, edit, bucket).await,
        _ => Ok(reply::message(
            404,
            "There are /studio/presets/<rootId> and /studio/records/<rootId>/<id>.",
        )),
    }
}

/// Fails if `folder` is no catalog folder.
pub fn check(folder: &Path) -> Result<()> {
    let compiled = publish::compile::compile(&publish::files(folder)?);
    if compiled.catalogs.is_empty() {
        let folder = folder.display();
        let message = format!(
            "--edit {folder}: no catalogs; name a folder with .ini files, as azulejo publish takes it"
        );
        return Err(Usage(message).into());
    }
    Ok(())
}
