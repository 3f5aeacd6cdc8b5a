//! The request and the reply, free of any platform's types.

use crate::store::Read;

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
    /// The `If-Modified-Since` header.
    pub if_modified_since: Option<String>,
    /// The `Range` header; only static content is sent in parts.
    pub range: Option<String>,
    /// The `If-Range` header: of which copy the range is wanted.
    pub if_range: Option<String>,
    /// Milliseconds since 1970 when the request came in; the engine has no other clock.
    pub received_at: f64,
    /// What the platform knows of the client, and demands of it.
    pub access: Access,
}

/// Who asks, and what a request must prove.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The client's IP address, where the platform knows it.
    pub client: Option<String>,
    /// Which requests must be signed.
    pub signing: Signing,
    /// Keys of signatures, any of which will do: two while one replaces the other.
    pub keys: Vec<String>,
    /// A test context: assets that are not published are shown, too.
    pub unpublished: bool,
}

/// Which requests must be signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signing {
    /// None.
    #[default]
    Off,
    /// All but those that only name presets.
    Presets,
    /// All.
    Required,
}

impl Signing {
    /// Reads a setting: `off`, `presets` or `required`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" | "off" => Some(Self::Off),
            "presets" => Some(Self::Presets),
            "required" => Some(Self::Required),
            _ => None,
        }
    }
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
    /// Headers that a catalog's rules add, behind the others.
    pub extra: Vec<(String, String)>,
    /// The body, empty for HEAD and 304, and where it is stored.
    pub body: Vec<u8>,
    /// The body as it lies in the store, for a platform to send without holding it in memory.
    pub stored: Option<Read>,
    /// Seconds a shared cache may keep it; `None` means it must not.
    pub shared_max_age: Option<u32>,
}

/// Headers of every reply: the page of any origin may read it, and of its headers what scripts use
/// beside those that CORS lets through by itself. The contract names no reply with credentials, so
/// `*` gives nothing away.
pub const SHARED_HEADERS: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "ETag, Server-Timing, X-Azulejo-Cache, Accept-Ranges, Content-Range, Age",
    ),
];

impl HttpReply {
    /// A reply with headers of its own and those that every reply has. No shared cache may keep it
    /// unless it says so.
    pub fn new(status: u16, own: Vec<(&'static str, String)>, body: Vec<u8>) -> Self {
        let shared = SHARED_HEADERS.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            status,
            headers: own.into_iter().chain(shared).collect(),
            extra: Vec::new(),
            body,
            stored: None,
            shared_max_age: None,
        }
    }

    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Sets headers that a catalog's rules name: in place of what is there, or behind it.
    pub fn set_headers(&mut self, rules: &[(String, String, bool)]) {
        for (name, value, add) in rules {
            let known = self.headers.iter_mut().find(|(known, _)| known == name);
            let extra = self.extra.iter_mut().find(|(known, _)| known == name);
            match known.map(|(_, held)| held).or(extra.map(|(_, held)| held)) {
                Some(held) if *add => held.push_str(&format!(", {value}")),
                Some(held) => value.clone_into(held),
                None => self.extra.push((name.clone(), value.clone())),
            }
        }
    }
}
