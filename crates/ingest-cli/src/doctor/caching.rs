//! The cache of replies, and conditional requests.

use std::time::Duration;

use reqwest::Method;

use super::{Checked, finding::Finding, server::Server};
use crate::http_client::HttpReply;

/// How often a second request may miss: the Worker stores a reply after it has sent it.
const TRIES: usize = 6;

/// A new request is a miss, and the next ones are hits with the same bytes.
pub async fn miss_then_hit(server: &Server, object: &str) -> Checked {
    let modifiers = server.fresh(320);
    let first = server.image(object, &modifiers, &[]).await?;
    let state = first.header("x-azulejo-cache").to_owned();
    if state == "bypass" {
        return Ok(vec![Finding::warning(
            "cache",
            format!("not stored: Cache-Control: {}", first.header("cache-control")),
            "each request draws the image anew; check Expiration of the catalog, and rules that set headers",
        )]);
    }
    for number in 1..=TRIES {
        let next = server.image(object, &modifiers, &[]).await?;
        if next.status != 200 || next.body != first.body {
            return Ok(vec![Finding::failed(
                "cache",
                format!("the same URL answers other bytes at request {}", number + 1),
                "was the image replaced at this moment? Otherwise a cache in front mixes replies",
            )]);
        }
        if let Some(by) = hit(&next) {
            return Ok(vec![Finding::ok(
                "cache",
                format!("{state}, then a hit {by}, {} ms", next.first_byte.as_millis()),
            )]);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let host = server.url.host_str().unwrap_or_default();
    let advice = if host.ends_with(".workers.dev") {
        "Cloudflare's cache works only on a domain of your own: deploy with --domain, and check that host"
    } else {
        "each request draws the image anew: check the cache folder of `azulejo serve`, or the zone of the Worker"
    };
    Ok(vec![Finding::warning(
        "cache",
        format!("{TRIES} requests after a {state}, and no hit"),
        advice,
    )])
}

/// Which cache answered.
fn hit(reply: &HttpReply) -> Option<&'static str> {
    if reply.header("x-azulejo-cache") == "hit" {
        return Some("of the server");
    }
    // A cache in front sends what it stored, with the miss of that time.
    let age = reply.header("age").parse::<u64>().is_ok_and(|age| age > 0);
    let status = ["cf-cache-status", "x-cache"].map(|name| reply.header(name).to_ascii_lowercase());
    (age || status.iter().any(|status| status.contains("hit"))).then_some("of the cache in front")
}

/// `If-None-Match` gets 304, and HEAD the headers alone.
pub async fn validators(server: &Server, object: &str) -> Checked {
    let modifiers = server.fresh(256);
    let whole = server.image(object, &modifiers, &[]).await?;
    let etag = whole.header("etag");
    let same = server.image(object, &modifiers, &[("if-none-match", etag)]).await?;
    let condition = match same.status {
        304 if same.body.is_empty() => {
            Finding::ok("conditional", "a copy that is current gets 304")
        }
        status => Finding::failed(
            "conditional",
            format!("If-None-Match with the reply's tag {etag} answers {status}"),
            "browsers load images again that they have; what is in front must pass If-None-Match and ETag on",
        ),
    };
    let path = server.path("image", object, &modifiers);
    let head = server.send(Method::HEAD, &path, &[]).await?;
    let length = head.header("content-length");
    let head = if head.status != 200 || !head.body.is_empty() {
        Finding::failed(
            "head",
            format!("HEAD answers {} with {} bytes", head.status, head.body.len()),
            "HEAD must reach the server, and have no body",
        )
    } else if length != whole.body.len().to_string() {
        let whole = whole.body.len();
        Finding::warning(
            "head",
            format!("HEAD says Content-Length {length:?}, GET has {whole} bytes"),
            "something in front changes the length, or removes it",
        )
    } else {
        Finding::ok("head", format!("the headers of GET, Content-Length: {length}"))
    };
    Ok(vec![condition, head])
}
