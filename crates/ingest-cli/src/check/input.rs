//! The inputs of `azulejo check`: URLs, files, standard input.

use std::path::Path;

use anyhow::Result;
use azulejo::check::{CONTEXTS, service};

use crate::args::Usage;

/// One input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// A URL, or the part of one after `/is/image/`.
    Url(&'a str),
    /// A file.
    File(&'a Path),
    /// Standard input.
    Standard,
}

/// Extensions of files with URLs, so that `logs/access.log` is not taken for an image in a catalog
/// `logs`.
const EXTENSIONS: [&str; 14] = [
    "log", "gz", "txt", "json", "jsonl", "ndjson", "csv", "tsv", "html", "htm", "css", "js", "har",
    "xml",
];

impl<'a> Input<'a> {
    /// Interprets an argument. Fails if it is neither a URL nor a file.
    pub fn of(argument: &'a str) -> Result<Self> {
        let path = Path::new(argument);
        if argument == "-" {
            return Ok(Self::Standard);
        }
        if path.is_dir() {
            let message = format!("{argument}: a folder; name the files in it");
            return Err(Usage(message).into());
        }
        if path.exists() {
            return Ok(Self::File(path));
        }
        if is_url(argument.trim()) {
            return Ok(Self::Url(argument.trim()));
        }
        Err(Usage(format!("{argument}: no such file, and no URL")).into())
    }
}

fn is_url(argument: &str) -> bool {
    if argument.contains(['?', '\n']) || argument.contains("://") || argument.starts_with("//") {
        return true;
    }
    if CONTEXTS.iter().any(|(name, _)| argument.contains(name)) || service(argument).is_some() {
        return true;
    }
    // rootId/id
    let extension = Path::new(argument).extension().and_then(|extension| extension.to_str());
    let of_file = extension.is_some_and(|e| EXTENSIONS.iter().any(|x| x.eq_ignore_ascii_case(e)));
    argument.contains('/') && !of_file && !argument.starts_with(['/', '.', '~'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_urls_or_files_that_are_there() {
        for url in [
            "Shop/shoe",
            "Shop/shoe?wid=3",
            "https://a/b",
            "/is/image/a/b",
            "/ir/render/a",
            "a/b.jpg",
        ] {
            assert_eq!(Input::of(url).unwrap(), Input::Url(url));
        }
        for wrong in ["nosuch.log", "logs/nosuch.log.gz", "/var/log/nosuch", "./nosuch", "nosuch"] {
            let error = Input::of(wrong).unwrap_err();
            assert_eq!(error.to_string(), format!("{wrong}: no such file, and no URL"));
            assert!(error.is::<Usage>());
        }
    }
}
