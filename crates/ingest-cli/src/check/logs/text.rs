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
    let target = target.trim_start();
    let end = target.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(target.len());
    let (url, behind) = target.split_at_checked(end)?;
    Some(first(&with_query(url, behind)).into_iter().collect())
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
    let mut contexts = CONTEXTS.iter().filter_map(|(name, _)| {
        let ends = |at: &usize| {
            let rest = text.get(at + name.len()..).unwrap_or_default();
            rest.is_empty() || rest.starts_with(['/', '?', ' ', '\t', '"'])
        };
        text.match_indices(name).map(|(at, _)| at).find(ends)
    });
    let services = SERVICES.iter().filter_map(|service| {
        let leads = |at: &usize| {
            let before = text.get(begin(text, *at)..*at).unwrap_or_default();
            before.is_empty() || host(before) == before.len()
        };
        text.match_indices(service.path).map(|(at, _)| at).find(leads)
    });
    let at = contexts.by_ref().chain(services).min()?;
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
    let next = behind.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    let apart = behind.starts_with([' ', '\t']) && !next.starts_with("HTTP/");
    let query =
        next.starts_with(['$', '?']) || next.contains('=') && !next.contains(['"', '<', '\'', '>']);
    if apart && query { join(url, next) } else { url.to_owned() }
}
