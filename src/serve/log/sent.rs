//! What the log tells of a reply.

use super::text::{cut, without_queries};
use crate::{
    error::{Error, ErrorKind},
    http::HttpReply,
};

/// What the log needs of a reply.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sent {
    /// Its status.
    pub status: u16,
    /// `hit`, `miss` or `bypass`, as `X-Azulejo-Cache`; empty if it has no such header.
    pub cache: &'static str,
    /// Its media type.
    pub media_type: String,
    /// The bytes of its body.
    pub bytes: u64,
    /// Its `Server-Timing`.
    pub timing: String,
    /// The error that it tells or hides.
    pub error: Option<Box<Error>>,
}

impl Sent {
    /// The facts of a reply with a body of this length.
    pub fn of(reply: &HttpReply, cache: &'static str, bytes: u64) -> Self {
        let header = |name| reply.header(name).unwrap_or_default().to_owned();
        let error = reply.error.clone();
        let (media_type, timing) = (header("content-type"), header("server-timing"));
        Self { status: reply.status, cache, media_type, bytes, timing, error }
    }

    /// Whether it is the fault of the server. Such replies are logged whatever the sample.
    pub fn is_fault(&self) -> bool {
        self.status >= 500 || self.error.as_ref().is_some_and(|error| error.kind.status().0 >= 500)
    }

    /// How a cache took part: `revalidated` for a 304, else as in `X-Azulejo-Cache`.
    pub fn cache(&self) -> &'static str {
        if self.status == 304 { "revalidated" } else { self.cache }
    }

    /// The stages and their milliseconds, without the nodes of the plan, which have a description.
    pub fn stages(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.timing.split(", ").filter_map(|entry| entry.split_once(";dur="));
        entries.filter(|(name, _)| !name.contains(';'))
    }

    /// The error in one line, without the queries of URLs in it.
    pub fn message(&self) -> Option<String> {
        let Error { kind, message, detail, .. } = self.error.as_deref()?;
        // The detail of an unknown macro is the list of all there are.
        let detail = detail.as_ref().filter(|_| *kind != ErrorKind::UnknownMacro);
        let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
        Some(cut(&without_queries(&format!("{message}{detail}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;

    #[test]
    fn an_error_is_told_without_the_queries_of_urls() {
        let error = |message: &str, kind| Error::new(kind, message).with_detail("why");
        let sent = |error: Error| Sent { error: Some(Box::new(error)), ..Sent::default() };
        let remote = "src=(https://me:key@h.example/a.jpg?token=1): no rule permits it";
        assert_eq!(
            sent(error(remote, ErrorKind::Forbidden)).message().unwrap(),
            "src=(https://h.example/a.jpg?…): no rule permits it (why)"
        );
        let unknown = error("$x$: no such macro", ErrorKind::UnknownMacro);
        assert_eq!(sent(unknown).message().unwrap(), "$x$: no such macro");
        let long = sent(error(&"é".repeat(9999), ErrorKind::Value)).message().unwrap();
        assert!(long.len() <= limits::LOGGED_BYTES + 3 && long.ends_with('…'), "{}", long.len());
        assert!(sent(Error::busy()).is_fault() && !sent(Error::value("wid", "a", "b")).is_fault());
    }
}
