//! Texts of others in a line of the log.

use crate::limits;

/// The beginning of a text, if it is long.
pub fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(limits::LOGGED_BYTES);
    let mut cut = text.get(..end).unwrap_or_default().to_owned();
    if end < text.len() {
        cut.push('…');
    }
    cut
}

/// A text without the queries, fragments and user names of the URLs in it.
pub fn without_queries(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        result.push_str(before);
        result.push_str("://");
        let ends = |c: char| c.is_whitespace() || c == ')' || c == '"';
        let (url, next) = after.split_at(after.find(ends).unwrap_or(after.len()));
        let shown = url.split(['?', '#']).next().unwrap_or_default();
        let host = shown.find('/').unwrap_or(shown.len());
        let user = shown.get(..host).and_then(|host| host.rfind('@')).map_or(0, |at| at + 1);
        result.push_str(shown.get(user..).unwrap_or_default());
        if shown.len() < url.len() {
            result.push_str("?…");
        }
        rest = next;
    }
    result + rest
}
