//! The URLs of a file, read line by line.

use std::io::BufRead;

use anyhow::{Error, Result};

use super::{
    lines::Lines,
    logs::{Located, Log},
};

/// Reads the URLs of a list, a log or another file.
pub struct Urls<R> {
    lines: Lines<R>,
    /// What has been read of it.
    pub log: Log,
    ended: bool,
}

impl<R: BufRead> Urls<R> {
    /// Reads lines.
    pub fn of(lines: R) -> Self {
        Self { lines: Lines::new(lines), log: Log::default(), ended: false }
    }

    /// The URLs of the next line, or of the value that ends with it; `None` at the end.
    pub fn next_line(&mut self) -> Result<Option<Vec<Located>>> {
        if self.ended {
            return Ok(None);
        }
        match self.lines.next() {
            Ok(Some(line)) => self.log.line(line, self.lines.number()).map(Some),
            Ok(None) => Ok(Some(self.rest())),
            Err(error) => {
                let number = self.lines.number();
                Err(Error::from(error).context(format!("after line {number}")))
            }
        }
    }

    /// The URLs of an incomplete value at the end, or where the file cannot be read any further.
    pub fn rest(&mut self) -> Vec<Located> {
        self.ended = true;
        self.log.end()
    }
}
