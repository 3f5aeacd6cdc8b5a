//! What is to be checked: URLs, files, standard input; with gzip or without.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, stdin},
    path::Path,
};

use anyhow::{Context, Result};
use azulejo::check::{CONTEXTS, SERVICES};
use flate2::bufread::MultiGzDecoder;

use crate::args::Usage;

/// One argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// A URL, or what stands in one behind `/is/image/`.
    Url(&'a str),
    /// A file of lines.
    File(&'a Path),
    /// Lines.
    Standard,
}

/// Extensions of files that hold URLs: `logs/access.log` names no image of a catalog `logs`.
const EXTENSIONS: [&str; 12] =
    ["log", "gz", "txt", "json", "jsonl", "ndjson", "csv", "tsv", "html", "htm", "css", "js"];

impl<'a> Input<'a> {
    /// What an argument means; an error where it is neither a URL nor a file.
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

    /// The lines of a file or of standard input; none of a URL.
    pub fn lines(self) -> Result<Option<Box<dyn BufRead>>> {
        Ok(match self {
            Self::Url(_) => None,
            Self::File(path) => {
                let file = File::open(path).with_context(|| path.display().to_string())?;
                Some(plain(file)?)
            }
            Self::Standard => Some(plain(stdin())?),
        })
    }
}

fn is_url(argument: &str) -> bool {
    let contexts = CONTEXTS.iter().map(|(name, _)| *name);
    let mut paths = contexts.chain(SERVICES.iter().map(|service| service.path));
    if argument.contains(['?', '\n']) || argument.contains("://") || argument.starts_with("//") {
        return true;
    }
    if paths.any(|path| argument.contains(path)) {
        return true;
    }
    // rootId/id
    let extension = Path::new(argument).extension().and_then(|extension| extension.to_str());
    let of_file = extension.is_some_and(|e| EXTENSIONS.iter().any(|x| x.eq_ignore_ascii_case(e)));
    argument.contains('/') && !of_file && !argument.starts_with(['/', '.', '~'])
}

/// Unpacks what begins as gzip does, whatever it is called. CDNs put several members one after
/// another into a file.
fn plain(source: impl Read + 'static) -> Result<Box<dyn BufRead>> {
    let mut source = BufReader::new(source);
    let packed = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if packed {
        Box::new(BufReader::new(MultiGzDecoder::new(source)))
    } else {
        Box::new(source)
    })
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
