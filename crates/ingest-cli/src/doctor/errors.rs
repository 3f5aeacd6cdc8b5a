//! Replies to requests that cannot be answered: a missing image, a wrong modifier, another method.

use reqwest::Method;

use super::{Checked, finding::Finding, server::Server};
use crate::http_client::HttpReply;

/// An id that nobody gives to an image.
const MISSING: &str = "azulejo-doctor-no-such-image";

/// The catalog in which a missing image is asked for.
fn root(server: &Server) -> &str {
    let object = server.object.as_deref().and_then(|object| object.split('/').next());
    object.unwrap_or("Samples")
}

/// Whether an error is the engine's own: a text with the status of an error, which no cache stores.
fn is_ours(reply: &HttpReply) -> bool {
    (400..600).contains(&reply.status)
        && reply.media_type() == "text/plain"
        && reply.header("cache-control").contains("no-store")
}

/// A missing image is 403 or 404 with a text, or the default image of the catalog.
pub async fn missing(server: &Server) -> Checked {
    let reply = server.image(&format!("{}/{MISSING}", root(server)), "wid=64", &[]).await?;
    let found = format!("a missing image answers {} {}", reply.status, reply.media_type());
    Ok(vec![match reply.status {
        403 if reply.excerpt().contains("sign") && server.key.is_none() => Finding::ok(
            "errors",
            "unsigned requests are refused with 403; give --key-file to check the rest",
        ),
        403 | 404 if is_ours(&reply) => Finding::ok("errors", format!("{found}, no-store")),
        200 if reply.media_type().starts_with("image/") => Finding::ok(
            "errors",
            format!("{found}: the catalog has a default image or an error image"),
        ),
        500.. => Finding::failed(
            "errors",
            format!("{found}: {}", reply.excerpt()),
            "the server has a fault or cannot read its store; look at its log",
        ),
        _ => Finding::failed(
            "errors",
            format!(
                "{found}, Cache-Control: {:?}: {}",
                reply.header("cache-control"),
                reply.excerpt()
            ),
            "expected 403 or 404 with a text and no-store: another server answers /is/image, or what is in \
             front replaces errors by pages of its own",
        ),
    }])
}

/// A modifier that cannot be understood is refused with a text that says so.
pub async fn wrong(server: &Server, object: &str) -> Checked {
    let reply = server.image(object, "wid=wide", &[]).await?;
    let is_error_image = reply.status == 200 && reply.media_type().starts_with("image/");
    Ok(vec![if is_error_image {
        Finding::ok("wrong request", "wid=wide answers the error image of the catalog")
    } else if is_ours(&reply) {
        Finding::ok(
            "wrong request",
            format!("wid=wide answers {}: {}", reply.status, reply.excerpt()),
        )
    } else {
        Finding::failed(
            "wrong request",
            format!("wid=wide answers {} {}", reply.status, reply.media_type()),
            "expected an error in a text with no-store: what is in front replaces or stores errors",
        )
    }])
}

/// A method other than GET and HEAD is 405.
pub async fn method(server: &Server) -> Checked {
    let path = format!("/is/image/{}/{MISSING}", root(server));
    let reply = server.send(Method::DELETE, &path, &[]).await?;
    Ok(vec![match reply.status {
        405 => Finding::ok("methods", "DELETE answers 405"),
        status @ (400..=499 | 501) => {
            Finding::ok("methods", format!("DELETE answers {status}, by something in front"))
        }
        status => Finding::failed(
            "methods",
            format!("DELETE answers {status}"),
            "expected 405: another server answers /is/image",
        ),
    }])
}
