//! Splits a typed URL into its parts.

/// Path and modifiers of a URL.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The part after `/is/image` or `/is/content`; all of it if [`bare`](Self::bare).
    pub path: &'a str,
    /// The part after `?`, without a fragment.
    pub query: &'a str,
    /// The byte offset of `query` in the URL; the end of the path if there is no `?`.
    pub query_at: usize,
    /// Whether it is for static content: `/is/content`.
    pub content: bool,
    /// Whether it has neither prefix: it is `rootId/id?modifiers`, or a URL of something else.
    pub bare: bool,
}

/// The path prefixes of images and of static content, and whether each is for static content.
pub const CONTEXTS: [(&str, bool); 2] = [("/is/image", false), ("/is/content", true)];

/// Splits a URL. Without `/is/image` or `/is/content`, all of it is `rootId/id?modifiers`.
pub fn split(typed: &str) -> Parts<'_> {
    let request = typed.split('#').next().unwrap_or_default();
    let head = request.split('?').next().unwrap_or_default();
    let context = CONTEXTS.iter().find_map(|&(name, content)| {
        let begins = name.get(1..).is_some_and(|name| head.starts_with(name));
        let at = if begins { name.len() - 1 } else { head.find(name)? + name.len() };
        let whole = head.get(at..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        whole.then_some((at, content))
    });
    let bare = context.is_none();
    let (begin, content) = context.unwrap_or((0, false));
    let query_at = (head.len() + 1).min(request.len());
    Parts {
        path: head.get(begin..).unwrap_or_default(),
        query: request.get(query_at..).unwrap_or_default(),
        query_at,
        content,
        bare,
    }
}

/// The byte offset of the path: after `https://host` or `//host`, else 0.
pub fn host(typed: &str) -> usize {
    let begin = match (typed.find("://"), typed.starts_with("//")) {
        (_, true) => 2,
        (Some(at), false) if !typed.get(..at).unwrap_or_default().contains(['/', '?', '#']) => {
            at + 3
        }
        (Some(_) | None, false) => return 0,
    };
    let rest = typed.get(begin..).unwrap_or_default();
    begin + rest.find(['/', '?', '#']).unwrap_or(rest.len())
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
        let parts = split("is/image/Shop/shoe?wid=3");
        assert_eq!((parts.path, parts.query, parts.bare), ("/Shop/shoe", "wid=3", false));
        assert_eq!(split("/is/imagery/a").path, "/is/imagery/a");
    }

    #[test]
    fn a_host_ends_where_the_path_begins() {
        let at = |typed: &str| typed.get(host(typed)..).unwrap_or_default().to_owned();
        assert_eq!(at("https://a.example.com/ir/x"), "/ir/x");
        assert_eq!(at("//a.example.com/ir/x"), "/ir/x");
        assert_eq!(at("/is/image/a?src=http://b/c"), "/is/image/a?src=http://b/c");
        assert_eq!(at("https://a.example.com"), "");
        assert_eq!(at("shoe#seen=http://b/c"), "shoe#seen=http://b/c");
    }
}
