//! Where the request begins in what was typed, or in a line of an access log.

/// Path and modifiers of a URL.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What stands behind `/is/image`.
    pub path: &'a str,
    /// What stands behind `?`.
    pub query: &'a str,
    /// Where the modifiers begin, in bytes.
    pub query_at: usize,
    /// Whether it is static content: `/is/content`.
    pub content: bool,
}

const CONTEXTS: [(&str, bool); 2] = [("/is/image", false), ("/is/content", true)];

/// Takes a URL apart. Without `/is/image`, all of it is `rootId/id?modifiers`.
pub fn split(typed: &str) -> Parts<'_> {
    let request = typed.split('#').next().unwrap_or_default();
    let head = request.split('?').next().unwrap_or_default();
    let context = CONTEXTS.iter().find_map(|&(name, content)| {
        let at = head.find(name)? + name.len();
        let whole = head.get(at..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        whole.then_some((at, content))
    });
    let (begin, content) = context.unwrap_or((0, false));
    let query_at = (head.len() + 1).min(request.len());
    Parts {
        path: head.get(begin..).unwrap_or_default(),
        query: request.get(query_at..).unwrap_or_default(),
        query_at,
        content,
    }
}

/// The first Image Serving URL in a line of a log; a line that is one word is a URL itself.
///
/// Common and combined logs have it between quotes; W3C logs have path and query in two fields.
pub fn find(line: &str) -> Option<String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let found = CONTEXTS.iter().filter_map(|(name, _)| {
        let ends = |at: &usize| {
            let rest = line.get(at + name.len()..).unwrap_or_default();
            rest.is_empty() || rest.starts_with(['/', '?', ' ', '\t', '"'])
        };
        line.match_indices(name).map(|(at, _)| at).find(ends)
    });
    let Some(at) = found.min() else {
        return (!line.contains(char::is_whitespace)).then(|| line.to_owned());
    };
    let (before, rest) = line.split_at_checked(at)?;
    let stops = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let begin = before.rfind(stops).map_or(0, |at| at + 1);
    // A host stands before the path, or what a log puts there: `url=https://…`.
    let host = before.get(begin..).unwrap_or_default();
    let scheme = ["https://", "http://"].iter().find_map(|scheme| host.find(scheme));
    let host = scheme.and_then(|at| host.get(at..)).unwrap_or_default();
    let quote = before.chars().nth_back(0).filter(|c| *c == '\'');
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '`') || Some(c) == quote;
    let end = rest.find(ends).unwrap_or(rest.len());
    let (url, behind) = rest.split_at_checked(end)?;
    let next = behind.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    let in_two = !url.contains('?') && behind.starts_with([' ', '\t']);
    let query =
        in_two && !next.starts_with("HTTP/") && (next.contains('=') || next.starts_with('$'));
    let query = if query { format!("?{next}") } else { String::new() };
    Some(format!("{host}{url}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let parts = split("https://s7.example.com/is/image/Shop/shoe?wid=3#x");
        assert_eq!((parts.path, parts.query, parts.query_at), ("/Shop/shoe", "wid=3", 42));
        let parts = split("Shop/shoe");
        assert_eq!((parts.path, parts.query, parts.content), ("Shop/shoe", "", false));
        assert!(split("/is/content/Shop/a.mp4").content);
        assert_eq!(split("/is/imagery/a").path, "/is/imagery/a");
    }

    #[test]
    fn lines_of_logs_hold_urls() {
        let url = "/is/image/Shop/shoe?wid=3&hei=4";
        let lines = [
            format!(
                r#"1.2.3.4 - - [21/Nov/2026:08:00:00 +0000] "GET {url} HTTP/1.1" 200 99 "-" "x""#
            ),
            "2026-11-21 08:00:00 GET /is/image/Shop/shoe wid=3&hei=4 443 - 1.2.3.4".to_owned(),
            format!("2026-11-21T08:00:00Z\t{url}\t200"),
            format!("curl '{url}'"),
        ];
        for line in lines {
            assert_eq!(find(&line).as_deref(), Some(url), "{line}");
        }
        let whole = "https://a.example.com/is/image/b/c?$d$";
        assert_eq!(find(&format!("200 url={whole} 3ms")).as_deref(), Some(whole));
        assert_eq!(find("GET /is/image/b/c HTTP/1.1 a=b").as_deref(), Some("/is/image/b/c"));
    }

    #[test]
    fn other_lines_hold_none() {
        for line in ["", "#Fields: cs-uri-stem", "GET /index.html HTTP/1.1", "GET /is/imagery/a"] {
            assert_eq!(find(line), None, "{line}");
        }
        assert_eq!(find("Shop/shoe?wid=3").as_deref(), Some("Shop/shoe?wid=3"));
    }
}
