//! `/studio/…`: what the page at `/` saves, on a server that takes edits.
//!
//! Edits go to an [`Editor`], one after the other. Before that, requests are refused that a page of
//! another site may have caused: by the `Origin` that browsers send, and by a `Host` that is not of
//! this machine, as that of a site whose name was made to lead here (DNS rebinding). A server with a
//! token may have any name, because other sites do not know the token.

use std::{future::poll_fn, net::IpAddr, pin::Pin, time::Duration};

use azulejo::{
    http::{HttpReply, HttpRequest},
    reply::{for_client, tag_of},
    serve::preview::{Token, for_page},
};
use hyper::{
    Method, Request,
    body::{Body, Bytes},
    header::HeaderMap,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// The path prefix of the routes. Other paths with it are files of the page.
const PREFIX: &str = "/studio/";

/// What can be edited: the first element of the path behind the prefix.
const KINDS: [&str; 2] = ["presets/", "records/"];

/// Whether a path names something that can be edited.
pub fn is_edit(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| KINDS.iter().any(|kind| rest.starts_with(kind)))
}

/// Maximum length of a body, in bytes.
const BODY_BYTES: usize = 1 << 20;

/// Maximum length of a body that is read to its end although it is too long. A client that may send
/// all of it reads the reply.
const DISCARDED_BYTES: usize = 8 << 20;

/// The media types of bodies. Records are JSON, macro files are text.
const MEDIA_TYPES: [&str; 2] = ["application/json", "text/plain"];

/// A request to read or to replace something.
#[derive(Debug)]
pub struct Edit {
    /// The path behind `/studio/`, as it was sent.
    pub path: String,
    /// The new content; `None` to read the present one.
    pub content: Option<Vec<u8>>,
    /// The `If-Match` header.
    pub if_match: Option<String>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<String>,
}

/// Where edits go. The reply comes back through the second sender.
pub type Editor = mpsc::Sender<(Edit, oneshot::Sender<HttpReply>)>;

/// The rules by which requests are admitted.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The token of the server.
    pub token: &'a Token,
    /// How long a client may take for its body.
    pub body_timeout: Duration,
}

/// Answers a request. Returns the reply, and whether something may have been replaced.
pub async fn handle<B>(
    head: &Request<()>,
    request: &HttpRequest,
    body: &mut B,
    rules: Rules<'_>,
    editor: &Editor,
) -> (HttpReply, bool)
where
    B: Body<Data = Bytes> + Unpin,
{
    let answered = match admit(head, request, rules.token) {
        Ok(()) => answer(head, request, body, rules.body_timeout, editor).await,
        Err(refused) => Err(refused),
    };
    let (reply, is_edit) = match answered {
        Ok(reply) => (reply, head.method() == Method::PUT),
        Err(refused) => (*refused, false),
    };
    (for_page(for_client(request, reply)), is_edit)
}

/// Refuses requests of other sites, and of those who lack the token.
fn admit(head: &Request<()>, request: &HttpRequest, token: &Token) -> Result<(), Box<HttpReply>> {
    let headers = head.headers();
    let authority = head.uri().authority().map(|authority| authority.as_str().to_owned());
    let host = authority.or_else(|| text(headers, "host")).unwrap_or_default();
    if let Some(origin) = text(headers, "origin") {
        let from = origin.split_once("://").map_or("", |(_, from)| from);
        if !from.eq_ignore_ascii_case(&host) {
            return Err(plain(
                403,
                "Only the page of this server may edit, not one of another origin.\n",
            ));
        }
    }
    if text(headers, "sec-fetch-site").is_some_and(|site| site.ends_with("-site")) {
        return Err(plain(
            403,
            "Only the page of this server may edit, not one of another site.\n",
        ));
    }
    if matches!(token, Token::Secret(_)) {
        if token.admits(request.authorization.as_deref()) {
            return Ok(());
        }
        let mut refused = plain(
            401,
            "Edits need the token of the server, the value of its PREVIEW_TOKEN: send Authorization: \
             Bearer TOKEN.\n",
        );
        refused.headers.push(("www-authenticate", "Bearer".to_owned()));
        return Err(refused);
    }
    match is_loopback(&host) {
        true => Ok(()),
        false => Err(plain(
            403,
            "Without a secret PREVIEW_TOKEN, this server takes edits at localhost and 127.0.0.1 only.\n",
        )),
    }
}

async fn answer<B>(
    head: &Request<()>,
    request: &HttpRequest,
    body: &mut B,
    body_timeout: Duration,
    editor: &Editor,
) -> Result<HttpReply, Box<HttpReply>>
where
    B: Body<Data = Bytes> + Unpin,
{
    let headers = head.headers();
    let content = match *head.method() {
        Method::GET | Method::HEAD => None,
        Method::PUT => {
            let media_type = text(headers, "content-type").unwrap_or_default();
            let media_type = media_type.split(';').next().unwrap_or_default().trim();
            if !MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
                return Err(plain(415, "Content-Type: expected text/plain or application/json.\n"));
            }
            let content = timeout(body_timeout, collect(body)).await;
            Some(content.unwrap_or_else(|_| Err(plain(408, "The body did not come in time.\n")))?)
        }
        _ => {
            let mut refused = plain(405, "Expected GET, HEAD or PUT.\n");
            refused.headers.push(("allow", "GET, HEAD, PUT".to_owned()));
            return Err(refused);
        }
    };
    let edit = Edit {
        path: request.path.strip_prefix(PREFIX).unwrap_or_default().to_owned(),
        content,
        if_match: text(headers, "if-match"),
        if_none_match: text(headers, "if-none-match"),
    };
    let (reply, replied) = oneshot::channel();
    let sent = editor.send((edit, reply)).await;
    let answered = if sent.is_ok() { replied.await.ok() } else { None };
    answered.ok_or_else(|| plain(500, "The editor has stopped; the log of the server says why.\n"))
}

/// The whole body. Fails if it is too long.
async fn collect<B: Body<Data = Bytes> + Unpin>(body: &mut B) -> Result<Vec<u8>, Box<HttpReply>> {
    let (mut content, mut len) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        let Ok(frame) = frame else { return Err(plain(400, "The body was cut off.\n")) };
        let Ok(data) = frame.into_data() else { continue };
        len += data.len();
        if len > DISCARDED_BYTES {
            break;
        }
        if len <= BODY_BYTES {
            content.extend_from_slice(&data);
        }
    }
    match len > BODY_BYTES {
        true => {
            Err(plain(413, &format!("The body has more than {BODY_BYTES} bytes, the limit.\n")))
        }
        false => Ok(content),
    }
}

/// Whether a `Host` is this machine, whatever its port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, _)) => name,
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = values.next()?.into_owned();
    // Of several hosts or origins none is believed; several tags are a list.
    Some(values.fold(first, |list, value| list + ", " + &value))
}

fn plain(status: u16, message: &str) -> Box<HttpReply> {
    let own = vec![
        ("content-type", "text/plain; charset=utf-8".to_owned()),
        ("etag", tag_of(message, None)),
        ("cache-control", "no-store".to_owned()),
    ];
    Box::new(HttpReply::new(status, own, message.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studio_knows_the_names_of_this_machine() {
        for host in
            ["localhost", "LOCALHOST:8787", "127.0.0.1:80", "127.9.9.9", "[::1]:8787", "[::1]"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "images.example.com",
            "localhost.example.com",
            "127.0.0.1.example.com:8787",
            "192.0.2.1",
            "0.0.0.0",
            "[::]:80",
            "localhost, evil.example",
            "evil.example#localhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
