//! Finds the originals that the command line names, and determines their ids.
//!
//! Originals are found again each time that they are needed, in the same order. Between that only a
//! number for each id is held, so that memory does not grow with the paths of a catalogue.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
};

use anyhow::{Error, Result, anyhow};
use azulejo::protocol::composed;

use super::{
    failures::Failure,
    id_conflict,
    original::{Original, SourceObject},
    profile::Profiles,
    source::{Found, Source, is_bucket, own_name},
};
use crate::{
    args::{Id, IngestArgs},
    asset::Asset,
};

/// What to do with something that was found.
#[derive(Debug)]
pub enum Item {
    /// Ingest it.
    Original(Original),
    /// Pass over it, for a reason.
    Skipped(PathBuf, String),
    /// It cannot be ingested, such as a file whose id belongs to another file.
    Failed(PathBuf, Error),
    /// A folder that cannot be read, or a file that is missing.
    Unreadable(PathBuf, Error),
}

/// The originals that the command line names, and those that failed before.
pub struct Finder<'a> {
    args: &'a IngestArgs,
    sources: Vec<Source>,
    failed: Vec<Failure>,
    profiles: RefCell<Profiles>,
    /// How many originals there are.
    pub count: u64,
    hasher: RandomState,
    /// Hashes of the ids that several files have, and which of the files is taken.
    shared: HashSet<u64>,
    preferred: HashMap<Asset, PathBuf>,
}

/// A file with its id, if its name can be one.
struct Candidate {
    path: PathBuf,
    asset: Option<Asset>,
    object: Option<SourceObject>,
}

impl<'a> Finder<'a> {
    /// Counts the originals, and finds ids that several of them have. Fails if an image profile of a
    /// folder is wrong, or if a bucket cannot be listed.
    pub async fn open(args: &'a IngestArgs, failed: Vec<Failure>) -> Result<Self> {
        let mut sources = Vec::new();
        for name in &args.originals {
            sources.push(Source::open(name).await?);
        }
        let mut finder = Self {
            args,
            sources,
            failed,
            profiles: RefCell::new(Profiles::new(args.build.profile.as_deref())?),
            count: 0,
            hasher: RandomState::new(),
            shared: HashSet::new(),
            preferred: HashMap::new(),
        };
        finder.count()?;
        Ok(finder)
    }

    fn count(&mut self) -> Result<()> {
        let mut hashes = Vec::new();
        for candidate in self.candidates().filter_map(Result::ok) {
            if let Some(asset) = candidate.asset.filter(|asset| asset.check().is_ok()) {
                hashes.push(self.hasher.hash_one(&asset));
                if candidate.object.is_none() {
                    self.profiles.borrow_mut().of(&candidate.path)?;
                }
            }
        }
        hashes.sort_unstable();
        let pairs = hashes.windows(2).filter(|pair| pair.first() == pair.last());
        self.shared = pairs.filter_map(|pair| pair.first().copied()).collect();
        hashes.dedup();
        self.count = hashes.len() as u64;
        if !self.shared.is_empty() {
            let mut preferred = HashMap::new();
            for candidate in self.candidates().filter_map(Result::ok) {
                match candidate.asset {
                    Some(asset) if self.shared.contains(&self.hasher.hash_one(&asset)) => {
                        id_conflict::prefer(&mut preferred, asset, candidate.path);
                    }
                    _ => {}
                }
            }
            self.preferred = preferred;
        }
        Ok(())
    }

    /// Finds the originals, and all that is none.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        let mut taken = HashSet::new();
        self.candidates().filter_map(move |candidate| match candidate {
            Ok(candidate) => self.item(candidate, &mut taken),
            Err(item) => Some(*item),
        })
    }

    fn item(&self, candidate: Candidate, taken: &mut HashSet<Asset>) -> Option<Item> {
        let Candidate { path, asset, object } = candidate;
        let Some(asset) = asset else {
            return Some(Item::Failed(path, anyhow!("the name is not UTF-8")));
        };
        if let Err(error) = asset.check() {
            return Some(Item::Failed(path, error));
        }
        if self.shared.contains(&self.hasher.hash_one(&asset)) {
            match self.preferred.get(&asset) {
                Some(preferred) if *preferred != path => {
                    let error = id_conflict::error(&asset, preferred);
                    return Some(Item::Failed(path, error));
                }
                // A file that is named twice is ingested once.
                Some(_) if !taken.insert(asset.clone()) => return None,
                _ => {}
            }
        }
        let mut profiles = self.profiles.borrow_mut();
        let profile = match &object {
            Some(_) => Ok(profiles.without_folder()),
            None => profiles.of(&path),
        };
        let profile = match profile {
            Ok(profile) => profile,
            Err(error) => return Some(Item::Failed(path, error)),
        };
        let content = self.args.content;
        Some(Item::Original(Original { path, asset, profile, stored_key: None, object, content }))
    }

    /// All files that are found, with their ids, and what is no file.
    fn candidates(&self) -> impl Iterator<Item = Result<Candidate, Box<Item>>> {
        let found = self.sources.iter().flat_map(|source| source.found(self.args.content));
        let found = found.map(|found| match found {
            Found::Original(path, relative, object) => {
                Ok(Candidate { asset: self.asset(&relative), path, object })
            }
            Found::Skipped(path, why) => Err(Box::new(Item::Skipped(path, why))),
            Found::Failed(path, error) => Err(Box::new(Item::Failed(path, error))),
            Found::Unreadable(path, error) => Err(Box::new(Item::Unreadable(path, error))),
        });
        let failed = self.failed.iter().map(|Failure { file, asset, .. }| {
            let path = file.clone();
            let asset = asset.clone().or_else(|| self.asset(&own_name(file)));
            match is_bucket(file).then(|| SourceObject::named(file)).transpose() {
                Ok(object) => Ok(Candidate { path, asset, object }),
                Err(error) => Err(Box::new(Item::Failed(path, error))),
            }
        });
        found.chain(failed)
    }

    /// The asset of a relative path. `None` if it is not UTF-8.
    fn asset(&self, relative: &Path) -> Option<Asset> {
        // The id of static content includes the extension.
        let kind = if self.args.content { Id::Name } else { self.args.id };
        let id = composed(&format!("{}{}", self.args.prefix, id(relative, kind)?)).into_owned();
        Some(Asset { root: self.args.root.clone(), id })
    }
}

/// The id for a relative path, with `/` as the separator on all platforms.
fn id(relative: &Path, id: Id) -> Option<String> {
    let relative = match id {
        Id::Stem => relative.with_extension(""),
        Id::Name => relative.to_owned(),
        Id::Flat => own_name(&relative.with_extension("")),
    };
    let parts: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    /// The ids of the originals, and the paths and errors of what fails.
    fn find(names: &[&Path], options: &[&str]) -> (Vec<String>, Vec<(PathBuf, String)>) {
        let command = ["azulejo", "ingest", "--to", "local", "--root", "Shop"];
        let names = names.iter().map(|name| name.to_str().unwrap());
        let args =
            Args::try_parse_from(command.into_iter().chain(options.iter().copied()).chain(names));
        let args = match args.map(|args| args.command) {
            Ok(Command::Ingest(args)) => args,
            other => panic!("{other:?}"),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let finder = runtime.block_on(Finder::open(&args, Vec::new())).unwrap();
        let count = finder.count;
        let (mut ids, mut failed) = (Vec::new(), Vec::new());
        for item in finder.items() {
            match item {
                Item::Original(original) => ids.push(original.asset.id),
                Item::Failed(path, error) | Item::Unreadable(path, error) => {
                    failed.push((path, error.to_string()));
                }
                Item::Skipped(_, _) => {}
            }
        }
        assert_eq!(count, ids.len() as u64);
        (ids, failed)
    }

    #[test]
    fn of_two_files_with_one_id_the_worse_fails() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "a.png", "b.jpg"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let (ids, failed) = find(&[folder.path()], &[]);
        assert_eq!(ids, ["a", "b"]);
        // The PNG is preferred, whatever the order of names.
        let [(loser, error)] = failed.as_slice() else { panic!("{failed:?}") };
        assert!(loser.ends_with("a.jpg"), "{loser:?}");
        assert!(error.contains("goes before it"), "{error}");
        let (ids, failed) = find(&[folder.path()], &["--id", "name"]);
        assert_eq!((ids.len(), failed.len()), (3, 0));
    }

    #[test]
    fn a_file_that_is_named_twice_is_ingested_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jpg");
        fs::write(&file, b"").unwrap();
        assert_eq!(find(&[folder.path(), &file, &file], &[]).0, ["a"]);
    }

    #[test]
    fn ids_are_flat_prefixed_and_composed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["men/red.jpg", "women/Ro\u{308}te.png", "women/red.tif"] {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let (ids, failed) = find(&[folder.path()], &["--id", "flat", "--prefix", "2027-"]);
        assert_eq!(ids, ["2027-R\u{f6}te", "2027-red"]);
        assert!(failed[0].0.ends_with("men/red.jpg"), "a TIFF goes before a JPEG");
        let (ids, _) = find(&[folder.path()], &["--prefix", "sale/"]);
        assert_eq!(ids, ["sale/men/red", "sale/women/R\u{f6}te", "sale/women/red"]);
    }

    #[test]
    fn a_missing_file_fails() {
        assert_eq!(find(&[Path::new("/no/such/file")], &[]).1.len(), 1);
    }
}
