//! Finds the requested URLs in access logs and other files.
//!
//! Each form of line is a file in this folder and a row of `FORMS`. The field names of products are
//! rows of `names.rs`.

mod document;
mod json;
mod logfmt;
mod names;
mod table;
mod text;

use anyhow::Result;

use document::{Document, Joined};
use names::Paths;
use table::Columns;

pub use table::split;

/// Finds the URLs in a line of one form. Returns `None` if the line has another form.
type Form = fn(&str, &mut Log) -> Option<Vec<String>>;

/// The forms, in the order in which they are tried. A line of no form has no URL.
const FORMS: [Form; 5] = [json::urls, table::urls, text::logged, logfmt::urls, text::written];

/// The state of reading a file.
#[derive(Debug, Default)]
pub struct Log {
    document: Document,
    columns: Columns,
    paths: Paths,
    /// The number of incomplete URLs that a script or viewer completes (`serverurl`, `${id}`).
    pub bases: usize,
    /// The number of lines and JSON values without an Image Serving URL.
    pub without: usize,
    /// The number of lines of broken JSON values.
    broken: usize,
    /// The number of image URLs.
    images: usize,
    /// Whether one of them has a query.
    has_query: bool,
}

/// The fewest image URLs without any query for which a warning is printed. A short list may well be
/// one of paths.
const MIN_WITHOUT_QUERY: usize = 20;

/// The number of a line, and a URL in it.
pub type Located = (usize, String);

impl Log {
    /// Reads the next line. Returns its URLs, or those of the JSON value that ends with it.
    pub fn line(&mut self, line: String, number: usize) -> Result<Vec<Located>> {
        let mut urls = Vec::new();
        for joined in self.document.join(line, number)? {
            self.read(joined, &mut urls);
        }
        self.count(&urls);
        Ok(urls)
    }

    /// The URLs of an incomplete JSON value at the end of the file.
    pub fn end(&mut self) -> Vec<Located> {
        let mut urls = Vec::new();
        if let Some(joined) = self.document.rest() {
            self.read(joined, &mut urls);
        }
        self.count(&urls);
        urls
    }

    /// Warnings about input that may have been misread.
    pub fn warnings(&self) -> Vec<String> {
        let broken = (self.broken > 0).then(|| {
            let (lines, read) = (self.broken, "were read one by one, path and query apart");
            format!("a JSON value has no end, or is no JSON: its {lines} lines {read}")
        });
        let unqueried = (self.images >= MIN_WITHOUT_QUERY && !self.has_query).then(|| {
            let images = self.images;
            format!("none of its {images} URLs of images has a query; if the log leaves it out, log it, too")
        });
        broken.into_iter().chain(self.paths.warning().or(unqueried)).collect()
    }

    fn count(&mut self, urls: &[Located]) {
        let images = urls.iter().filter(|(_, url)| url.contains("/is/image"));
        for (_, url) in images {
            self.images += 1;
            self.has_query |= url.contains('?');
        }
    }

    fn read(&mut self, joined: Joined, urls: &mut Vec<Located>) {
        match joined {
            Joined::Incomplete => {}
            Joined::Lines(first, lines) => self.lines(first, &lines, urls),
            Joined::Value(first, value) => match json::value(&value, self) {
                None => self.lines(first, &value, urls),
                Some(found) => {
                    self.without += usize::from(found.is_empty());
                    let ends: Vec<usize> = value.match_indices('\n').map(|(at, _)| at).collect();
                    let number = |begin| first + ends.partition_point(|end| *end < begin);
                    urls.extend(found.into_iter().map(|(begin, url)| (number(begin), url)));
                }
            },
        }
    }

    fn lines(&mut self, first: usize, lines: &str, urls: &mut Vec<Located>) {
        let count = lines.lines().count();
        self.broken += if count > 1 { count } else { 0 };
        for (at, line) in lines.lines().enumerate() {
            let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
            if line.trim().is_empty() {
                continue;
            }
            let found = FORMS.iter().find_map(|form| form(line, self)).unwrap_or_default();
            self.without += usize::from(found.is_empty());
            urls.extend(found.into_iter().map(|url| (first + at, url)));
        }
    }
}

#[cfg(test)]
mod tests;
