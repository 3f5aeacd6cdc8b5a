//! Manifests: tables that name the file of each recorded reply.

use std::io::BufRead;

use anyhow::{Context, Result, bail, ensure};

use super::list::Entry;
use crate::check::split;

/// The rows of a manifest.
pub struct Manifest<R> {
    lines: R,
    columns: Columns,
    number: usize,
}

struct Columns {
    separator: char,
    count: usize,
    url: usize,
    file: usize,
    status: Option<usize>,
}

impl<R: BufRead> Manifest<R> {
    /// Reads the header. `None`, with nothing read, if there is no header of a manifest.
    pub fn begin(mut lines: R) -> Result<Option<Self>> {
        let start = lines.fill_buf()?;
        let end = start.iter().position(|byte| *byte == b'\n').unwrap_or(start.len());
        let header = String::from_utf8_lossy(start.get(..end).unwrap_or_default()).into_owned();
        let Some(columns) = Columns::read(header.trim_end()) else { return Ok(None) };
        lines.read_line(&mut String::new())?;
        Ok(Some(Self { lines, columns, number: 1 }))
    }

    fn row(&self, line: &str) -> Result<Entry> {
        let Columns { separator, count, url, file, status } = self.columns;
        let fields = split(line, Some(separator));
        ensure!(fields.len() == count, "expected {count} fields, found {}", fields.len());
        let field = |at: usize| fields.get(at).cloned().unwrap_or_default();
        let status = status.map(field).filter(|status| !status.is_empty());
        let status = status.map(|status| match status.parse() {
            Ok(number @ 100..=599_u16) => Ok(number),
            _ => bail!("status {status}: expected a number from 100 to 599"),
        });
        ensure!(!field(file).is_empty(), "the column file is empty");
        Ok(Entry { url: field(url), file: Some(field(file)), status: status.transpose()? })
    }
}

impl Columns {
    /// The columns of a header; `None` if it has no `url` and `file`.
    fn read(header: &str) -> Option<Self> {
        let separator = [',', ';', '\t'].into_iter().find(|sign| header.contains(*sign))?;
        let names = split(header, Some(separator));
        let place =
            |wanted: &str| names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted));
        let (url, file) = (place("url")?, place("file")?);
        Some(Self { separator, count: names.len(), url, file, status: place("status") })
    }
}

impl<R: BufRead> Iterator for Manifest<R> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Result<Entry>> {
        loop {
            let mut line = String::new();
            self.number += 1;
            match self.lines.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) if line.trim().is_empty() => {}
                Ok(_) => {
                    let row = self.row(line.trim_end_matches(['\r', '\n']));
                    return Some(row.with_context(|| format!("line {}", self.number)));
                }
                Err(error) => return Some(Err(error.into())),
            }
        }
    }
}
