//! What `--old` and `--new` name: a host, a store, or a folder of recorded replies.

use std::{fmt, path::PathBuf, str::FromStr};

use crate::store::Location;

/// One of the two servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// A server: its scheme, its host and what comes before each path.
    Host(String),
    /// A store, from which the engine answers.
    Store(Location),
    /// A folder of recorded replies.
    Recorded(PathBuf),
}

impl FromStr for Side {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        if let "http" | "https" = scheme.to_ascii_lowercase().as_str() {
            return host(&scheme.to_ascii_lowercase(), rest);
        }
        if let Ok(location) = text.parse() {
            return Ok(Self::Store(location));
        }
        let path = PathBuf::from(text);
        if scheme.is_empty() && path.is_dir() {
            return Ok(Self::Recorded(path));
        }
        // A bare name is a host, unless it looks like a path.
        let name = rest.split(['/', ':']).next().unwrap_or_default();
        let numbered = rest.split_once(':').is_some();
        if scheme.is_empty() && (name.contains('.') || numbered) && !name.starts_with('.') {
            return host("https", rest);
        }
        Err(WANTED.to_owned())
    }
}

const WANTED: &str = "expected a host such as https://images.example.com, a folder of recorded \
    replies that exists, or a store: local, dir:PATH or s3://bucket[/prefix]";

/// A host with what comes before each path, without a slash at its end.
fn host(scheme: &str, rest: &str) -> Result<Side, String> {
    if rest.contains('@') {
        return Err("a host with a user and a password is not supported".into());
    }
    let url = format!("{scheme}://{}", rest.trim_end_matches('/'));
    let parsed = url.parse::<hyper::Uri>().ok().filter(|uri| uri.query().is_none());
    let named = parsed.and_then(|uri| Some(!uri.host()?.is_empty()));
    if named == Some(true) && !rest.contains('#') {
        Ok(Side::Host(url))
    } else {
        Err(WANTED.into())
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(url) => f.write_str(url),
            Self::Store(location) => location.fmt(f),
            Self::Recorded(folder) => folder.display().fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_hosts_stores_and_folders() {
        let host = |url: &str| Ok(Side::Host(url.into()));
        assert_eq!("https://s7d1.example.com/".parse(), host("https://s7d1.example.com"));
        assert_eq!("HTTP://127.0.0.1:80/cdn/".parse(), host("http://127.0.0.1:80/cdn"));
        assert_eq!("images.example.com".parse(), host("https://images.example.com"));
        assert_eq!("localhost:8080".parse(), host("https://localhost:8080"));
        assert_eq!("local".parse(), Ok(Side::Store(Location::Local)));
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().to_str().unwrap();
        assert_eq!(name.parse(), Ok(Side::Recorded(folder.path().into())));
        let store = Location::Folder(folder.path().into());
        assert_eq!(format!("dir:{name}").parse(), Ok(Side::Store(store)));
        for wrong in
            ["", "nosuch", "./no.such", "ftp://a.b", "http://", "https://a.b?x", "https://u:p@a.b"]
        {
            assert!(wrong.parse::<Side>().is_err(), "{wrong}");
        }
    }
}
