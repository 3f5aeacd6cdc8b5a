//! The location of a store, as the command line names it.

use std::{fmt, path::PathBuf, str::FromStr};

use anyhow::Result;

/// The location of a store, as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// The bucket of `cargo xtask dev`.
    Local,
    /// A folder. Ingest creates it if it does not exist.
    Folder(PathBuf),
    /// A bucket with the S3 API, and a prefix of all keys.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// The prefix of each key, without leading and trailing slashes.
        prefix: String,
    },
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "local" {
            return Ok(Self::Local);
        }
        if let Some(path) = text.strip_prefix("dir:").filter(|path| !path.is_empty()) {
            return Ok(Self::Folder(PathBuf::from(path)));
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if !bucket.is_empty() {
                let prefix = prefix.trim_matches('/').to_owned();
                return Ok(Self::S3 { bucket: bucket.to_owned(), prefix });
            }
        }
        Err("expected local, dir:PATH or s3://bucket[/prefix]".into())
    }
}

impl Location {
    /// The same store, whatever the current folder is.
    pub fn absolute(self) -> Result<Self> {
        Ok(match self {
            Self::Folder(path) => Self::Folder(std::path::absolute(path)?),
            Self::Local | Self::S3 { .. } => self,
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Folder(path) => write!(f, "dir:{}", path.display()),
            Self::S3 { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_parsed() {
        let s3 = Location::S3 { bucket: "b".into(), prefix: "p/q".into() };
        assert_eq!("s3://b/p/q/".parse(), Ok(s3));
        assert_eq!("dir:/tmp/x".parse(), Ok(Location::Folder("/tmp/x".into())));
        assert_eq!("local".parse(), Ok(Location::Local));
        for text in ["local", "dir:/tmp/x", "s3://b", "s3://b/p/q"] {
            assert_eq!(
                text.parse::<Location>().map(|location| location.to_string()),
                Ok(text.into())
            );
        }
        assert!("ftp://x".parse::<Location>().is_err() && "dir:".parse::<Location>().is_err());
    }
}
