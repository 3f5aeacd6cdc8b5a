//! The folder of a report: the state of the run, pictures, a page and a table.

mod csv;
mod page;

use std::{
    collections::HashSet,
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use tempfile::NamedTempFile;

use self::page::Context;
use super::{
    images::Images,
    outcome::Outcome,
    reply::Fetched,
    state::{Header, NAME, State},
    tally::{Place, Tally},
    target,
};
use crate::args::{DiffArgs, Usage};

/// A report that a run adds to.
pub struct Report {
    folder: PathBuf,
    header: Header,
    state: State,
    images: Images,
    tally: Tally,
    /// The URLs that are not compared again.
    finished: HashSet<u128>,
}

impl Report {
    /// Opens a report, or begins one in a new or empty folder.
    pub fn open(folder: &Path, args: &DiffArgs) -> Result<Self> {
        let name = || folder.display().to_string();
        fs::create_dir_all(folder).with_context(name)?;
        let is_empty = fs::read_dir(folder).with_context(name)?.next().is_none();
        if !is_empty && !folder.join(NAME).is_file() {
            let message =
                format!("--report {}: it holds other files; name a new folder", folder.display());
            return Err(Usage(message).into());
        }
        let header = Header {
            version: 1,
            old: args.old.to_string(),
            new: args.new.to_string(),
            accept: args.accept.clone(),
            unpublished: args.unpublished,
        };
        let state = State::open(folder, &header)?;
        let (mut tally, mut finished) = (tally(args), HashSet::new());
        state.each(|outcome| {
            if !(outcome.transient || args.again.contains(&outcome.class)) {
                finished.insert(target::hash(&outcome.url));
                tally.add(outcome);
            }
            Ok(())
        })?;
        let images = Images::open(folder)?;
        Ok(Self { folder: folder.to_owned(), header, state, images, tally, finished })
    }

    /// The hashes of the URLs that are not compared again.
    pub fn take_finished(&mut self) -> HashSet<u128> {
        std::mem::take(&mut self.finished)
    }

    /// Adds the result of a pair. Its line comes last: what it tells has been stored.
    pub fn add(&mut self, outcome: &Outcome, old: &Fetched, new: &Fetched) -> Result<()> {
        if let Place::Among(lost) = self.tally.add(outcome.clone()) {
            self.images.put(outcome, old, new)?;
            if let Some(lost) = lost {
                self.images.remove(&lost)?;
            }
        }
        self.state.add(outcome)
    }

    /// Writes page and table, which then show all results of the state.
    pub fn write(self, args: &DiffArgs) -> Result<Tally> {
        let mut all = tally(args);
        let csv = self.replace("diff.csv", |file| {
            csv::header(file)?;
            self.state.each(|outcome| {
                csv::row(file, &outcome, args.threshold)?;
                all.add(outcome);
                Ok(())
            })
        });
        csv.context("diff.csv")?;
        let worst = all.classes().flat_map(|(_, counted)| counted.worst());
        let files = self.images.sweep(worst)?;
        let context = Context { header: &self.header, tally: &all, files: &files };
        let page = self.replace("index.html", |file| page::write(file, &context));
        page.context("index.html")?;
        Ok(all)
    }

    /// Writes a file beside its place and renames it.
    fn replace(
        &self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> Result<()>,
    ) -> Result<()> {
        let mut file = BufWriter::new(NamedTempFile::new_in(&self.folder)?);
        write(&mut file)?;
        file.flush()?;
        let file = file.into_inner().map_err(|error| error.into_error())?;
        #[cfg(unix)]
        {
            // Temporary files are for their owner only; a report is to be read by others.
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        file.persist(self.folder.join(name))?;
        Ok(())
    }
}

fn tally(args: &DiffArgs) -> Tally {
    Tally::new(args.threshold, args.keep)
}
