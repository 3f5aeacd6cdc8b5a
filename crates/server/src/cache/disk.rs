//! The cache on disk: a file for each reply, in a folder with a bound.
//!
//! A thread of its own writes the files and removes the oldest ones, so no request waits for it. If
//! it cannot write, it prints a line, and requests go on. A file appears complete: it is written
//! beside its place and renamed. After a power failure its checksum tells whether it is whole.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, SystemTime},
};

use tokio::task::spawn_blocking;

use super::file;
use crate::{
    log::{self, Throttle},
    reply::Entry,
};

/// Entries that wait to be written. Further ones are not written.
const QUEUE: usize = 256;

/// Where files are written before they are renamed.
const STAGING: &str = "staging";

/// A file that is read counts as used again only if its last use is longer ago: a use costs a write.
const USED_AGAIN: Duration = Duration::from_secs(3600);

/// How long a server that stops waits for entries that are still to be written.
const FINISH: Duration = Duration::from_secs(5);

/// The cache on disk.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    bytes: Arc<AtomicU64>,
    /// `None` once the server stops.
    queue: Option<SyncSender<(PathBuf, Entry)>>,
    /// Disconnected when all is written.
    finished: std::sync::Mutex<Receiver<()>>,
}

impl Disk {
    /// The cache in a folder, which need not exist, for at most `capacity` bytes.
    pub fn new(folder: &Path, capacity: u64) -> Self {
        let (queue, jobs) = sync_channel(QUEUE);
        let (done, finished) = sync_channel(0);
        let bytes = Arc::new(AtomicU64::new(0));
        let writer = Writer {
            folder: folder.to_owned(),
            capacity,
            bytes: Arc::clone(&bytes),
            failed: Throttle::default(),
        };
        let spawned = thread::Builder::new().name("cache".to_owned()).spawn(move || {
            let _done = done;
            writer.run(&jobs);
        });
        if let Err(error) = spawned {
            log::line(&format!("the cache in {} is not used: {error}", folder.display()));
        }
        let finished = std::sync::Mutex::new(finished);
        Self { folder: folder.to_owned(), bytes, queue: Some(queue), finished }
    }

    /// Reads the entry of a key, on a thread for blocking calls.
    pub async fn get(&self, key: &str) -> Option<Entry> {
        let path = path(&self.folder, key);
        spawn_blocking(move || read(&path)).await.ok().flatten()
    }

    /// Has an entry written, unless too many wait already.
    pub fn put(&self, key: &str, entry: Entry) {
        if let Some(queue) = &self.queue {
            let _ = queue.try_send((path(&self.folder, key), entry));
        }
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.queue.take();
        let Ok(finished) = self.finished.lock() else { return };
        if finished.recv_timeout(FINISH) == Err(RecvTimeoutError::Timeout) {
            log::line(&format!("the cache in {} is too slow to finish", self.folder.display()));
        }
    }
}

/// The file of a key such as `reply/1f…`: the hash has a folder for its first byte.
fn path(folder: &Path, key: &str) -> PathBuf {
    let (kind, hash) = key.split_once('/').unwrap_or(("", key));
    folder.join(kind).join(hash.get(..2).unwrap_or("__")).join(hash)
}

fn read(path: &Path) -> Option<Entry> {
    let entry = file::parse(fs::read(path).ok()?)?;
    let used = fs::metadata(path).and_then(|meta| meta.modified()).ok();
    if used.is_some_and(|used| used.elapsed().is_ok_and(|since| since > USED_AGAIN))
        && let Ok(file) = File::options().append(true).open(path)
    {
        let _ = file.set_modified(SystemTime::now());
    }
    Some(entry)
}

/// What the thread has.
struct Writer {
    folder: PathBuf,
    capacity: u64,
    bytes: Arc<AtomicU64>,
    failed: Throttle,
}

impl Writer {
    fn run(&self, jobs: &Receiver<(PathBuf, Entry)>) {
        self.remove_abandoned();
        self.evict();
        while let Ok((path, entry)) = jobs.recv() {
            if let Err(error) = self.write(&path, &entry) {
                self.failed.line(&format!(
                    "the cache in {} cannot be written: {error}; replies are not kept there",
                    self.folder.display()
                ));
            }
            if self.bytes.load(Ordering::Relaxed) > self.capacity {
                self.evict();
            }
        }
    }

    fn write(&self, path: &Path, entry: &Entry) -> io::Result<()> {
        let staging = self.folder.join(STAGING);
        fs::create_dir_all(&staging)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let before = fs::metadata(path).map_or(0, |meta| meta.len());
        let head = file::head(entry);
        let mut staged = tempfile::NamedTempFile::new_in(&staging)?;
        staged.write_all(&head)?;
        staged.write_all(&entry.body)?;
        staged.persist(path)?;
        let len = (head.len() + entry.body.len()) as u64;
        self.bytes.fetch_add(len, Ordering::Relaxed);
        self.bytes.fetch_sub(before, Ordering::Relaxed);
        Ok(())
    }

    /// Counts all files, and removes the least recently used ones until a tenth of the room is free.
    fn evict(&self) {
        let mut files = Vec::new();
        let mut total = 0;
        for folder in fs::read_dir(self.folder.join("reply")).into_iter().flatten().flatten() {
            for entry in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                let Ok(meta) = entry.metadata() else { continue };
                let used = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                total += meta.len();
                files.push((used, meta.len(), entry.path()));
            }
        }
        if total > self.capacity {
            files.sort_unstable();
            for (_, len, path) in files {
                if total <= self.capacity / 10 * 9 {
                    break;
                }
                if fs::remove_file(path).is_ok() {
                    total -= len;
                }
            }
        }
        self.bytes.store(total, Ordering::Relaxed);
    }

    /// Removes what a killed server was writing. Another server may be writing younger files.
    fn remove_abandoned(&self) {
        for entry in fs::read_dir(self.folder.join(STAGING)).into_iter().flatten().flatten() {
            let modified = entry.metadata().and_then(|meta| meta.modified());
            if modified.is_ok_and(|at| at.elapsed().is_ok_and(|since| since > USED_AGAIN)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::file::tests::entry;

    fn key(number: usize) -> String {
        format!("reply/{number:064x}")
    }

    fn get(disk: &Disk, key: &str) -> Option<Entry> {
        read(&path(&disk.folder, key))
    }

    /// Waits until all that was put is written.
    fn written(folder: &Path, capacity: u64, entries: &[(usize, usize)]) {
        let disk = Disk::new(folder, capacity);
        for (number, len) in entries {
            disk.put(&key(*number), entry(&vec![7; *len]));
        }
    }

    #[test]
    fn entries_survive_the_server() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), 1 << 20, &[(1, 100), (2, 200)]);
        let disk = Disk::new(folder.path(), 1 << 20);
        assert_eq!(get(&disk, &key(2)), Some(entry(&[7; 200])));
        assert_eq!(get(&disk, &key(3)), None);
        drop(disk);
        assert_eq!(fs::read_dir(folder.path().join(STAGING)).unwrap().count(), 0);
    }

    #[test]
    fn the_oldest_entries_make_room() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..20 {
            written(folder.path(), 50_000, &[(number, 4000)]);
            let age = Duration::from_secs(1000 - number as u64);
            let file = File::options().append(true).open(path(folder.path(), &key(number)));
            file.unwrap().set_modified(SystemTime::now() - age).unwrap();
        }
        let disk = Disk::new(folder.path(), 50_000);
        let kept: Vec<usize> = (0..20).filter(|at| get(&disk, &key(*at)).is_some()).collect();
        assert!((8..=12).contains(&kept.len()), "{kept:?}");
        assert_eq!(kept, (20 - kept.len()..20).collect::<Vec<_>>(), "the youngest");
    }

    #[test]
    fn an_entry_that_is_put_again_is_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), 50_000, &[(1, 4000), (1, 4000), (1, 4000)]);
        let disk = Disk::new(folder.path(), 50_000);
        let counted = || disk.bytes() > 0;
        for _ in 0..200 {
            if counted() {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        assert!((4000..5000).contains(&disk.bytes()), "{}", disk.bytes());
    }

    #[test]
    fn a_folder_that_cannot_be_written_loses_entries_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"no folder").unwrap();
        written(&file, 50_000, &[(1, 100)]);
        let disk = Disk::new(&file, 50_000);
        assert_eq!((get(&disk, &key(1)), disk.bytes()), (None, 0));
    }
}
