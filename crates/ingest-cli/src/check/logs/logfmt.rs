//! Finds URLs in lines of `key=value` pairs with optional quotes (Heroku, Go programs, custom
//! formats of nginx).

use super::{Log, names};

/// The fewest pairs of a line. Fewer may be a URL in running text.
const MIN_PAIRS: usize = 3;

/// The URLs of a line. `None` if the line has another format.
pub fn urls(line: &str, log: &mut Log) -> Option<Vec<String>> {
    if line.contains(['<', '{']) {
        return None;
    }
    let fields = pairs(line);
    let named = fields.iter().any(|(name, _)| names::is_named(name));
    (named && fields.len() >= MIN_PAIRS).then(|| names::urls(&fields, log))
}

fn pairs(line: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            rest = after.trim_start();
            continue;
        };
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
            pairs.push((key.to_owned(), value.to_owned()));
        }
        rest = after.trim_start();
    }
    pairs
}
