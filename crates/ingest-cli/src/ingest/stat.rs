//! What the file system tells about a file without reading it: whether it is still the same.

use std::{
    fs::{self, Metadata},
    io,
    path::Path,
    time::{Duration, SystemTime},
};

/// The coarsest clock of a file system: FAT counts modification times in steps of two seconds.
const CLOCK: Duration = Duration::from_secs(2);

/// The size, times and inode of a file. A write changes at least one of them, unless it follows
/// another within one tick of the file system's clock ([`Stat::is_older_than_a_tick`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Length in bytes.
    pub len: u64,
    /// Modification time in nanoseconds since 1970. Programs may set it to anything.
    modified: i128,
    /// When anything of the file changed. No program can set it. As `modified` where the system does
    /// not tell it.
    changed: i128,
    /// Its number in the file system, another one for a file that was renamed over it. 0 where the
    /// system does not tell it.
    inode: u64,
}

impl Stat {
    /// Asks the file system about a file, or the one that a link leads to.
    pub fn read(path: &Path) -> io::Result<Self> {
        Self::of(&fs::metadata(path)?)
    }

    /// What these metadata tell.
    pub fn of(meta: &Metadata) -> io::Result<Self> {
        let modified = nanoseconds(meta.modified()?);
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            (i128::from(meta.ctime()) * 1_000_000_000 + i128::from(meta.ctime_nsec()), meta.ino())
        };
        #[cfg(not(unix))]
        let (changed, inode) = (modified, 0);
        Ok(Self { len: meta.len(), modified, changed, inode })
    }

    /// Whether the file was last changed more than a tick before `now`. Only then does every write
    /// after `now` give it another time.
    ///
    /// This is the "racy" rule of git's index: a file that is written twice within one tick, the
    /// second time after it was read, has the same size and times as before.
    pub fn is_older_than_a_tick(&self, now: SystemTime) -> bool {
        self.modified.max(self.changed) < nanoseconds(now) - CLOCK.as_nanos() as i128
    }

    /// All of it, for a hash.
    pub fn to_bytes(self) -> [u8; 48] {
        let mut bytes = [0; 48];
        let fields = [self.len.to_le_bytes(), self.inode.to_le_bytes()];
        bytes[..16].copy_from_slice(fields.as_flattened());
        let times = [self.modified.to_le_bytes(), self.changed.to_le_bytes()];
        bytes[16..].copy_from_slice(times.as_flattened());
        bytes
    }
}

fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => since.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_just_written_may_change_without_notice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, b"abc").unwrap();
        let stat = Stat::read(&path).unwrap();
        let now = SystemTime::now();
        assert!(!stat.is_older_than_a_tick(now));
        assert!(stat.is_older_than_a_tick(now + Duration::from_secs(3)));
        // A time in the future tells nothing about later writes.
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(now + Duration::from_secs(3600)).unwrap();
        assert!(!Stat::read(&path).unwrap().is_older_than_a_tick(now + Duration::from_secs(3)));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_the_same_size_and_modification_time_is_still_another() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["a.jpg", "b.jpg"].map(|name| folder.path().join(name));
        fs::write(&path, b"abc").unwrap();
        let first = Stat::read(&path).unwrap();
        fs::write(&other, b"xyz").unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::File::options().append(true).open(&other).unwrap().set_modified(modified).unwrap();
        fs::rename(&other, &path).unwrap();
        let second = Stat::read(&path).unwrap();
        assert_eq!((first.len, first.modified), (second.len, second.modified));
        assert_ne!(first.to_bytes(), second.to_bytes());
    }
}
