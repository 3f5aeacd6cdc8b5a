//! The HTTP request and reply, independent of any platform's types.

use crate::{
    client_hints::ClientHints,
    error::{Error, Result},
    limits,
    store::Read,
};

/// An HTTP request, as a platform passes it to [`crate::serve::serve`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HttpRequest {
    /// The method; only GET and HEAD are supported.
    pub method: Method,
    /// The path as sent, percent-encoded: `/is/image/Shop/red-shoe`.
    pub path: String,
    /// The query as sent, without its `?`.
    pub query: String,
    /// The `If-None-Match` header.
    pub if_none_match: Option<String>,
    /// The `If-Modified-Since` header.
    pub if_modified_since: Option<String>,
    /// The `Range` header; only static content supports ranges.
    pub range: Option<String>,
    /// The `If-Range` header: the version for which the range is valid.
    pub if_range: Option<String>,
    /// The `Authorization` header; only lists of the preview page require one.
    pub authorization: Option<String>,
    /// When the request arrived, in milliseconds since 1970; the engine has no other clock.
    pub received_at: f64,
    /// What the client tells about its formats, its screen and its connection.
    pub hints: ClientHints,
    /// The client's address, and the access settings of the server.
    pub access: Access,
}

/// The client of a request, and the access settings that apply to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The client's IP address, if the platform knows it.
    pub client: Option<String>,
    /// Which requests must be signed.
    pub signing: Signing,
    /// Signing keys. A signature with any of them is valid; two allow a key rotation.
    pub keys: Vec<String>,
    /// Whether unpublished assets are served, too: the `test` publish context.
    pub unpublished: bool,
    /// How replies name the objects that they show.
    pub cache_tags: CacheTags,
}

impl Access {
    /// Parses a server's settings: `keys` (`SIGNING_KEYS`, separated by white space), `signing`
    /// (`SIGNING`), `context` (`PUBLISH_CONTEXT`) and `tags` (`CACHE_TAGS`). With keys, an empty
    /// `signing` is `required`. If requests must be signed, an empty `tags` is `hashed`.
    ///
    /// An invalid setting is an error, so that a typo never leaves a server unprotected.
    pub fn of_settings(
        keys: Option<&str>,
        signing: &str,
        context: &str,
        tags: &str,
    ) -> Result<Self> {
        let wrong = |name, value, wanted| Err(Error::value(name, value, wanted));
        let unpublished = match context.trim() {
            "" | "production" => false,
            "test" => true,
            other => return wrong("PUBLISH_CONTEXT", other, "test or production"),
        };
        let all: Vec<String> =
            keys.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        // The errors do not contain the keys, which are secret.
        if keys.is_some() && all.is_empty() {
            return wrong("SIGNING_KEYS", "", "a key, or no such setting at all");
        }
        if all.iter().any(|key| key.len() < limits::SIGNING_KEY_BYTES) {
            let wanted = format!("keys of at least {} characters", limits::SIGNING_KEY_BYTES);
            return wrong("SIGNING_KEYS", "…", &wanted);
        }
        let signing = match (Signing::parse(signing), signing.trim()) {
            (Some(_), "") if !all.is_empty() => Signing::Required,
            (Some(signing), _) => signing,
            (None, other) => return wrong("SIGNING", other, "required, presets or off"),
        };
        let cache_tags = match tags.trim() {
            "" if signing == Signing::Off => CacheTags::Names,
            "" | "hashed" => CacheTags::Hashed,
            "names" => CacheTags::Names,
            "off" => CacheTags::Off,
            other => return wrong("CACHE_TAGS", other, "names, hashed or off"),
        };
        Ok(Self { client: None, signing, keys: all, unpublished, cache_tags })
    }
}

/// How the `Cache-Tag` of a reply names the objects that it shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CacheTags {
    /// By their names.
    #[default]
    Names,
    /// By hashes of their names: presets and records may name objects that a client must not know.
    Hashed,
    /// Replies have no such header.
    Off,
}

/// The client's address from a header. The last address of a list wins: the trusted proxy adds
/// it, while the client can forge those before it. `None` if the last one is empty.
pub fn client_address(header: &str) -> Option<&str> {
    header.rsplit(',').next().map(str::trim).filter(|address| !address.is_empty())
}

/// Which requests must be signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signing {
    /// None.
    #[default]
    Off,
    /// All requests except those that only call presets.
    Presets,
    /// All.
    Required,
}

impl Signing {
    /// Parses a setting: `off` (or nothing), `presets` or `required`; `None` for other text.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" | "off" => Some(Self::Off),
            "presets" => Some(Self::Presets),
            "required" => Some(Self::Required),
            _ => None,
        }
    }
}

/// The request methods that the server distinguishes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// Send headers and body.
    #[default]
    Get,
    /// Send headers only.
    Head,
    /// Anything else, which gets a 405.
    Other,
}

/// A finished reply. Header names are lower case.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// Headers in the order they are sent.
    pub headers: Vec<(&'static str, String)>,
    /// Headers that a catalog's rules add, sent after `headers`.
    pub extra: Vec<(String, String)>,
    /// The body; empty for HEAD, for a 304, and if `stored` names it.
    pub body: Vec<u8>,
    /// The stored file that is the body; the platform streams it, to use little memory.
    pub stored: Option<Read>,
    /// Lifetime in a shared cache, in seconds; `None` means it must not be stored there.
    pub shared_max_age: Option<u32>,
    /// Whether access depends on the client's address. Then the reply is for this client only; only
    /// a cache that is looked up after the address check may share it.
    pub private: bool,
    /// The error that the reply tells or hides, for the log.
    pub error: Option<Box<Error>>,
}

/// A header that a catalog's rules set in a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderChange {
    /// The lower-case name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether the value is appended to an existing one. Otherwise it replaces that.
    pub append: bool,
}

/// Headers of every reply. A page of any origin may read the reply, and the exposed headers besides
/// those that CORS always exposes. No reply depends on credentials, so `*` reveals nothing.
/// Isolated pages (`Cross-Origin-Embedder-Policy`) may embed the reply.
pub const SHARED_HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "ETag, Server-Timing, X-Azulejo-Cache, Accept-Ranges, Content-Range, Age",
    ),
];

impl HttpReply {
    /// A reply with its `own` headers, followed by [`SHARED_HEADERS`]. No shared cache may store it
    /// until `shared_max_age` is set.
    pub fn new(status: u16, own: Vec<(&'static str, String)>, body: Vec<u8>) -> Self {
        let shared = SHARED_HEADERS.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            status,
            headers: own.into_iter().chain(shared).collect(),
            extra: Vec::new(),
            body,
            stored: None,
            shared_max_age: None,
            private: false,
            error: None,
        }
    }

    /// Whether the reply is a complete image that shared caches may store.
    pub fn is_cacheable(&self) -> bool {
        self.status == 200 && self.shared_max_age.is_some()
    }

    /// The value of a header in `headers`, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    /// Sets headers of a catalog's rules. An existing value is replaced, or the new one is appended
    /// after a comma; a new header goes to `extra`.
    pub fn set_headers(&mut self, changes: &[HeaderChange]) {
        for HeaderChange { name, value, append } in changes {
            let own = self.headers.iter_mut().find(|(other, _)| other == name);
            let extra = self.extra.iter_mut().find(|(other, _)| other == name);
            match own.map(|(_, current)| current).or(extra.map(|(_, current)| current)) {
                Some(current) if *append => current.push_str(&format!(", {value}")),
                Some(current) => value.clone_into(current),
                None => self.extra.push((name.clone(), value.clone())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn settings_that_cannot_be_read_are_errors() {
        for (keys, signing, context, tags, name) in [
            (Some(""), "", "", "", "SIGNING_KEYS"),
            (Some(" \n\t"), "", "", "", "SIGNING_KEYS"),
            (Some(" \n"), "off", "", "", "SIGNING_KEYS"),
            (Some("secret"), "", "", "", "SIGNING_KEYS"),
            (Some(KEY), "on", "", "", "SIGNING"),
            (None, "requried", "", "", "SIGNING"),
            (None, "", "tset", "", "PUBLISH_CONTEXT"),
            (None, "", "", "none", "CACHE_TAGS"),
        ] {
            let error = Access::of_settings(keys, signing, context, tags).unwrap_err();
            assert!(error.message.starts_with(&format!("{name}=")), "{}", error.message);
            assert!(!error.message.contains("secret"), "a key is never told");
        }
    }

    #[test]
    fn keys_require_signatures_unless_a_setting_relaxes_it() {
        let signing = |keys, signing| Access::of_settings(keys, signing, "", "").unwrap().signing;
        assert_eq!(signing(None, ""), Signing::Off);
        assert_eq!(signing(Some(KEY), ""), Signing::Required);
        assert_eq!(signing(Some(KEY), " presets "), Signing::Presets);
        assert_eq!(signing(Some(KEY), "off"), Signing::Off);
        assert_eq!(signing(None, "required"), Signing::Required, "nothing is answered");
        let two = format!("{KEY}\nanother-key-another-key-another!\n");
        assert_eq!(Access::of_settings(Some(&two), "", "test", "").unwrap().keys.len(), 2);
    }

    #[test]
    fn tags_are_hashed_by_default_where_presets_are_secret() {
        let tags = |signing, tags| Access::of_settings(None, signing, "", tags).unwrap().cache_tags;
        assert_eq!(tags("", ""), CacheTags::Names);
        assert_eq!(tags("presets", ""), CacheTags::Hashed);
        assert_eq!(tags("required", " "), CacheTags::Hashed);
        assert_eq!(tags("required", "names"), CacheTags::Names);
        assert_eq!([tags("", "off"), tags("required", "off")], [CacheTags::Off; 2]);
    }

    #[test]
    fn of_a_list_of_addresses_the_last_one_counts() {
        assert_eq!(client_address("10.0.0.1, 192.0.2.7"), Some("192.0.2.7"));
        assert_eq!(client_address("2001:db8::1"), Some("2001:db8::1"));
        assert_eq!(client_address("10.0.0.1, "), None);
    }
}
