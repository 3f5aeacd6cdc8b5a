//! Which catalog a request is for, and what that makes of it before it is read: signature, rules,
//! address filter, obfuscation, lock.

use std::rc::Rc;

use super::{
    Ask,
    access::{Named, Requester, refuses},
    object,
};
use crate::{
    catalog::{Applied, Attributes, Catalog, DEFAULT, lock, signature},
    commands::takes_request,
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    protocol::{self, RawRequest, composed, decode_path},
    scene::ObjectId,
};

/// Where images are.
const IMAGES: &str = "/is/image";

/// Where static content is.
const CONTENT: &str = "/is/content";

/// A request that may be read, and the catalog it is for.
#[derive(Debug)]
pub struct Main {
    /// The catalog, the default catalog behind it.
    pub catalog: Rc<Catalog>,
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

/// The catalog whose rules a request is subject to: that of the path as it was sent.
pub fn first(request: &HttpRequest, ask: &mut Ask) -> Result<Option<Rc<Catalog>>> {
    let root = root_of(object_of(request)?);
    Ok(ask.catalog(root.as_deref())?.map(|(catalog, _)| catalog))
}

/// The `RequestType` of the rules that a request is subject to.
pub fn kind(request: &HttpRequest) -> &'static str {
    if is_for_content(request) { "static" } else { "is" }
}

/// Finds the catalog and applies what it demands of its requests (M5).
pub fn main(request: &HttpRequest, ask: &mut Ask) -> Result<Option<Main>> {
    let whole = whole(request)?;
    let Some(first) = first(request, ask)? else { return Ok(None) };
    let kind = kind(request);
    let applied = first.rules.apply(kind, &whole)?;
    let (object, query) = applied.request.split_once('?').unwrap_or((&applied.request, ""));
    let root = root_of(object);
    let Some((catalog, stored)) = ask.catalog(root.as_deref())? else { return Ok(None) };
    let attributes = attributes(&catalog, &applied)?;
    let addresses = applied.addresses.as_ref().unwrap_or(&attributes.client_addresses);
    if !addresses.allows(request.access.client.as_deref()) {
        return Err(refused("the client's address is not in the filter"));
    }
    let is_private = !addresses.is_open();
    let revealed;
    let mut query = query;
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
    let root = root.filter(|_| stored);
    let path = object::object(&raw.object).unwrap_or_default();
    let own = root.clone().unwrap_or_else(|| DEFAULT.to_owned());
    // Where rules lead to another catalog, that has its say as of any object.
    let Some(from) = first_root(request, ask)? else { return Ok(None) };
    let mut requester = Requester { root: from, admitted: true, locked, kind };
    if own != requester.root
        && refuses(&catalog, &own, &path, Named::Request, &requester, &request.access, ask)
    {
        return Err(refused("the catalog that a rule leads to"));
    }
    requester.root = own;
    let without_pixels = signature::is_without_pixels(&request.access, &request.query);
    Ok(Some(Main {
        attributes,
        catalog,
        root,
        requester,
        raw,
        path,
        applied,
        without_pixels,
        is_private,
    }))
}

/// The rootId of the catalog whose rules a request is subject to.
fn first_root(request: &HttpRequest, ask: &mut Ask) -> Result<Option<String>> {
    let root = root_of(object_of(request)?);
    let found = ask.catalog(root.as_deref())?;
    Ok(found.map(|(_, stored)| root.filter(|_| stored).unwrap_or_else(|| DEFAULT.to_owned())))
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
