//! The access log: a line for each request, or for a sample of them. A thread of its own writes the
//! lines, so that a slow disk or reader delays no reply.

mod entry;
mod s7access;
mod writer;

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender, TrySendError},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use azulejo::serve::log::LogSettings;

pub use self::entry::{Entry, header, is_fault, sent};
use self::writer::Writer;
use crate::{
    log::Throttle,
    options::{LogFormat, LogOptions},
};

/// Lines that may wait to be written. Further ones are left out.
const WAITING: usize = 8192;

/// How long the end of the server waits for the last lines.
const LAST: Duration = Duration::from_secs(2);

/// A message to the thread that writes.
enum Message {
    Line(String),
    End,
}

/// The access log of a server.
#[derive(Debug)]
pub struct AccessLog {
    settings: LogSettings,
    format: LogFormat,
    lines: SyncSender<Message>,
    /// Resolves when the thread has written all lines.
    ended: Mutex<Receiver<()>>,
    left_out: Throttle,
}

impl AccessLog {
    /// Opens the log. Returns `None` if it is off. Fails if its file cannot be written.
    pub fn open(options: &LogOptions, settings: LogSettings) -> Result<Option<Self>> {
        if options.format == LogFormat::Off || settings.sample.is_none() {
            return Ok(None);
        }
        let writer = Writer::open(options.file.as_deref())?;
        let (lines, waiting) = mpsc::sync_channel(WAITING);
        let (done, ended) = mpsc::channel();
        let write = move || {
            writer.run(&waiting);
            // Nobody may be there to hear it.
            let _ = done.send(());
        };
        let thread = thread::Builder::new().name("access-log".to_owned());
        thread.spawn(write).context("starting the thread of the access log")?;
        let (ended, left_out) = (Mutex::new(ended), Throttle::default());
        Ok(Some(Self { settings, format: options.format, lines, ended, left_out }))
    }

    /// The share of requests that have a line.
    pub fn share(&self) -> f64 {
        self.settings.sample.unwrap_or_default()
    }

    /// Writes the line of a request. If too many lines wait, it is left out, and the operator is
    /// told.
    pub fn write(&self, entry: &Entry<'_>) {
        let line = match self.format {
            LogFormat::Json => entry.json(self.share(), self.settings.query),
            LogFormat::S7access => Some(s7access::line(entry, self.settings.query)),
            LogFormat::Off => None,
        };
        let Some(line) = line else { return };
        if let Err(TrySendError::Full(_)) = self.lines.try_send(Message::Line(line)) {
            self.left_out.line("lines of the access log are left out: it is written too slowly");
        }
    }

    /// Waits until all lines are written, but not for long.
    pub fn close(&self) {
        if self.lines.try_send(Message::End).is_ok() {
            let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = ended.recv_timeout(LAST);
        }
    }
}
