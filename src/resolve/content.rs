//! `/is/content`: static content, which the server sends unchanged
//! (r-serving-static-non-image-content).

use super::{
    Given, Lookups, RequestContext,
    access::{Key, ObjectKind},
    assemble::no_record,
    context, delivered, headers,
    lookup::{self, Found},
    settle, tokens,
};
use crate::{
    catalog::{Attributes, Strings, is_static_allowed},
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    picture::ObjectId,
    protocol::RawRequest,
    resolved::{RequestedRecord, Resolved},
    store::{FetchBuffer, Version},
    time_slice::Work,
};

/// The commands of the reference page, and those that JSONP and translation need. Sites also send
/// image commands, which have no effect here (N11).
const COMMANDS: [&str; 6] = ["req", "type", "cache", "id", "handler", "locale"];

/// A resolved request for static content.
#[derive(Debug)]
pub struct StaticContent {
    /// The request, and all data of the content except its bytes.
    pub resolved: Resolved,
    /// The stored file; `None` if it does not exist.
    pub file: Option<File>,
    /// Its lifetime in hours; −1 means that it never expires.
    pub hours: f64,
}

/// A stored file.
#[derive(Debug)]
pub struct File {
    /// Its key in the bucket.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// Its length in bytes.
    pub len: u64,
}

/// Resolves a request for static content. Returns `None` if the path names no object.
pub fn content<'a>(
    request: &'a HttpRequest,
    buffer: &'a FetchBuffer,
) -> Work<'a, Result<Option<StaticContent>>> {
    Box::pin(async move {
        let object = context::object_of(request)?;
        if object.trim_matches('/').is_empty() {
            return Ok(None);
        }
        let lookups = &Lookups::new(&request.access, buffer);
        let mut context = context::find(request, lookups).await?;
        context.raw.tokens.retain(|token| COMMANDS.iter().any(|name| tokens::is(token, name)));
        let locale = tokens::last(&context.raw.tokens, "locale").unwrap_or_default().to_owned();
        let found = lookup::in_path(&context, ObjectKind::Content, &locale, lookups).await?;
        content_of(context, &locale, found, lookups).map(Some)
    })
}

/// Resolves the content that was found, or the error if none exists.
#[inline(never)]
fn content_of(
    context: RequestContext,
    locale: &str,
    found: Option<Found>,
    lookups: &Lookups,
) -> Result<StaticContent> {
    let attributes = attributes(&context, found.as_ref());
    let given = Given { attributes: &attributes, pictured: true, followed: &[] };
    let mut resolved =
        settle((context.raw.clone(), None), &context.catalog, &given, &context.nesting)?;
    if !matches!(resolved.answer.reply, Reply::Img | Reply::UserData | Reply::Props | Reply::Exists)
    {
        let kind = tokens::last(&context.raw.tokens, "req").unwrap_or_default();
        return Err(Error::value("req", kind, "userdata, props or exists at /is/content"));
    }
    resolved.delivery.headers = headers::headers(&context, &context.raw)?;
    let fetched = lookups.fetched();
    let stored = found.as_ref().and_then(|found| found.asset.as_ref()).map(Key::as_str);
    let stored = stored.and_then(|key| Some((key, fetched.object(key)?)));
    let file = stored.map(|(key, object)| File {
        key: key.to_owned(),
        version: object.version.clone(),
        len: object.len,
    });
    // Static content sends its date even if the catalog turns Last-Modified off for images (K6).
    let modified = stored.and_then(|(_, object)| object.modified);
    let stamps = [attributes.time_stamp, modified].into_iter().flatten();
    resolved.delivery.last_modified = Some(stamps.fold(f64::NEG_INFINITY, f64::max));
    if let Some(found) = found {
        check_type(&context.raw, &found)?;
        resolved.object = found.object;
        let strings = Strings::of(&attributes, locale);
        resolved.answer.record = found
            .record
            .map(|record| RequestedRecord { record: strings.record(record), part: None });
    }
    resolved.identity.ruled.clone_from(&context.applied.attributes);
    delivered(&mut resolved, &context, lookups);
    resolved.identity.revision = lookups.revision();
    if file.is_none() {
        let ObjectId { root, id } = &resolved.object;
        let message = format!("{root}/{id}: no such static content");
        resolved.asset = Err(match is_static_allowed(&context.attributes) {
            true => Error::new(ErrorKind::NotFound, message),
            false => no_record(&resolved.object),
        });
    }
    Ok(StaticContent { resolved, file, hours: attributes.expiration })
}

/// The catalog's attributes, overridden by the record's.
fn attributes(context: &RequestContext, found: Option<&Found>) -> Attributes {
    let mut attributes = context.attributes.clone();
    if let Some(record) = found.and_then(|found| found.record.as_ref()) {
        let fields = &record.fields;
        attributes.expiration = fields.own_expiration().unwrap_or(attributes.expiration);
        attributes.time_stamp = fields.time_stamp.or(attributes.time_stamp);
    }
    attributes
}

/// `type=`: fails if the content has another type than the client requests (r-type).
fn check_type(raw: &RawRequest, found: &Found) -> Result<()> {
    let wanted = tokens::last(&raw.tokens, "type").unwrap_or_default();
    let user_type = found.record.as_ref().and_then(|record| record.fields.user_type.as_deref());
    match user_type.filter(|own| !own.is_empty() && !wanted.is_empty() && *own != wanted) {
        None => Ok(()),
        Some(own) => Err(Error::value("type", wanted, &format!("{own}, the type of this content"))),
    }
}
