//! The settings of a server: variables of the Worker, flags or environment variables of
//! `azulejo serve`.

use super::{
    log::LogSettings,
    preview::{PreviewSettings, Token},
};
use crate::{
    error::Result,
    http::{Access, client_address},
};

/// The secret with the signing keys, one per line. During a key rotation it holds the old and the
/// new key.
pub const SIGNING_KEYS: &str = "SIGNING_KEYS";

/// `required` (the default if there are keys), `presets` or `off`.
pub const SIGNING: &str = "SIGNING";

/// `test` also shows unpublished assets, for a server that the public cannot reach.
pub const PUBLISH_CONTEXT: &str = "PUBLISH_CONTEXT";

/// The header with the client's address, for a server behind its owner's proxy. The proxy must
/// overwrite what the client sends in that header.
pub const CLIENT_ADDRESS_HEADER: &str = "CLIENT_ADDRESS_HEADER";

/// The catalogs which the preview page may read, between commas. Without it, there are none.
pub const PREVIEW_SOURCES: &str = "PREVIEW_SOURCES";

/// The token of requests for lists (`/preview/list`); `*` for none. Without it, there are no lists.
pub const PREVIEW_TOKEN: &str = "PREVIEW_TOKEN";

/// The name of the bucket, for servers that share a cache.
pub const CACHE_NAMESPACE: &str = "CACHE_NAMESPACE";

/// `names`, `hashed` or `off`: how the `Cache-Tag` of replies names objects. Without it, `hashed` if
/// requests must be signed, else `names`.
pub const CACHE_TAGS: &str = "CACHE_TAGS";

/// The share of requests with a line in the log, from 0 to 1, or `off`.
pub const LOG_SAMPLE: &str = "LOG_SAMPLE";

/// `1` for lines with the URL and its query.
pub const LOG_QUERY: &str = "LOG_QUERY";

/// A setting, for the page that lists all (docs/settings.md).
#[derive(Debug)]
pub struct Setting {
    /// The name of the variable.
    pub name: &'static str,
    /// What holds without it.
    pub default: &'static str,
    /// What it sets.
    pub about: &'static str,
}

/// All settings that [`Settings::read`] asks for.
pub const SETTINGS: [Setting; 10] = [
    Setting {
        name: SIGNING_KEYS,
        default: "none: every request is answered",
        about: "the signing keys, one a line; a secret ([signing](signing.md))",
    },
    Setting {
        name: SIGNING,
        default: "`required` if there are keys",
        about: "which requests must be signed: `required`, `presets` or `off` \
                ([signed URLs](publish.md#signed-urls))",
    },
    Setting {
        name: PUBLISH_CONTEXT,
        default: "`production`",
        about: "`test` also shows unpublished assets; never on a public address",
    },
    Setting {
        name: CLIENT_ADDRESS_HEADER,
        default: "none: the address that the platform knows",
        about: "the header in which a proxy in front tells the client's address \
                ([address filters](publish.md#address-filters))",
    },
    Setting {
        name: PREVIEW_SOURCES,
        default: "none",
        about: "the catalogs whose pyramids, records and presets the preview page may read, between \
                commas; only public ones",
    },
    Setting {
        name: PREVIEW_TOKEN,
        default: "none: nothing is listed",
        about: "the token with which the preview page lists these catalogs and their images; a secret; \
                `*`: anybody may, so only for development ([the preview \
                page](publish.md#the-preview-page))",
    },
    Setting {
        name: CACHE_NAMESPACE,
        default: "the host; natively the store",
        about: "the name of bucket and environment in a cache that several servers share \
                ([several Workers](publish.md#several-workers))",
    },
    Setting {
        name: CACHE_TAGS,
        default: "`hashed` if requests must be signed, else `names`",
        about: "how the `Cache-Tag` of replies names objects: `names`, `hashed` or `off` \
                ([a CDN in front](cdn.md))",
    },
    Setting {
        name: LOG_SAMPLE,
        default: "`0`, and natively `1`",
        about: "the share of requests that have a line in the log, from 0 to 1; faults of the server \
                always have one; `off`: no line at all ([the log](observability.md))",
    },
    Setting {
        name: LOG_QUERY,
        default: "`0`",
        about: "`1`: lines have the URL with its query, without its signature",
    },
];

/// The settings of a server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The access settings, without a client. An error if one of them is invalid, so that a
    /// misconfigured server refuses every request instead of admitting it.
    access: Result<Access>,
    /// The header with the client's address; empty if the platform knows the address.
    pub address_header: String,
    /// What the preview page may read.
    pub preview: PreviewSettings,
    /// The name of the bucket in the cache.
    pub namespace: String,
    /// The settings of the log.
    pub log: LogSettings,
}

impl Settings {
    /// Reads the settings. `setting` returns the value of a name; `None` if it is not set.
    pub fn read(setting: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| setting(name).unwrap_or_default();
        let keys = setting(SIGNING_KEYS);
        let access = Access::of_settings(
            keys.as_deref(),
            &text(SIGNING),
            &text(PUBLISH_CONTEXT),
            &text(CACHE_TAGS),
        );
        let log = LogSettings::parse(&text(LOG_SAMPLE), &text(LOG_QUERY));
        Self {
            access: log.clone().and(access),
            log: log.unwrap_or_default(),
            address_header: text(CLIENT_ADDRESS_HEADER).trim().to_owned(),
            preview: PreviewSettings {
                sources: text(PREVIEW_SOURCES),
                token: Token::parse(&text(PREVIEW_TOKEN)),
                edits: false,
            },
            namespace: text(CACHE_NAMESPACE),
        }
    }

    /// The access settings without a client. Fails on invalid settings.
    pub fn access(&self) -> Result<&Access> {
        self.access.as_ref().map_err(Clone::clone)
    }

    /// The access settings with the client of a request. `header` is the value of the header that
    /// [`Self::address_header`] names, and `platform` the address that the platform knows. Without
    /// either, the client is unknown and no address filter admits it. Fails on invalid settings.
    pub fn access_of(&self, header: Option<&str>, platform: Option<&str>) -> Result<Access> {
        let client = match self.address_header.as_str() {
            "" => platform,
            _ => header.and_then(client_address),
        };
        Ok(Access { client: client.map(str::to_owned), ..self.access()?.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(header: &str) -> Settings {
        Settings::read(|name| (name == CLIENT_ADDRESS_HEADER).then(|| header.to_owned()))
    }

    #[test]
    fn a_header_that_a_setting_names_counts_instead_of_the_platforms_address() {
        let client = |settings: &Settings, header| {
            settings.access_of(header, Some("192.0.2.1")).unwrap().client
        };
        let (own, proxy) = (settings(" "), settings("X-Forwarded-For"));
        assert_eq!(client(&own, Some("10.0.0.1")).as_deref(), Some("192.0.2.1"));
        assert_eq!(client(&proxy, Some("192.0.2.9, 10.0.0.1")).as_deref(), Some("10.0.0.1"));
        assert_eq!(client(&proxy, None), None, "the proxy has set none");
    }

    #[test]
    fn settings_that_are_wrong_admit_nobody() {
        let wrong = Settings::read(|name| (name == SIGNING).then(|| "requried".to_owned()));
        assert!(wrong.access().is_err() && wrong.access_of(None, None).is_err());
        assert!(Settings::read(|_| None).access().is_ok());
        let wrong = Settings::read(|name| (name == LOG_SAMPLE).then(|| "most".to_owned()));
        assert!(wrong.access().unwrap_err().message.starts_with("LOG_SAMPLE=most"));
    }

    #[test]
    fn settings_that_are_read_are_listed() {
        let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
        Settings::read(|name| {
            asked.borrow_mut().insert(name.to_owned());
            None
        });
        let listed = SETTINGS.iter().map(|setting| setting.name.to_owned()).collect();
        assert_eq!(asked.into_inner(), listed);
    }
}
