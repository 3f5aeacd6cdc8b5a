//! Errors as text (r-errors; decisions J1 to J3).

use crate::{
    commands::ReplyFormat,
    error::Error,
    http::{HttpReply, HttpRequest, Signing},
    reply::{properties, refusal, text::TEXT},
    resolve,
    resolved::{Jsonp, Resolved},
    store::FetchBuffer,
};

/// The error as this client may read it. If requests must be signed, the names of presets are
/// secret, so the message does not list them.
pub fn disclosed(request: &HttpRequest, error: Error) -> Error {
    if request.access.signing == Signing::Off { error.listed() } else { error }
}

/// The error as text in the format that the request names, the same for every client. If the
/// request was not resolved, the format comes from the parts of it that can be read.
pub fn error(
    request: &HttpRequest,
    buffer: &FetchBuffer,
    error: &Error,
    resolved: Option<&Resolved>,
) -> HttpReply {
    let (format, id) = match resolved {
        Some(resolved) => (resolved.answer.format, resolved.answer.jsonp.id.clone()),
        None => {
            let form = buffer.at_once(resolve::error_form(request, buffer));
            form.and_then(Result::ok).map(|form| (form.format, form.id)).unwrap_or_default()
        }
    };
    let policy = resolve::error_policy(request, buffer);
    let (status, title) = (policy.status(error.kind), error.kind.status().1);
    let message = if policy.detail < 2 { "" } else { error.message.as_str() };
    let mut list = vec![("error.title", title.to_owned()), ("error.message", message.to_owned())];
    let (media_type, body) = match format {
        ReplyFormat::Text => {
            let body = [title, message].join("\n");
            (TEXT, format!("{}\n", body.trim_end()))
        }
        ReplyFormat::JavaScript | ReplyFormat::Xml | ReplyFormat::Json => {
            if format == ReplyFormat::Json {
                // Adobe's server uses these names, and clients read them.
                let shown = if message.is_empty() { title } else { message };
                let named = [("message", shown.to_owned()), ("title", title.to_owned())];
                list.splice(0..0, named);
            }
            let jsonp = Jsonp { id, handler: "s7jsonError".to_owned() };
            properties::write(format, &jsonp, &list, 0.0)
        }
    };
    // A browser runs a script only with a success status. Otherwise the page would not see the
    // error.
    let status = if format == ReplyFormat::Json { 200 } else { status };
    let reply = refusal(status, media_type, body, resolved);
    HttpReply { error: Some(Box::new(error.clone())), ..reply }
}
