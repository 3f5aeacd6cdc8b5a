//! What a watch has seen: it decides what is new, changed, complete, due again, or gone.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    asset::Asset,
    ingest::{finder::Item, original::Original, profile::Profile, stat::Stat, walk::HIDDEN},
};

/// A failed original is tried again after a minute, then after twice as long each time, and at least
/// once an hour. A store may have been out of reach.
const FIRST_RETRY: Duration = Duration::from_secs(60);
const LAST_RETRY: Duration = Duration::from_secs(3600);

/// All that was found, by path.
#[derive(Debug, Default)]
pub struct Seen {
    files: HashMap<PathBuf, File>,
    round: u32,
    /// Whether anything was taken in this round.
    news: bool,
    /// Whether a folder could not be read in this round, so that nothing in it counts as gone.
    is_partial: bool,
    first: bool,
    /// How long looking took in this round.
    looked: Duration,
    /// A hash of the last profile, since originals of a folder share one.
    profile: Option<(Arc<Profile>, u64)>,
}

#[derive(Debug)]
struct File {
    /// A hash of its size and times, or of why it is no original.
    version: u64,
    /// Its asset, once it has been ingested.
    asset: Option<Box<Asset>>,
    state: State,
    round: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It may still be being written.
    Changing,
    /// It was ingested, or is being ingested after so many failures.
    Taken { tries: u32 },
    /// It failed so often, and is due again at this time.
    Failed { tries: u32, due: Instant },
    /// It is no original. That has been reported.
    Refused,
}

impl Seen {
    /// Begins a round.
    pub fn begin(&mut self) {
        self.round += 1;
        (self.news, self.is_partial, self.looked) = (false, false, Duration::ZERO);
    }

    /// Whether the first round has just ended.
    pub fn is_first(&mut self) -> bool {
        !std::mem::replace(&mut self.first, true)
    }

    /// How long looking took in this round.
    pub fn looked(&self) -> Duration {
        self.looked
    }

    /// Whether anything was taken or is gone in this round.
    pub fn has_news(&self) -> bool {
        self.news
    }

    /// Returns the item if something is to be done about it now.
    pub fn take(&mut self, item: Item) -> Option<Item> {
        let begin = Instant::now();
        let item = match item {
            Item::Original(original) => self.original(original).map(Item::Original),
            // Writers use such names for files that are not complete.
            Item::Skipped(_, why) if why == HIDDEN => None,
            Item::Skipped(path, why) => {
                self.refuse(&path, &why).then_some(Item::Skipped(path, why))
            }
            Item::Failed(path, error) => {
                self.refuse(&path, &format!("{error:#}")).then_some(Item::Failed(path, error))
            }
            Item::Unreadable(path, error) => {
                self.is_partial = true;
                self.refuse(&path, &format!("{error:#}")).then_some(Item::Unreadable(path, error))
            }
        };
        self.news |= item.is_some();
        self.looked += begin.elapsed();
        item
    }

    fn original(&mut self, original: Original) -> Option<Original> {
        let profile = self.profile_hash(&original.profile);
        let (version, is_complete) = match &original.object {
            // An object appears when it is complete.
            Some(object) => (hash(&(&object.tag, object.stored, profile)), true),
            None => {
                // An error means that it has gone meanwhile.
                let stat = Stat::read(&original.path).ok()?;
                let version = hash(&(stat.to_bytes(), profile));
                (version, stat.is_older_than_a_tick(SystemTime::now()))
            }
        };
        let round = self.round;
        let file = match self.files.entry(original.path.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let state = State::Changing;
                // Any version but that of the file.
                entry.insert(File { version: !version, asset: None, state, round })
            }
        };
        file.round = round;
        let tries = match (file.version == version, file.state) {
            (true, State::Taken { .. }) => return None,
            (true, State::Failed { due, .. }) if Instant::now() < due => return None,
            (true, State::Failed { tries, .. }) => tries,
            // It is as it was in the last round.
            (true, State::Changing | State::Refused) => 0,
            (false, _) if is_complete => 0,
            (false, _) => {
                (file.version, file.state) = (version, State::Changing);
                return None;
            }
        };
        (file.version, file.state) = (version, State::Taken { tries });
        Some(original)
    }

    fn profile_hash(&mut self, profile: &Arc<Profile>) -> u64 {
        match &self.profile {
            Some((last, hash)) if Arc::ptr_eq(last, profile) => *hash,
            _ => {
                let hash = hash(&format!("{profile:?}"));
                self.profile = Some((Arc::clone(profile), hash));
                hash
            }
        }
    }

    /// Notes something that is no original. Returns whether that is new.
    fn refuse(&mut self, path: &Path, why: &str) -> bool {
        let (version, round) = (hash(&why), self.round);
        let file = File { version, asset: None, state: State::Refused, round };
        let before = self.files.insert(path.to_owned(), file);
        before.is_none_or(|before| before.state != State::Refused || before.version != version)
    }

    /// Notes the result of an original that was taken.
    pub fn done(&mut self, original: &Original, succeeded: bool) {
        let Some(file) = self.files.get_mut(&original.path) else { return };
        if succeeded {
            file.asset = Some(Box::new(original.asset.clone()));
        } else if let State::Taken { tries } = file.state {
            let pause = FIRST_RETRY.saturating_mul(1 << tries.min(16)).min(LAST_RETRY);
            file.state = State::Failed { tries: tries + 1, due: Instant::now() + pause };
        }
    }

    /// The originals that were there before and are not any more.
    pub fn gone(&mut self) -> Vec<(PathBuf, Asset)> {
        let mut gone = Vec::new();
        if self.is_partial {
            return gone;
        }
        let round = self.round;
        self.files.retain(|path, file| {
            let is_here = file.round == round;
            if let (false, Some(asset)) = (is_here, file.asset.take_if(|_| !is_here)) {
                gone.push((path.clone(), *asset));
            }
            is_here
        });
        gone.sort();
        self.news |= !gone.is_empty();
        gone
    }
}

fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
