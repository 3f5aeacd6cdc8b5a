//! Lines of text: request lines (Apache, nginx, HAProxy, AWS load balancers, S3), lists of URLs,
//! HTML, CSS, scripts.

use azulejo::{
    check::{CONTEXTS, SERVICES, host},
    protocol::decode_path,
};

use super::{Log, names::join};

const METHODS: [&str; 8] =
    ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "PURGE "];

/// Signs that no URL has and that stand around one.
const STOPS: [char; 6] = ['"', '<', '>', '`', '\\', '|'];

/// Quotation marks as HTML writes them within attributes.
const ENTITIES: [&str; 4] = ["&quot;", "&#34;", "&apos;", "&#39;"];

/// What stands before a URL that was not asked for: the page that a request came from, and what
/// Varnish asked its own server for.
const BEFORE: [&str; 3] = ["referer", "referrer", "bereqURL"];

/// The URL of a request line; what else the line holds, such as a referer, was not asked for.
pub fn logged(line: &str, _: &mut Log) -> Option<Vec<String>> {
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
    Some(asked(&url).map(|_| url).into_iter().collect())
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
pub fn written(line: &str, log: &mut Log) -> Option<Vec<String>> {
    // A remark in a list of URLs; `#id{…}` is CSS.
    if line.starts_with("# ") {
        return None;
    }
    let word = line.trim();
    let is_word = is_url(word) && next(word).is_none();
    Some(if is_word { vec![word.to_owned()] } else { all(line, log) })
}

/// Every URL in a text, but those that something else completes.
pub fn all(text: &str, log: &mut Log) -> Vec<String> {
    // As JSON within a script writes a URL.
    let text = text.replace("\\/", "/").replace("\\u0026", "&").replace("\\u002F", "/");
    let mut urls = Vec::new();
    let mut rest = text.trim();
    while let Some(Next { url, before, behind }) = next(rest) {
        rest = behind;
        urls.extend(encoded(before));
        let before = before.trim_end_matches(['=', ':', '"', '\'', ' ', '\t']);
        let ends = |word: &&str| {
            let end = before.len().checked_sub(word.len()).and_then(|at| before.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        if BEFORE.iter().any(ends) {
            continue;
        }
        if is_base(&url) {
            log.bases += 1;
        } else {
            urls.push(url);
        }
    }
    urls.extend(encoded(rest));
    urls
}

/// URLs that are the value of a parameter of another URL, as image services of shops are called
/// (`/_next/image?url=https%3A%2F%2Fhost%2Fis%2Fimage%2F…`).
fn encoded(text: &str) -> Vec<String> {
    if !text.contains('%') {
        return Vec::new();
    }
    let stops = |c: char| c.is_whitespace() || STOPS.contains(&c) || matches!(c, '\'' | '&' | '=');
    let values = text.split(stops).filter(|value| value.contains('%') && !value.contains('/'));
    let decoded = values.map(decode_path);
    decoded.filter_map(|value| next(&value).map(|next| next.url)).collect()
}

/// Whether a word without `/is/image` is meant as a URL, or as `rootId/id`.
fn is_url(word: &str) -> bool {
    let path = word.split('?').next().unwrap_or_default();
    let harmful =
        |c: char| c.is_whitespace() || c.is_control() || STOPS.contains(&c) || c == '\u{fffd}';
    if word.contains(harmful) || path.contains([';', '{', '}', '*', '=', '(']) {
        return false;
    }
    let root = path.split('/').next().unwrap_or_default();
    host(path) > 0 || (path.contains('/') && !root.contains(':'))
}

/// Whether a script, a viewer or a template completes it: nothing is named, or an id is to be put
/// in.
fn is_base(url: &str) -> bool {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let behind = CONTEXTS.iter().find_map(|(name, _)| path.split_once(name));
    let Some((_, object)) = behind else { return false };
    let unnamed = query.is_empty() && (object.is_empty() || object.ends_with('/'));
    unnamed || url.contains("${") || object.contains(['{', '}']) || object.contains("%s")
}

/// The first URL of ours, or of a service beside ours, in a text that was asked for: not one within
/// the query of another URL.
pub fn asked(text: &str) -> Option<String> {
    next(text.split('?').next()?.trim())?;
    next(text.trim()).map(|next| next.url)
}

/// A URL, and what stands around it.
struct Next<'a> {
    url: String,
    before: &'a str,
    behind: &'a str,
}

/// A URL, and what stands behind it.
fn next(text: &str) -> Option<Next<'_>> {
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
    let before = text.get(..begin)?;
    let quote = before.chars().next_back().filter(|c| *c == '\'');
    let rest = text.get(begin..)?;
    let (url, behind) = rest.split_at_checked(at - begin + end(text.get(at..)?, quote))?;
    // The commas of srcset stand behind white space, or end a URL.
    let url = url.trim_end_matches(',');
    Some(Next { url: with_query(url, behind), before, behind })
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
        let cdata = c == ']' && text.get(at..).is_some_and(|t| t.starts_with("]]>"));
        let ends = closes || entity || cdata || c == '\0';
        c.is_whitespace() || STOPS.contains(&c) || Some(c) == quote || ends
    });
    stop.map_or(text.len(), |(at, _)| at)
}

/// The query may stand in the field behind the path: both in quotes, between bars, or bare.
fn with_query(url: &str, behind: &str) -> String {
    let quoted = behind.strip_prefix('"').and_then(|rest| rest.trim_start().strip_prefix('"'));
    let field = match behind.strip_prefix('|') {
        Some(rest) => rest.split('|').next(),
        None => quoted.and_then(|rest| Some(rest.split_once('"')?.0)),
    };
    if let Some(field) = field {
        let query = field.starts_with(['$', '?']) || field.contains('=');
        let another = field.starts_with('/') || field.contains("://");
        let query = query && !another && !field.contains(char::is_whitespace);
        return if query { join(url, field) } else { url.to_owned() };
    }
    if !behind.starts_with([' ', '\t']) {
        return url.to_owned();
    }
    let next = behind.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    let query =
        next.starts_with(['$', '?']) || next.contains('=') && !next.contains(['"', '<', '\'', '>']);
    if query && !next.starts_with("HTTP/") { join(url, next) } else { url.to_owned() }
}
