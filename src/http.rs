//! The request and the reply, free of any platform's types.

use crate::{
    error::{Error, Result},
    limits,
    store::Read,
};

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

impl Access {
    /// Reads a server's settings: the keys of signatures, one a line, where there are any; which
    /// requests must be signed, where that is set; and whether what is not published is shown.
    ///
    /// A setting that cannot be read is an error: what was meant to protect must not be open.
    pub fn of_settings(keys: Option<&str>, signing: &str, context: &str) -> Result<Self> {
        let wrong = |name, value, wanted| Err(Error::value(name, value, wanted));
        let unpublished = match context.trim() {
            "" | "production" => false,
            "test" => true,
            other => return wrong("PUBLISH_CONTEXT", other, "test or production"),
        };
        let all: Vec<String> =
            keys.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        // The values are secret.
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
        Ok(Self { client: None, signing, keys: all, unpublished })
    }
}

/// The client's address as a header tells it. Of a list the last one counts: the proxy that the
/// server trusts has added it, and whatever stands before it is the client's own word.
pub fn client_address(header: &str) -> Option<&str> {
    header.rsplit(',').next().map(str::trim).filter(|address| !address.is_empty())
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
    /// Clients are told apart by their address: each one's copy is for no other, and only a cache
    /// that is asked behind that judgement may share it.
    pub private: bool,
}

/// Headers of every reply: the page of any origin may read it, and of its headers what scripts use
/// beside those that CORS lets through by itself. The contract names no reply with credentials, so
/// `*` gives nothing away. Pages that are isolated (`Cross-Origin-Embedder-Policy`) may show it.
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
            private: false,
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

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn settings_that_cannot_be_read_are_errors() {
        let read = |keys, signing, context| Access::of_settings(keys, signing, context);
        for (keys, signing, context, name) in [
            (Some(""), "", "", "SIGNING_KEYS"),
            (Some(" \n\t"), "", "", "SIGNING_KEYS"),
            (Some(" \n"), "off", "", "SIGNING_KEYS"),
            (Some("secret"), "", "", "SIGNING_KEYS"),
            (Some(KEY), "on", "", "SIGNING"),
            (None, "requried", "", "SIGNING"),
            (None, "", "tset", "PUBLISH_CONTEXT"),
        ] {
            let error = read(keys, signing, context).unwrap_err();
            assert!(error.message.starts_with(&format!("{name}=")), "{}", error.message);
            assert!(!error.message.contains("secret"), "a key is never told");
        }
    }

    #[test]
    fn keys_demand_signatures_unless_a_setting_says_less() {
        let signing = |keys, signing| Access::of_settings(keys, signing, "").unwrap().signing;
        assert_eq!(signing(None, ""), Signing::Off);
        assert_eq!(signing(Some(KEY), ""), Signing::Required);
        assert_eq!(signing(Some(KEY), " presets "), Signing::Presets);
        assert_eq!(signing(Some(KEY), "off"), Signing::Off);
        assert_eq!(signing(None, "required"), Signing::Required, "nothing is answered");
        let two = format!("{KEY}\nanother-key-another-key-another!\n");
        assert_eq!(Access::of_settings(Some(&two), "", "test").unwrap().keys.len(), 2);
    }

    #[test]
    fn of_a_list_of_addresses_the_last_one_counts() {
        assert_eq!(client_address("10.0.0.1, 192.0.2.7"), Some("192.0.2.7"));
        assert_eq!(client_address("2001:db8::1"), Some("2001:db8::1"));
        assert_eq!(client_address("10.0.0.1, "), None);
    }
}
