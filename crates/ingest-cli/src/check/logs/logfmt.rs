//! Lines of `key=value` pairs, values perhaps in quotes (Heroku, programs in Go, custom formats of
//! nginx).

use super::{Log, names};

/// Pairs that a line has at least: a URL in a text may look like one.
const LEAST: usize = 3;

/// The URL of a line.
pub fn urls(line: &str, log: &mut Log) -> Option<Vec<String>> {
    if line.contains(['<', '{']) {
        return None;
    }
    let fields = pairs(line);
    let named = fields.iter().any(|(name, _)| names::is_named(name));
    (named && fields.len() >= LEAST).then(|| names::urls(&fields, log))
}

fn pairs(line: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, behind) = rest.split_at(end);
        let Some(value) = behind.strip_prefix('=') else {
            rest = behind.trim_start();
            continue;
        };
        let (value, behind) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
            pairs.push((key.to_owned(), value.to_owned()));
        }
        rest = behind.trim_start();
    }
    pairs
}
