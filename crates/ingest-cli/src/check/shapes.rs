//! Counts URLs by shape. URLs of one shape have the same catalog, commands and presets.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use azulejo::check::Found;
use serde::Serialize;

use super::{Checked, text_report::printable};

/// The most shapes that are counted separately. Further ones are counted together, so that a
/// hostile log cannot exhaust the memory.
const MAX_SHAPES: usize = 10_000;

/// The name of all further shapes.
const OTHERS: &str = "(other shapes)";

/// The counts of all shapes.
#[derive(Debug, Default)]
pub struct Shapes {
    hits: usize,
    shapes: HashMap<String, Shape>,
}

/// The counts of one shape.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shape {
    /// The shape, such as `/is/image/Shop/…?$product$&wid`.
    shape: String,
    /// The number of URLs.
    hits: usize,
    /// Their share of all URLs, 0 to 1.
    share: f64,
    /// The number of URLs without an error.
    ok: usize,
    /// The number of URLs whose image is not in the store.
    missing: usize,
    /// The first URL with an error, or else the first URL.
    example: String,
    /// The error of the example.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Shapes {
    /// Counts one URL.
    pub fn add(&mut self, checked: &Checked) {
        let report = &checked.report;
        self.hits += 1;
        let mut name = shape(&report.url, &report.commands);
        if self.shapes.len() >= MAX_SHAPES && !self.shapes.contains_key(&name) {
            name = OTHERS.to_owned();
        }
        let shape = self.shapes.entry(name).or_default();
        shape.hits += 1;
        shape.ok += usize::from(report.ok);
        shape.missing += usize::from(checked.missing == Some(true));
        if shape.example.is_empty() || (shape.error.is_none() && report.error.is_some()) {
            shape.example = report.url.clone();
            shape.error = report.error.as_ref().map(|error| error.message.clone());
        }
    }

    /// The shapes, the most frequent first.
    fn sorted(&self) -> Vec<Shape> {
        let named = |(name, shape): (&String, &Shape)| Shape {
            shape: name.clone(),
            share: shape.hits as f64 / self.hits.max(1) as f64,
            ..shape.clone()
        };
        let mut shapes: Vec<Shape> = self.shapes.iter().map(named).collect();
        shapes.sort_by(|one, other| {
            other.hits.cmp(&one.hits).then_with(|| one.shape.cmp(&other.shape))
        });
        shapes
    }

    /// Prints a line or a JSON object for each shape.
    pub fn print(&self, out: &mut impl Write, json: bool) -> io::Result<()> {
        if !json {
            writeln!(out, "{:>9} {:>7} {:>9} {:>9}  shape", "hits", "share", "not ok", "missing")?;
        }
        for shape in self.sorted() {
            if json {
                writeln!(out, "{}", serde_json::to_string(&shape)?)?;
                continue;
            }
            let Shape { hits, ok, missing, .. } = shape;
            let (share, bad) = (shape.share * 100.0, hits - ok);
            let name = printable(&shape.shape);
            writeln!(out, "{hits:>9} {share:>6.1}% {bad:>9} {missing:>9}  {name}")?;
            if let Some(error) = &shape.error {
                let (error, example) = (printable(error), printable(&shape.example));
                writeln!(out, "{:>39}{error}: {example}", "")?;
            }
        }
        Ok(())
    }

    /// The counts as CSV with a header (RFC 4180).
    pub fn csv(&self) -> String {
        let mut text = "shape,hits,share,ok,not_ok,missing,example,error\r\n".to_owned();
        for shape in self.sorted() {
            let Shape { hits, share, ok, missing, .. } = shape;
            let [name, example, error] =
                [&shape.shape, &shape.example, &shape.error.unwrap_or_default()]
                    .map(|text| quoted(text));
            let bad = hits - ok;
            text += &format!("{name},{hits},{share:.6},{ok},{bad},{missing},{example},{error}\r\n");
        }
        text
    }
}

/// A field of CSV (RFC 4180).
pub fn quoted(text: &str) -> String {
    // A spreadsheet would interpret these characters as the beginning of a formula.
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The shape of a URL: its context, rootId, commands and presets, without id and values.
fn shape(url: &str, commands: &[Found]) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.get(azulejo::check::host(path)..).unwrap_or_default();
    let context = ["/is/image/", "/is/content/"].iter().find(|context| path.contains(**context));
    let object =
        context.and_then(|context| path.split_once(*context)).map_or(path, |(_, object)| object);
    let root = object.trim_start_matches('/').split('/').next().unwrap_or_default();
    let context = context.unwrap_or(if path.starts_with('/') { &"/" } else { &"" });
    let mut names: Vec<&str> = Vec::new();
    for found in commands {
        if !names.contains(&found.name.as_str()) {
            names.push(&found.name);
        }
    }
    let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{context}{root}/…{query}")
}

#[cfg(test)]
mod tests {
    use azulejo::check::check;

    use super::*;

    #[test]
    fn urls_of_one_shape_are_counted_together() {
        let mut shapes = Shapes::default();
        for url in [
            "/is/image/Shop/a?$product$&wid=3",
            "https://h/is/image/Shop/b?$product$&wid=400",
            "/is/image/Shop/c?$product$&wid=abc",
            "/is/content/Shop/d.pdf",
        ] {
            shapes.add(&Checked { missing: Some(url.contains("/b?")), ..Checked::of(check(url)) });
        }
        let sorted = shapes.sorted();
        assert_eq!(sorted[0].shape, "/is/image/Shop/…?$product$&wid");
        assert_eq!(
            (sorted[0].hits, sorted[0].share, sorted[0].ok, sorted[0].missing),
            (3, 0.75, 2, 1)
        );
        assert_eq!(
            sorted[0].example, "/is/image/Shop/c?$product$&wid=abc",
            "the first that is wrong"
        );
        assert_eq!(sorted[1].shape, "/is/content/Shop/…");
        let csv = shapes.csv();
        assert!(csv.contains("\"/is/image/Shop/…?$product$&wid\",3,0.750000,2,1,1,"), "{csv}");
    }
}
