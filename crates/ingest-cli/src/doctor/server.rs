//! The server that is checked, and how it is asked.

use std::{
    cell::Cell,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use azulejo::catalog::signature;
use reqwest::{Method, Url};

use crate::{
    args::{DoctorArgs, Usage},
    http_client::{HttpClient, HttpReply, NoReply, is_local},
    sign,
};

/// The server.
#[derive(Debug)]
pub struct Server {
    client: HttpClient,
    /// Scheme, host and port.
    pub url: Url,
    /// The signing key, with which all requests are signed.
    pub key: Option<String>,
    /// The image that is asked for.
    pub object: Option<String>,
    /// The static file that is asked for.
    pub content: Option<String>,
    /// Makes each drawn image another one.
    counter: Cell<u64>,
}

impl Server {
    /// The server that the arguments name. Nothing is asked yet.
    pub fn of(args: &DoctorArgs) -> Result<Self> {
        let url = base(&args.host)?;
        let key = match &args.key_file {
            None => None,
            Some(file) => {
                let keys =
                    std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
                let Some(key) = keys.split_whitespace().next() else {
                    bail!("{}: the file holds no key", file.display());
                };
                // A key that is too short is an error here, not in each check.
                signature::sign(key, "/", "", None)?;
                Some(key.to_owned())
            }
        };
        for (flag, object) in [("--object", &args.object), ("--content", &args.content)] {
            if let Some(object) = object
                && object.trim_matches('/').split_once('/').is_none()
            {
                let error =
                    format!("{flag} {object}: expected a catalog and an id, as in Shop/red-shoe");
                return Err(Usage(error).into());
            }
        }
        let timeout = Duration::from_secs(args.timeout);
        let trimmed = |object: &String| object.trim_matches('/').to_owned();
        Ok(Self {
            client: HttpClient::new(&url, timeout, "azulejo-doctor")?,
            url,
            key,
            object: args.object.as_ref().map(trimmed),
            content: args.content.as_ref().map(trimmed),
            counter: Cell::new(now().as_nanos() as u64),
        })
    }

    /// GETs a path with its query, as it is.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<HttpReply, NoReply> {
        self.send(Method::GET, path, headers).await
    }

    /// Sends a request for a path with its query, as it is.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<HttpReply, NoReply> {
        let url = self.url.join(path).map_err(|error| NoReply::Broken(error.to_string()))?;
        self.client.send(method, url, headers).await
    }

    /// The path of an image or a static file with its modifiers, signed if there is a key.
    pub fn path(&self, route: &str, object: &str, modifiers: &str) -> String {
        let request = format!("/is/{route}/{object}?{modifiers}");
        let signed = self.key.as_ref().and_then(|key| sign::signed(&request, key, None, 0).ok());
        signed.unwrap_or(request)
    }

    /// GETs the image with these modifiers.
    pub async fn image(
        &self,
        object: &str,
        modifiers: &str,
        headers: &[(&str, &str)],
    ) -> Result<HttpReply, NoReply> {
        self.get(&self.path("image", object, modifiers), headers).await
    }

    /// Modifiers that no cache has yet: a JPEG about `width` pixels wide.
    pub fn fresh(&self, width: u64) -> String {
        let number = self.counter.get();
        self.counter.set(number.wrapping_add(0x9E37_79B9_7F4A_7C15));
        let (width, quality) = (width - number % 64, 70 + (number >> 8) % 20);
        // The background counts for the entity tag, though no pixel of a whole image has it.
        format!("wid={width}&fmt=jpeg&qlt={quality}&bgc={:06x}", (number >> 16) & 0xff_ffff)
    }
}

/// The time since 1970.
pub fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The URL of a host. Without a scheme it is https, or http for this machine.
fn base(host: &str) -> Result<Url> {
    let wrong = |why: &str| {
        let expected = "expected a host such as https://images.example.com or 127.0.0.1:8787";
        anyhow::Error::new(Usage(format!("{host}: {why}; {expected}")))
    };
    let text = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let mut url = Url::parse(&text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("not a URL of http or https"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() {
        return Err(wrong("a path is not part of a host"));
    }
    if !host.contains("://") && is_local(&url) {
        let plain = text.replacen("https", "http", 1);
        url = Url::parse(&plain).map_err(|error| wrong(&error.to_string()))?;
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_becomes_a_url() {
        for (host, url) in [
            ("images.example.com", "https://images.example.com/"),
            ("127.0.0.1:8787", "http://127.0.0.1:8787/"),
            ("localhost", "http://localhost/"),
            ("https://127.0.0.1:9", "https://127.0.0.1:9/"),
            ("http://images.example.com/", "http://images.example.com/"),
        ] {
            assert_eq!(base(host).unwrap().as_str(), url, "{host}");
        }
        for host in ["", "ftp://a", "https://a/is/image", "https://a?b", "a b"] {
            assert!(base(host).unwrap_err().is::<Usage>(), "{host}");
        }
    }
}
