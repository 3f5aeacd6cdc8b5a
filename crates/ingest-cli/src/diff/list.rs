//! What is to be compared: the distinct URLs of all inputs, or the rows of a manifest.

use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Seek, Write},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::{manifest::Manifest, target};
use crate::{
    args::Usage,
    check::{self, Input, Urls},
};

/// One pair.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path and query of both requests.
    pub url: String,
    /// The name of its recorded reply, where a manifest tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The status of that reply, where a manifest tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// All pairs in the order of the inputs. They are kept in a temporary file, so that the number is
/// known and the memory does not depend on it.
pub struct List {
    lines: std::io::Lines<BufReader<File>>,
    /// The hashes of their URLs: 100,000 take 3 MB.
    hashes: HashSet<u128>,
    /// The number of pairs.
    pub count: u64,
    /// What else the inputs held.
    pub left_out: LeftOut,
}

/// What is in the inputs and is not compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// URLs that came before.
    pub repeated: u64,
    /// URLs of other services.
    pub services: u64,
    /// Lines without an Image Serving URL.
    pub without: u64,
    /// Incomplete URLs, which a script completes.
    pub bases: u64,
}

impl List {
    /// Reads all inputs. With `recorded`, a table with the columns `url` and `file` is a manifest.
    pub fn read(inputs: &[String], recorded: bool) -> Result<Self> {
        let inputs: Vec<(&String, Input<'_>)> =
            inputs.iter().map(|what| Ok((what, Input::of(what)?))).collect::<Result<_>>()?;
        let mut writer = Writer {
            file: BufWriter::new(tempfile::tempfile()?),
            hashes: HashSet::new(),
            count: 0,
            left_out: LeftOut::default(),
        };
        for (what, input) in &inputs {
            writer.input(*input, recorded).with_context(|| (*what).clone())?;
        }
        let Writer { file, hashes, count, left_out } = writer;
        if count == 0 {
            let names: Vec<&str> = inputs.iter().map(|(what, _)| what.as_str()).collect();
            return Err(Usage(format!("no Image Serving URL in {}", names.join(", "))).into());
        }
        let mut file = file.into_inner().map_err(|error| error.into_error())?;
        file.rewind()?;
        Ok(Self { lines: BufReader::new(file).lines(), hashes, count, left_out })
    }

    /// How many of these hashes are those of its URLs.
    pub fn count_of(&self, hashes: &HashSet<u128>) -> u64 {
        hashes.intersection(&self.hashes).count() as u64
    }
}

impl Iterator for List {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Result<Entry>> {
        let line = self.lines.next()?;
        Some(line.map_err(Into::into).and_then(|line| Ok(serde_json::from_str(&line)?)))
    }
}

struct Writer {
    file: BufWriter<File>,
    hashes: HashSet<u128>,
    count: u64,
    left_out: LeftOut,
}

impl Writer {
    fn input(&mut self, input: Input<'_>, recorded: bool) -> Result<()> {
        let mut lines = match input {
            Input::Url(url) => return self.url(url),
            Input::File(path) => check::file(path)?,
            Input::Standard => check::standard()?,
        };
        if recorded && let Some(manifest) = Manifest::begin(&mut lines)? {
            for row in manifest {
                let row = row?;
                let Some(url) = target::of(&row.url) else {
                    bail!("{}: no Image Serving URL", check::printable(&row.url));
                };
                self.entry(&Entry { url, ..row })?;
            }
            return Ok(());
        }
        let mut urls = Urls::of(lines);
        while let Some(located) = urls.next_line()? {
            located.iter().try_for_each(|(_, url)| self.url(url))?;
        }
        self.left_out.without += urls.log.without as u64;
        self.left_out.bases += urls.log.bases as u64;
        Ok(())
    }

    fn url(&mut self, url: &str) -> Result<()> {
        match target::of(url) {
            Some(url) => self.entry(&Entry { url, ..Entry::default() }),
            None => {
                self.left_out.services += 1;
                Ok(())
            }
        }
    }

    fn entry(&mut self, entry: &Entry) -> Result<()> {
        if !self.hashes.insert(target::hash(&entry.url)) {
            self.left_out.repeated += 1;
            return Ok(());
        }
        self.count += 1;
        serde_json::to_writer(&mut self.file, entry)?;
        Ok(self.file.write_all(b"\n")?)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn list(text: &str, recorded: bool) -> Result<(Vec<Entry>, LeftOut)> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("urls.txt");
        fs::write(&file, text).unwrap();
        let list = List::read(&[file.to_str().unwrap().to_owned()], recorded)?;
        let left_out = list.left_out;
        Ok((list.collect::<Result<_>>()?, left_out))
    }

    #[test]
    fn urls_of_any_host_are_listed_once_and_in_order() {
        let text = "https://a/is/image/Shop/b?wid=2\n\
            10.0.0.1 - - [1/Jan/2026:00:00:00 +0000] \"GET /is/image/Shop/a HTTP/1.1\" 200 9\n\
            http://b:80/is/image/Shop/b?wid=2\nhttps://a/s7viewers/x.js\n# none\n\
            /is/image/Shop/b?wid=2&\n";
        let (entries, left_out) = list(text, false).unwrap();
        let urls: Vec<&str> = entries.iter().map(|entry| entry.url.as_str()).collect();
        assert_eq!(urls, ["/is/image/Shop/b?wid=2", "/is/image/Shop/a", "/is/image/Shop/b?wid=2&"]);
        assert_eq!((left_out.repeated, left_out.services), (1, 1));
        assert!(list("nothing here\n", false).err().unwrap().is::<Usage>());
    }

    #[test]
    fn a_manifest_names_the_files_of_recorded_replies() {
        let text = "\u{feff}URL,file,status\r\n\"/is/image/Shop/a?crop=0,0,9,9\",x/1.jpg,\r\n\
            https://h/is/image/Shop/b,2,404\r\n";
        let (entries, _) = list(text, true).unwrap();
        assert_eq!(entries[0].url, "/is/image/Shop/a?crop=0,0,9,9");
        assert_eq!((entries[0].file.as_deref(), entries[0].status), (Some("x/1.jpg"), None));
        assert_eq!((entries[1].file.as_deref(), entries[1].status), (Some("2"), Some(404)));
        let (entries, _) = list(text, false).unwrap();
        assert!(entries.len() == 2 && entries[0].file.is_none(), "a table with URLs");
        for (wrong, message) in [
            ("url,file\n/is/image/a/b\n", "line 2: expected 2 fields, found 1"),
            ("url,file,status\n/is/image/a/b,f,ok\n", "line 2: status ok: expected a number"),
        ] {
            let error = format!("{:#}", list(wrong, true).err().unwrap());
            assert!(error.contains(message), "{error}");
        }
    }
}
