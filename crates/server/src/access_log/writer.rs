//! Writes lines to a file or to standard output.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::Message;
use crate::log::Throttle;

/// Bytes that are written at once.
const BLOCK: usize = 64 << 10;

/// How often the writer looks whether its file was renamed.
const INTERVAL: Duration = Duration::from_secs(1);

/// The file, or standard output.
pub struct Writer {
    file: Option<(PathBuf, File)>,
    checked: Instant,
    failures: Throttle,
}

impl Writer {
    /// Opens a file for appending; without one, standard output.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let file = path.map(|path| {
            let file = append(path).with_context(|| format!("--access-log {}", path.display()))?;
            Ok::<_, anyhow::Error>((path.to_owned(), file))
        });
        let (checked, failures) = (Instant::now(), Throttle::default());
        Ok(Self { file: file.transpose()?, checked, failures })
    }

    /// Writes what comes until the end. Lines that come together are written together.
    pub fn run(mut self, lines: &Receiver<Message>) {
        let mut block = String::new();
        loop {
            let first = match lines.recv_timeout(INTERVAL) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut next = Some(first);
            let mut is_last = false;
            while let Some(message) = next.take() {
                match message {
                    Message::Line(line) => {
                        block.push_str(&line);
                        block.push('\n');
                    }
                    Message::End => is_last = true,
                }
                if block.len() < BLOCK && !is_last {
                    next = lines.try_recv().ok();
                }
            }
            if let Err(error) = self.write(block.as_bytes()) {
                self.failures.line(&format!("the access log cannot be written: {error}"));
            }
            block.clear();
            if is_last {
                return;
            }
        }
    }

    fn write(&mut self, block: &[u8]) -> io::Result<()> {
        let Some((path, file)) = &mut self.file else {
            let mut out = io::stdout().lock();
            out.write_all(block)?;
            return out.flush();
        };
        if self.checked.elapsed() >= INTERVAL {
            self.checked = Instant::now();
            // Whoever rotates logs renames the file.
            if !is_at(file, path) {
                *file = append(path)?;
            }
        }
        file.write_all(block)
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Whether the open file is still the one at this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |data: std::fs::Metadata| (data.dev(), data.ino());
    match (file.metadata(), path.metadata()) {
        (Ok(open), Ok(there)) => id(open) == id(there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
