//! The request and the reply, free of any platform's types.

/// What a platform hands to [`crate::serve::serve`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HttpRequest {
    /// The method; only GET and HEAD are answered.
    pub method: Method,
    /// The path as sent, still percent-encoded: `/is/image/Shop/red-shoe`.
    pub path: String,
    /// The query as sent, without its `?`.
    pub query: String,
    /// The `If-None-Match` header.
    pub if_none_match: Option<String>,
    /// Milliseconds since 1970 when the request came in; the engine has no other clock.
    pub received_at: f64,
}

/// The methods of the contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// Send headers and body.
    #[default]
    Get,
    /// Send headers only.
    Head,
    /// Anything else: 405.
    Other,
}

/// A finished reply. Header names are lower case.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// Headers in the order they are sent.
    pub headers: Vec<(&'static str, String)>,
    /// The body, empty for HEAD and 304.
    pub body: Vec<u8>,
    /// Seconds a shared cache may keep it; `None` means it must not.
    pub shared_max_age: Option<u32>,
}

impl HttpReply {
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}
