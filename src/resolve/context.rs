//! Which catalog a request is for, and what that makes of it before it is read: signature, rules,
//! address filter, obfuscation, lock.

use std::{future::poll_fn, rc::Rc, task::Poll};

use super::{
    Lookups,
    access::{self, Named, ObjectKind, Requester, refuses},
    object,
};
use crate::{
    catalog::{Applied, Attributes, Catalog, DEFAULT, lock, signature},
    commands::takes_request,
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    picture::ObjectId,
    protocol::{self, RawRequest, composed, decode_path},
    time_slice::Work,
};

/// Where images are.
const IMAGES: &str = "/is/image";

/// Where static content is.
const CONTENT: &str = "/is/content";

/// A request that may be read, and the catalog it is for.
#[derive(Debug)]
pub struct RequestContext {
    /// The catalog, the default catalog behind it.
    pub catalog: Rc<Catalog>,
    /// The catalog whose rules it is subject to: that of the path as it was sent.
    pub ruled_by: Rc<Catalog>,
    /// Its attributes, as the rules of the request leave them.
    pub attributes: Attributes,
    /// Its rootId, where the path names a catalog that is stored.
    pub root: Option<String>,
    /// The request as its objects' catalogs see it.
    pub requester: Requester,
    /// The request, after the rules.
    pub raw: RawRequest,
    /// The object of its path.
    pub path: ObjectId,
    /// What the rules made of it.
    pub applied: Applied,
    /// It is not signed, and let through only because it asks for no pixels.
    pub without_pixels: bool,
    /// Only clients of some addresses may have the reply.
    pub is_private: bool,
}

/// The path behind `/is/image/` or `/is/content/`, as it was sent.
pub fn object_of(request: &HttpRequest) -> Result<&str> {
    let path = &request.path;
    behind(path, IMAGES).or_else(|| behind(path, CONTENT)).ok_or_else(|| {
        let message = format!("{path}: only {IMAGES}/… and {CONTENT}/… are answered");
        Error::new(ErrorKind::Unsupported, message)
    })
}

/// Whether static content is asked for.
pub fn is_for_content(request: &HttpRequest) -> bool {
    behind(&request.path, CONTENT).is_some()
}

fn behind<'a>(path: &'a str, context: &str) -> Option<&'a str> {
    let object = path.strip_prefix(context)?;
    (object.is_empty() || object.starts_with('/')).then(|| object.trim_start_matches('/'))
}

/// The first element of a path, decoded.
pub fn root_of(object: &str) -> Option<String> {
    // An encoded `/` parts elements, too, so that no object leaves its catalog by it.
    let path = decode_path(object);
    let path = composed(&path);
    let root = path.split('/').find(|element| !element.is_empty())?.to_owned();
    let sound = !root.contains('\\') && !matches!(root.as_str(), "." | "..");
    (sound && !root.contains(char::is_control)).then_some(root)
}

/// `rootId/id?modifiers` as it was sent, without the signature, which must be right.
pub fn whole(request: &HttpRequest) -> Result<String> {
    let object = object_of(request)?;
    let query =
        signature::verify(&request.access, &request.path, &request.query, request.received_at)?;
    Ok(if query.is_empty() { object.to_owned() } else { format!("{object}?{query}") })
}

/// The `RequestType` of the rules that a request is subject to.
pub fn kind(request: &HttpRequest) -> &'static str {
    if is_for_content(request) { "static" } else { "is" }
}

/// Finds the catalog and applies what it demands of its requests (M5).
pub fn find<'a>(
    request: &'a HttpRequest,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<RequestContext>> {
    Box::pin(async move {
        let whole = whole(request)?;
        let root = root_of(object_of(request)?);
        let (catalog, stored) = lookups.catalog(root.as_deref()).await?;
        let applied = catalog.rules.apply(kind(request), &whole)?;
        let from = (catalog, root.filter(|_| stored));
        let root = root_of(split(&applied).0);
        let (catalog, stored) = lookups.catalog(root.as_deref()).await?;
        let own = (catalog, root.filter(|_| stored));
        admitted(request, from, own, applied, lookups)
    })
}

/// The object and the modifiers that rules made.
fn split(applied: &Applied) -> (&str, &str) {
    applied.request.split_once('?').unwrap_or((&applied.request, ""))
}

/// A catalog, and its rootId where it is stored.
type Rooted = (Rc<Catalog>, Option<String>);

/// The request as its catalog lets it in.
#[inline(never)]
fn admitted(
    request: &HttpRequest,
    (ruled_by, from): Rooted,
    (catalog, root): Rooted,
    applied: Applied,
    lookups: &Lookups,
) -> Result<RequestContext> {
    let (object, mut query) = split(&applied);
    let attributes = attributes(&catalog, &applied)?;
    let addresses = applied.addresses.as_ref().unwrap_or(&attributes.client_addresses);
    if !addresses.allows(request.access.client.as_deref()) {
        return Err(refused("the client's address is not in the filter"));
    }
    let is_private = !addresses.is_open();
    let revealed;
    if attributes.request_obfuscation {
        revealed = lock::reveal(query)?;
        query = &revealed;
    }
    let unlocked = lock::unlock(query);
    let locked = unlocked.is_ok();
    if attributes.request_lock {
        query = unlocked?;
    }
    let raw = protocol::read(object, query, takes_request)?;
    let path = object::object(&raw.object).unwrap_or_default();
    let own = root.clone().unwrap_or_else(|| DEFAULT.to_owned());
    let from = from.unwrap_or_else(|| DEFAULT.to_owned());
    let kind = kind(request);
    let mut requester = Requester { root: from, admitted: true, locked, kind };
    // Where rules lead to another catalog, that has its say as of any object.
    if own != requester.root && refuses(&catalog, &own, &path, Named::Request, &requester, lookups)
    {
        return Err(refused("the catalog that a rule leads to"));
    }
    requester.root = own;
    let without_pixels = signature::is_without_pixels(&request.access, &request.query);
    Ok(RequestContext {
        attributes,
        catalog,
        ruled_by,
        root,
        requester,
        raw,
        path,
        applied,
        without_pixels,
        is_private,
    })
}

/// The same; the record and the file of the object that the path most likely leads to are requested
/// while the catalogs are on their way, so that these cost no round of their own.
pub async fn find_ahead(
    request: &HttpRequest,
    kind: Option<ObjectKind>,
    lookups: &Lookups<'_>,
) -> Result<RequestContext> {
    let mut found = find(request, lookups);
    poll_fn(|context| {
        let polled = found.as_mut().poll(context);
        if polled.is_pending()
            && let Err(error) = prefetch(request, kind, lookups)
        {
            return Poll::Ready(Err(error));
        }
        polled
    })
    .await
}

#[inline(never)]
fn prefetch(request: &HttpRequest, kind: Option<ObjectKind>, lookups: &Lookups) -> Result<()> {
    let raw = protocol::read(object_of(request)?, "", takes_request)?;
    if let Ok(object) = object::object(&raw.object)
        && !object.id.is_empty()
    {
        access::prefetch(&object, kind, lookups);
    }
    Ok(())
}

fn refused(detail: &str) -> Error {
    Error::new(ErrorKind::Forbidden, "request refused").with_detail(detail)
}

/// The attributes of a catalog, as the rules of a request leave them.
pub fn attributes(catalog: &Catalog, applied: &Applied) -> Result<Attributes> {
    let mut attributes = catalog.attributes.clone();
    for (name, value) in &applied.attributes {
        attributes.set(name, value)?;
    }
    Ok(attributes)
}
