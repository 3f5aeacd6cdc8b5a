//! Lines of text: request lines (Apache, nginx, HAProxy, AWS load balancers, S3), lists of URLs,
//! HTML, CSS, scripts.

use azulejo::check::{CONTEXTS, SERVICES, host};

use super::{Columns, names::join};

const METHODS: [&str; 8] =
    ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "PURGE "];

/// Signs that no URL has and that stand around one.
const STOPS: [char; 6] = ['"', '<', '>', '`', '\\', '|'];

/// Quotation marks as HTML writes them within attributes.
const ENTITIES: [&str; 4] = ["&quot;", "&#34;", "&apos;", "&#39;"];

/// The URL of a request line; what else the line holds, such as a referer, was not asked for.
pub fn logged(line: &str, _: &mut Columns) -> Option<Vec<String>> {
    let target = METHODS.iter().find_map(|method| {
        let mut at = line.match_indices(method).map(|(at, _)| at);
        at.find_map(|at| {
            let before = line.get(..at)?.chars().next_back();
            let target = line.get(at + method.len()..)?;
            let begins = target.starts_with('/') || host(target) > 0;
            (begins && before.is_none_or(|c| !c.is_alphanumeric())).then_some(target)
        })
    })?;
    let target = escapes_decoded(target.trim_start());
    // Up to the protocol, else to white space: old clients send a URL with spaces in it.
    let quoted = target.find('"').unwrap_or(target.len());
    let protocol = target.get(..quoted).and_then(|target| target.find(" HTTP/"));
    let end = protocol
        .or_else(|| target.find(|c: char| c.is_whitespace() || c == '"'))
        .unwrap_or(target.len());
    let (url, behind) = target.split_at_checked(end)?;
    let url = with_query(url, behind);
    // All of it was asked for, whatever signs are in it.
    Some(first(&url).map(|_| url).into_iter().collect())
}

/// Quotes and control signs of a request line are escaped as servers do it, `\"` and `\x22`; in a
/// URL they are percent-encoded.
fn escapes_decoded(line: &str) -> String {
    let mut decoded = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        decoded.push_str(before);
        let hex = escape
            .get(2..4)
            .filter(|hex| escape.starts_with("\\x") && hex.chars().all(|c| c.is_ascii_hexdigit()));
        let (written, len) = match hex {
            Some(hex) => (format!("%{hex}"), 4),
            None if escape.starts_with("\\\"") => ("%22".to_owned(), 2),
            None => ("\\".to_owned(), 1),
        };
        decoded.push_str(&written);
        rest = escape.get(len..).unwrap_or_default();
    }
    decoded + rest
}

/// Every URL in a line of HTML, CSS or a script; a line that is one word is a URL itself.
pub fn written(line: &str, _: &mut Columns) -> Option<Vec<String>> {
    // A remark in a list of URLs; `#id{…}` is CSS.
    if line.starts_with("# ") {
        return None;
    }
    // As JSON within a script writes a URL.
    let line = line.replace("\\/", "/").replace("\\u0026", "&").replace("\\u002F", "/");
    let mut urls = Vec::new();
    let mut rest = line.trim();
    while let Some((url, behind)) = next(rest) {
        urls.push(url);
        rest = behind;
    }
    let word = !line.trim().contains(|c: char| c.is_whitespace() || STOPS.contains(&c));
    if urls.is_empty() && word {
        urls.push(line.trim().to_owned());
    }
    Some(urls)
}

/// The first URL of ours, or of a service beside ours, in a text.
pub fn first(text: &str) -> Option<String> {
    next(text.trim()).map(|(url, _)| url)
}

/// A URL, and what stands behind it.
fn next(text: &str) -> Option<(String, &str)> {
    // Once through the text, whatever number of URLs is in it.
    let leads = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let context = CONTEXTS.iter().any(|(name, _)| {
            let behind = rest.strip_prefix(name);
            behind
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', ' ', '\t', '"']))
        });
        let service = || SERVICES.iter().any(|service| rest.starts_with(service.path));
        let rooted = || {
            let before = text.get(begin(text, at)..at).unwrap_or_default();
            before.is_empty() || host(before) == before.len()
        };
        context || (service() && rooted())
    };
    let at = text.match_indices('/').map(|(at, _)| at).find(|&at| leads(at))?;
    let begin = begin(text, at);
    let quote = text.get(..begin)?.chars().next_back().filter(|c| *c == '\'');
    let rest = text.get(begin..)?;
    let (url, behind) = rest.split_at_checked(at - begin + end(text.get(at..)?, quote))?;
    // The commas of srcset stand behind white space, or end a URL.
    let url = url.trim_end_matches(',');
    Some((with_query(url, behind), behind))
}

/// Where the URL begins whose path holds this place: a host may stand before it, or what a log
/// puts there (`url=https://…`).
fn begin(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let stops = |c: char| c.is_whitespace() || STOPS.contains(&c) || matches!(c, '\'' | '(' | ';');
    let word = before.rfind(stops).map_or(0, |stop| stop + 1);
    let host = before.get(word..).unwrap_or_default();
    let scheme = ["https://", "http://"].iter().find_map(|scheme| host.find(scheme));
    let slashes = || host.starts_with("//").then_some(0);
    let prefix = || (host.starts_with('/') && !host.contains('=')).then_some(0);
    scheme.or_else(slashes).or_else(prefix).map_or(at, |offset| word + offset)
}

/// How long a URL is that begins with its path: up to a sign that ends it, or a bracket that it
/// did not open.
fn end(text: &str, quote: Option<char>) -> usize {
    let mut open = 0_usize;
    let stop = text.char_indices().find(|&(at, c)| {
        open += usize::from(c == '(');
        let closes = c == ')' && open == 0;
        open -= usize::from(c == ')' && open > 0);
        let entity = c == '&'
            && ENTITIES.iter().any(|entity| text.get(at..).is_some_and(|t| t.starts_with(entity)));
        c.is_whitespace() || STOPS.contains(&c) || Some(c) == quote || closes || entity
    });
    stop.map_or(text.len(), |(at, _)| at)
}

/// The query may stand in the field behind the path.
fn with_query(url: &str, behind: &str) -> String {
    if !behind.starts_with([' ', '\t']) {
        return url.to_owned();
    }
    let next = behind.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    let query =
        next.starts_with(['$', '?']) || next.contains('=') && !next.contains(['"', '<', '\'', '>']);
    if query && !next.starts_with("HTTP/") { join(url, next) } else { url.to_owned() }
}
