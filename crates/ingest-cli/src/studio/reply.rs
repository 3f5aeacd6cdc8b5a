//! Replies to edits, and the conditions of edits.

use anyhow::Error;
use azulejo::http::HttpReply;
use serde_json::{Value, json};
use server::Edit;
use sha2::{Digest, Sha256};

/// The entity tag of a content.
pub fn tag(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// A content with its tag.
pub fn content(media_type: &str, tag: String, body: Vec<u8>) -> HttpReply {
    let own = vec![
        ("content-type", media_type.to_owned()),
        ("etag", tag),
        ("cache-control", "no-store".to_owned()),
    ];
    HttpReply::new(200, own, body)
}

/// A reply with JSON.
pub fn json(status: u16, value: &Value) -> HttpReply {
    let body = value.to_string().into_bytes();
    HttpReply { status, ..content("application/json", tag(&body), body) }
}

/// `{"errors":[{"message":…}]}`
pub fn message(status: u16, message: &str) -> HttpReply {
    errors(status, &[json!({ "message": message })])
}

/// `{"errors":[…]}`
pub fn errors(status: u16, errors: &[Value]) -> HttpReply {
    json(status, &json!({ "errors": errors }))
}

/// A 500 for an edit that failed. Whoever may edit may know why.
pub fn failed(error: &Error) -> HttpReply {
    message(500, &format!("{error:#}"))
}

/// Fails with the reply if an edit is not of the present content, whose tag is `present`; `None` if
/// there is none (RFC 9110, 13.1).
pub fn check(edit: &Edit, present: Option<&str>) -> Result<(), Box<HttpReply>> {
    let named = |header: &str, tag: &str| {
        let mut tags = header.split(',').map(str::trim);
        tags.any(|other| other == "*" || other == tag)
    };
    let (may, why) = match (&edit.if_match, &edit.if_none_match) {
        (None, None) => {
            let message = "An edit needs If-Match with the ETag of what it changes, or If-None-Match: * \
                           for something new.";
            return Err(Box::new(self::message(428, message)));
        }
        (Some(header), _) => (
            present.is_some_and(|tag| named(header, tag)),
            "It was changed since it was read: read it again and repeat the edit.",
        ),
        (None, Some(header)) => (
            present.is_none_or(|tag| !named(header, tag)),
            "It is there already: read it, and send its ETag in If-Match.",
        ),
    };
    if may { Ok(()) } else { Err(Box::new(message(412, why))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(if_match: Option<&str>, if_none_match: Option<&str>, present: Option<&str>) -> u16 {
        let edit = Edit {
            path: String::new(),
            content: None,
            if_match: if_match.map(str::to_owned),
            if_none_match: if_none_match.map(str::to_owned),
        };
        check(&edit, present).err().map_or(200, |reply| reply.status)
    }

    #[test]
    fn studio_conditions_are_those_of_http() {
        let present = Some("\"a\"");
        assert_eq!(status(None, None, present), 428);
        assert_eq!(status(Some("\"a\""), None, present), 200);
        assert_eq!(status(Some("\"b\", \"a\""), None, present), 200);
        assert_eq!(status(Some("*"), None, present), 200);
        assert_eq!(status(Some("*"), None, None), 412, "there is nothing to match");
        for wrong in ["\"b\"", "W/\"a\"", "a", ""] {
            assert_eq!(status(Some(wrong), None, present), 412, "{wrong}");
        }
        assert_eq!(status(None, Some("*"), present), 412);
        assert_eq!(status(None, Some("*"), None), 200);
        assert_eq!(status(None, Some("\"a\""), present), 412);
    }
}
