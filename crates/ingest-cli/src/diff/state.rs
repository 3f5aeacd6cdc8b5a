//! The state of a run: the result of each pair, one JSON object a line.
//!
//! Lines are only ever appended. Of several lines for one URL the last one counts. A last line that
//! was cut off is overwritten.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions, TryLockError},
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::{outcome::Outcome, target};
use crate::args::Usage;

/// The file within the folder of the report.
pub const NAME: &str = "state.jsonl";

/// The first line: what is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of this file.
    pub version: u32,
    /// The old side.
    pub old: String,
    /// The new side.
    pub new: String,
    /// The `Accept` header.
    pub accept: String,
    /// Whether unpublished assets are shown.
    pub unpublished: bool,
}

/// The state of a run.
pub struct State {
    file: File,
    /// Where the last line of each URL begins.
    lines: HashMap<u128, u64>,
    /// The length of all complete lines.
    len: u64,
}

impl State {
    /// Opens the state in a folder, and makes it if it is not there. Fails if another process has it
    /// open, or if it is about something else.
    pub fn open(folder: &Path, header: &Header) -> Result<Self> {
        let path = folder.join(NAME);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("{}: another azulejo diff writes this report", folder.display());
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| path.display().to_string());
            }
        }
        let mut state = Self { file, lines: HashMap::new(), len: 0 };
        state.read(header).with_context(|| path.display().to_string())?;
        Ok(state)
    }

    fn read(&mut self, wanted: &Header) -> Result<()> {
        let mut reader = BufReader::new(&self.file);
        let (mut line, mut number, mut found) = (Vec::new(), 0, None);
        loop {
            line.clear();
            reader.read_until(b'\n', &mut line)?;
            if !line.ends_with(b"\n") {
                break;
            }
            number += 1;
            let damaged = || format!("line {number} is damaged; remove it, or the folder");
            if number == 1 {
                found = Some(serde_json::from_slice(&line).with_context(damaged)?);
            } else {
                #[derive(Deserialize)]
                struct Url {
                    url: String,
                }
                let Url { url } = serde_json::from_slice(&line).with_context(damaged)?;
                self.lines.insert(target::hash(&url), self.len);
            }
            self.len += line.len() as u64;
        }
        match found {
            Some(header) if !self.lines.is_empty() => check(&header, wanted)?,
            // Without any result it may become a report about something else.
            _ => self.len = 0,
        }
        self.file.set_len(self.len)?;
        if self.len == 0 {
            self.append(&serde_json::to_string(wanted)?)?;
        }
        Ok(())
    }

    /// Calls a function with the last result of each URL, in order.
    pub fn each(&self, mut each: impl FnMut(Outcome) -> Result<()>) -> Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        let (mut reader, mut line, mut at) = (BufReader::new(file), Vec::new(), 0);
        while at < self.len {
            line.clear();
            reader.read_until(b'\n', &mut line)?;
            if at > 0 {
                let outcome: Outcome = serde_json::from_slice(&line)?;
                if self.lines.get(&target::hash(&outcome.url)) == Some(&at) {
                    each(outcome)?;
                }
            }
            at += line.len() as u64;
        }
        Ok(())
    }

    /// Adds the result of a pair.
    pub fn add(&mut self, outcome: &Outcome) -> Result<()> {
        let at = self.len;
        self.append(&serde_json::to_string(outcome)?)?;
        self.lines.insert(target::hash(&outcome.url), at);
        Ok(())
    }

    /// Writes a line at once, so that a process that is killed leaves whole lines but the last.
    fn append(&mut self, line: &str) -> Result<()> {
        let line = format!("{line}\n");
        self.file.seek(SeekFrom::Start(self.len))?;
        self.file.write_all(line.as_bytes()).context("the state of the run")?;
        self.len += line.len() as u64;
        Ok(())
    }
}

/// Fails if the report in a folder compares something else.
fn check(found: &Header, wanted: &Header) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    let other = |name: &str, is: &dyn std::fmt::Display, was: &dyn std::fmt::Display| {
        format!("this report has {name} {was}, not {is}; name another folder with --report")
    };
    Err(Usage(if found.version != wanted.version {
        other("the format", &wanted.version, &found.version)
    } else if found.old != wanted.old {
        other("--old", &wanted.old, &found.old)
    } else if found.new != wanted.new {
        other("--new", &wanted.new, &found.new)
    } else if found.accept != wanted.accept {
        other("--accept", &wanted.accept, &found.accept)
    } else {
        other("--unpublished", &wanted.unpublished, &found.unpublished)
    })
    .into())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::diff::{judge::judge, reply::NoReply};

    fn header(new: &str) -> Header {
        let [old, new, accept] = ["https://a", new, "*/*"].map(str::to_owned);
        Header { version: 1, old, new, accept, unpublished: false }
    }

    fn outcome(url: &str, why: &str) -> Outcome {
        let failed = Err(NoReply { why: why.to_owned(), transient: false });
        judge(url.to_owned(), &failed, &failed)
    }

    fn all(state: &State) -> Vec<(String, Option<String>)> {
        let mut all = Vec::new();
        let each = |outcome: Outcome| {
            all.push((outcome.url, outcome.old.error));
            Ok(())
        };
        state.each(each).unwrap();
        all
    }

    #[test]
    fn a_line_that_was_cut_off_anywhere_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let mut state = State::open(folder.path(), &header("b")).unwrap();
        state.add(&outcome("/is/image/a/1", "é")).unwrap();
        let whole = fs::metadata(&path).unwrap().len();
        state.add(&outcome("/is/image/a/2", "é")).unwrap();
        drop(state);
        let bytes = fs::read(&path).unwrap();
        for end in whole as usize..bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            let mut state = State::open(folder.path(), &header("b")).unwrap();
            assert_eq!(all(&state), [("/is/image/a/1".to_owned(), Some("é".to_owned()))]);
            state.add(&outcome("/is/image/a/3", "x")).unwrap();
            assert_eq!(all(&state).len(), 2);
        }
        for end in 0..40 {
            fs::write(&path, &bytes[..end]).unwrap();
            assert_eq!(all(&State::open(folder.path(), &header("b")).unwrap()), []);
        }
    }

    #[test]
    fn the_last_line_of_a_url_counts() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::open(folder.path(), &header("b")).unwrap();
        for (url, why) in [("/is/image/a/1", "x"), ("/is/image/a/2", "y"), ("/is/image/a/1", "z")] {
            state.add(&outcome(url, why)).unwrap();
        }
        let wanted = [("/is/image/a/2", "y"), ("/is/image/a/1", "z")];
        let wanted = wanted.map(|(url, why)| (url.to_owned(), Some(why.to_owned())));
        assert_eq!(all(&state), wanted);
        drop(state);
        assert_eq!(all(&State::open(folder.path(), &header("b")).unwrap()), wanted);
    }

    #[test]
    fn a_state_of_something_else_or_in_use_or_damaged_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        drop(State::open(folder.path(), &header("a")).unwrap());
        let mut state = State::open(folder.path(), &header("b")).unwrap();
        state.add(&outcome("/is/image/a/1", "x")).unwrap();
        let error = State::open(folder.path(), &header("b")).err().unwrap().to_string();
        assert!(error.ends_with("another azulejo diff writes this report"), "{error}");
        drop(state);
        let error = State::open(folder.path(), &header("c")).err().unwrap();
        assert!(error.is::<Usage>() && format!("{error:#}").contains("has --new b, not c"));
        let path = folder.path().join(NAME);
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("{\"url\":\n");
        fs::write(&path, &text).unwrap();
        let error = format!("{:#}", State::open(folder.path(), &header("b")).err().unwrap());
        assert!(error.contains("line 3 is damaged"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "nothing is lost");
    }
}
