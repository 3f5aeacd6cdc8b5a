//! Finds URLs in text: request lines (Apache, nginx, HAProxy, AWS load balancers, S3), lists of
//! URLs, HTML, CSS, scripts.

use azulejo::{
    check::{CONTEXTS, SERVICES, host},
    protocol::decode_path,
};

use super::{Log, names::join};

const METHODS: [&str; 8] =
    ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "PURGE "];

/// Characters that delimit URLs and never occur in them.
const DELIMITERS: [char; 6] = ['"', '<', '>', '`', '\\', '|'];

/// Quotes as HTML escapes them within attributes.
const ENTITIES: [&str; 4] = ["&quot;", "&#34;", "&apos;", "&#39;"];

/// Words before a URL that a client did not request: referers, and Varnish's backend requests.
const NOT_REQUESTED: [&str; 3] = ["referer", "referrer", "bereqURL"];

/// The URL of a request line. Other URLs in the line, such as referers, were not requested.
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
    let target = percent_encoded(target.trim_start());
    // The URL ends before the protocol, or else at white space: old clients send URLs with spaces.
    let quoted = target.find('"').unwrap_or(target.len());
    let protocol = target.get(..quoted).and_then(|target| target.find(" HTTP/"));
    let end = protocol
        .or_else(|| target.find(|c: char| c.is_whitespace() || c == '"'))
        .unwrap_or(target.len());
    let (url, after) = target.split_at_checked(end)?;
    let url = with_query(url, after);
    // All of it was requested, even delimiters.
    Some(requested(&url).map(|_| url).into_iter().collect())
}

/// Converts a server's escapes of a request line, `\"` and `\x22`, to percent-encoding.
fn percent_encoded(line: &str) -> String {
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

/// All URLs in a line of HTML, CSS or a script. A line that is a single word is a URL itself.
pub fn written(line: &str, log: &mut Log) -> Option<Vec<String>> {
    // A comment in a list of URLs; `#id{…}` is CSS.
    if line.starts_with("# ") {
        return None;
    }
    let word = line.trim();
    let is_word = is_url(word) && find_url(word).is_none();
    Some(if is_word { vec![word.to_owned()] } else { all(line, log) })
}

/// All URLs in a text. Incomplete ones are only counted.
pub fn all(text: &str, log: &mut Log) -> Vec<String> {
    // Decodes the escapes of JSON within scripts.
    let text = text.replace("\\/", "/").replace("\\u0026", "&").replace("\\u002F", "/");
    let mut urls = Vec::new();
    let mut rest = text.trim();
    while let Some(Match { url, before, after }) = find_url(rest) {
        rest = after;
        urls.extend(encoded(before));
        let before = before.trim_end_matches(['=', ':', '"', '\'', ' ', '\t']);
        let ends = |word: &&str| {
            let end = before.len().checked_sub(word.len()).and_then(|at| before.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        if NOT_REQUESTED.iter().any(ends) {
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

/// Percent-encoded URLs in the parameters of other URLs, as for image services
/// (`/_next/image?url=https%3A%2F%2Fhost%2Fis%2Fimage%2F…`).
fn encoded(text: &str) -> Vec<String> {
    if !text.contains('%') {
        return Vec::new();
    }
    let stops =
        |c: char| c.is_whitespace() || DELIMITERS.contains(&c) || matches!(c, '\'' | '&' | '=');
    let values = text.split(stops).filter(|value| value.contains('%') && !value.contains('/'));
    let decoded = values.map(decode_path);
    decoded.filter_map(|value| find_url(&value).map(|found| found.url)).collect()
}

/// Whether a word without `/is/image` is a URL or `rootId/id`.
fn is_url(word: &str) -> bool {
    let path = word.split('?').next().unwrap_or_default();
    let is_invalid =
        |c: char| c.is_whitespace() || c.is_control() || DELIMITERS.contains(&c) || c == '\u{fffd}';
    if word.contains(is_invalid) || path.contains([';', '{', '}', '*', '=', '(']) {
        return false;
    }
    let root = path.split('/').next().unwrap_or_default();
    host(path) > 0 || (path.contains('/') && !root.contains(':'))
}

/// Whether the URL is incomplete: it has no object, or a placeholder that a script or template
/// fills.
fn is_base(url: &str) -> bool {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let after = CONTEXTS.iter().find_map(|(name, _)| path.split_once(name));
    let Some((_, object)) = after else { return false };
    let unnamed = query.is_empty() && (object.is_empty() || object.ends_with('/'));
    unnamed || url.contains("${") || object.contains(['{', '}']) || object.contains("%s")
}

/// The first URL of Image Serving, or of a related service, in a requested URL. One within the
/// query of another URL does not count.
pub fn requested(text: &str) -> Option<String> {
    find_url(text.split('?').next()?.trim())?;
    find_url(text.trim()).map(|found| found.url)
}

/// A URL in a text.
struct Match<'a> {
    url: String,
    /// The text before the URL.
    before: &'a str,
    /// The text after the URL.
    after: &'a str,
}

/// Finds the first URL in a text.
fn find_url(text: &str) -> Option<Match<'_>> {
    // Scans the text once, so that many URLs in one line take linear time.
    let leads = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let context = CONTEXTS.iter().any(|(name, _)| {
            let after = rest.strip_prefix(name);
            after
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
    let (url, after) = rest.split_at_checked(at - begin + end(text.get(at..)?, quote))?;
    // In srcset a comma at the end of a URL is a separator.
    let url = url.trim_end_matches(',');
    Some(Match { url: with_query(url, after), before, after })
}

/// The offset at which the URL with the path at `at` begins. It may have a host, and a log may put
/// a name before it (`url=https://…`).
fn begin(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let stops =
        |c: char| c.is_whitespace() || DELIMITERS.contains(&c) || matches!(c, '\'' | '(' | ';');
    let word = before.rfind(stops).map_or(0, |stop| stop + 1);
    let host = before.get(word..).unwrap_or_default();
    let scheme = ["https://", "http://"].iter().find_map(|scheme| host.find(scheme));
    let slashes = || host.starts_with("//").then_some(0);
    let prefix = || (host.starts_with('/') && !host.contains('=')).then_some(0);
    scheme.or_else(slashes).or_else(prefix).map_or(at, |offset| word + offset)
}

/// The length of the URL's path and query at the beginning of `text`. It ends at a delimiter, or at
/// a bracket that it did not open.
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
        c.is_whitespace() || DELIMITERS.contains(&c) || Some(c) == quote || ends
    });
    stop.map_or(text.len(), |(at, _)| at)
}

/// Adds the query from the next field: both quoted, separated by bars, or by white space.
fn with_query(url: &str, after: &str) -> String {
    let quoted = after.strip_prefix('"').and_then(|rest| rest.trim_start().strip_prefix('"'));
    let field = match after.strip_prefix('|') {
        Some(rest) => rest.split('|').next(),
        None => quoted.and_then(|rest| Some(rest.split_once('"')?.0)),
    };
    if let Some(field) = field {
        let query = field.starts_with(['$', '?']) || field.contains('=');
        let another = field.starts_with('/') || field.contains("://");
        let query = query && !another && !field.contains(char::is_whitespace);
        return if query { join(url, field) } else { url.to_owned() };
    }
    if !after.starts_with([' ', '\t']) {
        return url.to_owned();
    }
    let next = after.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    let query =
        next.starts_with(['$', '?']) || next.contains('=') && !next.contains(['"', '<', '\'', '>']);
    if query && !next.starts_with("HTTP/") { join(url, next) } else { url.to_owned() }
}
