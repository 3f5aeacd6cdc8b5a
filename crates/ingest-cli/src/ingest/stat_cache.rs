//! The stat cache of a folder store: which originals are known to be stored, so that a run passes
//! over them without reading anything.
//!
//! The file `.stat-cache` has a line for each asset: a hash of its name, and a hash of all that was
//! looked at when it was found to be up to date: the settings, and size, times and inode of the
//! original, the record, the pyramid and the stored original. If one of these has changed, the hash
//! is another, and the original is read and compared as if there were no cache.
//!
//! So a line can be lost, cut off or outdated without harm, and the file can be removed at any time.
//! Lines are appended as originals are done, so that a run that was killed resumes where it was.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs::{self, File},
    io::{self, BufRead, BufReader, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use azulejo::catalog::Record;
use sha2::{Digest, Sha256};

use super::{
    original::Original, profile::Profile, settings::Settings, snapshot::Snapshot, stat::Stat,
};
use crate::{asset::Asset, store::Staging};

/// The file within the store.
const NAME: &str = ".stat-cache";

/// The first part of what is hashed. Another version makes all lines void.
const VERSION: &[u8] = b"azulejo stat cache 1\n";

/// Lines are written once there are this many bytes of them.
const BUFFER: usize = 8 << 10;

/// A hash of all that was looked at.
type Fingerprint = u128;

/// A line: the hash of the name, a space, the fingerprint, and a line feed.
const LINE: usize = 16 + 1 + 32 + 1;

/// The cache of one store.
pub struct StatCache {
    root: PathBuf,
    keep_originals: bool,
    /// Fingerprints in bytes, which take less room in the table than aligned numbers.
    known: HashMap<u64, [u8; 16]>,
    pending: String,
    /// The settings of the last profile, since originals of a folder share one.
    last: Option<(Arc<Profile>, [u8; 16])>,
}

impl StatCache {
    /// Reads the cache of the store in a folder. A cache that cannot be read is empty.
    pub fn open(root: &Path, keep_originals: bool) -> Self {
        let mut cache = Self {
            root: root.to_owned(),
            keep_originals,
            known: HashMap::new(),
            pending: String::new(),
            last: None,
        };
        let lines = cache.read().unwrap_or_default();
        if lines > 2 * cache.known.len() + 1000 {
            // Without it, the file has more lines than it needs.
            let _ = cache.rewrite();
        }
        cache
    }

    /// Reads the lines and returns how many there are. The last one of an asset counts.
    fn read(&mut self) -> io::Result<usize> {
        let mut reader = BufReader::new(File::open(self.root.join(NAME))?);
        let (mut lines, mut line) = (0, Vec::with_capacity(LINE));
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Ok(lines);
            }
            lines += 1;
            if let Some((name, fingerprint)) = parse(&line) {
                self.known.insert(name, fingerprint.to_le_bytes());
            }
        }
    }

    /// Replaces the file by one with a line for each asset. What another process appends meanwhile
    /// is lost, and read again by the next run.
    fn rewrite(&self) -> io::Result<()> {
        let mut file = io::BufWriter::new(Staging::within(&self.root).file()?);
        for (name, fingerprint) in &self.known {
            writeln!(file, "{name:016x} {:032x}", u128::from_le_bytes(*fingerprint))?;
        }
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(self.root.join(NAME))?;
        Ok(())
    }

    /// Whether an original and what is stored of it are as they were when they were compared.
    pub fn is_unchanged(&mut self, original: &Original, settings: &Settings) -> bool {
        let Some(known) = self.known.get(&name_hash(&original.asset)).copied() else {
            return false;
        };
        let Ok(stat) = Stat::read(&original.path) else { return false };
        self.fingerprint(original, settings, stat) == Some(u128::from_le_bytes(known))
    }

    /// Adds an original that has been read, unless the store does not have it as it was read, or
    /// unless it may change without notice.
    pub fn add(&mut self, original: &Original, settings: &Settings, snapshot: &Snapshot) {
        if !snapshot.is_certain() {
            return;
        }
        // What is looked at must be what is compared: nobody may replace it in between.
        let Some(before) = self.fingerprint(original, settings, snapshot.stat) else { return };
        if !self.is_stored(original, settings, snapshot).unwrap_or(false)
            || self.fingerprint(original, settings, snapshot.stat) != Some(before)
        {
            return;
        }
        let name = name_hash(&original.asset);
        if self.known.insert(name, before.to_le_bytes()) != Some(before.to_le_bytes()) {
            let _ = writeln!(self.pending, "{name:016x} {before:032x}");
        }
        if self.pending.len() >= BUFFER {
            self.flush();
        }
    }

    /// Appends the lines that wait. What cannot be written is read again by the next run.
    pub fn flush(&mut self) {
        let lines = std::mem::take(&mut self.pending);
        if !lines.is_empty() {
            let file = File::options().create(true).append(true).open(self.root.join(NAME));
            let _ = file.and_then(|mut file| file.write_all(lines.as_bytes()));
        }
    }

    /// The hash of all that is looked at. `None` if an object is missing.
    fn fingerprint(
        &mut self,
        original: &Original,
        settings: &Settings,
        stat: Stat,
    ) -> Option<Fingerprint> {
        let asset = &original.asset;
        let stat_of = |key: &str| Stat::read(&self.root.join(key)).ok().map(Stat::to_bytes);
        let (record, object) = (stat_of(&asset.record())?, stat_of(&original.key())?);
        let kept = stat_of(&original.original_key());
        if self.keep_originals && !original.content && kept.is_none() {
            return None;
        }
        let mut hash = Sha256::new();
        hash.update(VERSION);
        hash.update(self.settings(original, settings)?);
        hash.update([original.content.into(), kept.is_some().into()]);
        for bytes in [stat.to_bytes(), record, object, kept.unwrap_or([0; 48])] {
            hash.update(bytes);
        }
        // Where the system tells no inode, another file may have the same times.
        if !cfg!(unix) {
            hash.update(original.path.as_os_str().as_encoded_bytes());
            hash.update(b"\n");
        }
        hash.update(asset.root.as_bytes());
        hash.update(b"/");
        hash.update(asset.id.as_bytes());
        Some(shortened(hash))
    }

    /// A hash of what the profile and the command line say about an original.
    fn settings(&mut self, original: &Original, settings: &Settings) -> Option<[u8; 16]> {
        let profile = &original.profile;
        if let Some((last, hash)) = &self.last
            && Arc::ptr_eq(last, profile)
        {
            return Some(*hash);
        }
        let all = (settings, profile.published, &profile.metadata);
        let mut hash = Sha256::new();
        hash.update(serde_json::to_vec(&all).ok()?);
        let hash = shortened(hash).to_le_bytes();
        self.last = Some((Arc::clone(profile), hash));
        Some(hash)
    }

    /// Whether the record says that the stored object was made from the original as it was read.
    fn is_stored(
        &self,
        original: &Original,
        settings: &Settings,
        snapshot: &Snapshot,
    ) -> anyhow::Result<bool> {
        let record = fs::read(self.root.join(original.asset.record()))?;
        let Ok(record) = Record::from_json(&record) else { return Ok(false) };
        let len = fs::metadata(self.root.join(original.key()))?.len();
        let mut filled = record.clone();
        let (sha256, bytes) = if original.content {
            original.profile.fill_content(&mut filled);
            let stored = record.content.as_ref().and_then(|content| content.stored.as_ref());
            let Some(stored) = stored else { return Ok(false) };
            (&stored.sha256, stored.bytes)
        } else {
            original.profile.fill(&mut filled);
            let Some(origin) = &record.original else { return Ok(false) };
            let kept = match &origin.key {
                Some(key) => *key == original.original_key(),
                None => !self.keep_originals,
            };
            if !kept || origin.settings != settings.to_json()? {
                return Ok(false);
            }
            (&origin.sha256, origin.pyramid_bytes)
        };
        Ok(*sha256 == snapshot.sha256 && bytes == len && filled == record)
    }
}

impl Drop for StatCache {
    fn drop(&mut self) {
        self.flush();
    }
}

fn parse(line: &[u8]) -> Option<(u64, Fingerprint)> {
    let line = str::from_utf8(line).ok().filter(|line| line.len() == LINE)?;
    let (name, fingerprint) = line.trim_end_matches('\n').split_once(' ')?;
    Some((u64::from_str_radix(name, 16).ok()?, u128::from_str_radix(fingerprint, 16).ok()?))
}

/// A hash by which an asset's line is found. Assets that share it displace each other's lines.
fn name_hash(asset: &Asset) -> u64 {
    let mut hash = Sha256::new();
    hash.update(asset.root.as_bytes());
    hash.update(b"/");
    hash.update(asset.id.as_bytes());
    shortened(hash) as u64
}

fn shortened(hash: Sha256) -> u128 {
    hash.finalize().iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}
