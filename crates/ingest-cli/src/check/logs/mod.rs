//! Access logs and other files of URLs: which URLs a line asks for, or a JSON value of several.
//!
//! Each form of line is a file here and a row of `FORMS`. Names that products give to their fields
//! are rows of `names.rs`.

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

/// Reads one form of line: the URLs in it; `None` where the line has another form.
type Form = fn(&str, &mut Log) -> Option<Vec<String>>;

/// The forms, in the order they are tried. A line that has none of them holds no URL.
const FORMS: [Form; 5] = [json::urls, table::urls, text::logged, logfmt::urls, text::written];

/// What is known of a file so far.
#[derive(Debug, Default)]
pub struct Log {
    document: Document,
    columns: Columns,
    paths: Paths,
    /// Beginnings of URLs that a script or a viewer completes (`serverurl`, `${id}`).
    pub bases: usize,
    /// Lines and JSON values in which no URL of ours is.
    pub without: usize,
    /// Lines of a JSON value that has no end.
    broken: usize,
    /// URLs of images, and whether one has a query.
    images: usize,
    queried: bool,
}

/// URLs of images that all lack a query before that is told: a list may well be of paths.
const UNQUERIED: usize = 20;

/// A URL, and the line that it is in.
pub type Located = (usize, String);

impl Log {
    /// The URLs of the next line, or of the JSON value that ends with it.
    pub fn line(&mut self, line: String, number: usize) -> Result<Vec<Located>> {
        let mut urls = Vec::new();
        for joined in self.document.join(line, number)? {
            self.read(joined, &mut urls);
        }
        self.count(&urls);
        Ok(urls)
    }

    /// The URLs of what has no end, behind the last line.
    pub fn end(&mut self) -> Vec<Located> {
        let mut urls = Vec::new();
        if let Some(joined) = self.document.rest() {
            self.read(joined, &mut urls);
        }
        self.count(&urls);
        urls
    }

    /// What should be looked at before the counts are trusted.
    pub fn warnings(&self) -> Vec<String> {
        let broken = (self.broken > 0).then(|| {
            let (lines, read) = (self.broken, "were read one by one, path and query apart");
            format!("a JSON value has no end, or is no JSON: its {lines} lines {read}")
        });
        let unqueried = (self.images >= UNQUERIED && !self.queried).then(|| {
            let images = self.images;
            format!("none of its {images} URLs of images has a query; if the log leaves it out, log it, too")
        });
        broken.into_iter().chain(self.paths.warning().or(unqueried)).collect()
    }

    fn count(&mut self, urls: &[Located]) {
        let images = urls.iter().filter(|(_, url)| url.contains("/is/image"));
        for (_, url) in images {
            self.images += 1;
            self.queried |= url.contains('?');
        }
    }

    fn read(&mut self, joined: Joined, urls: &mut Vec<Located>) {
        match joined {
            Joined::Goes => {}
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
