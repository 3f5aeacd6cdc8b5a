//! Finds the catalog of a request, and applies its signature, rules, address filter, obfuscation
//! and lock before the request is parsed.

use std::{future::poll_fn, rc::Rc, task::Poll};

use super::{
    Lookups, Nesting,
    access::{self, Named, ObjectKind, Requester, refuses},
    lookups::Loaded,
    object,
};
use crate::{
    catalog::{Applied, Attributes, Catalog, DEFAULT, lock, signature},
    commands::{Reply, takes_request},
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    picture::ObjectId,
    protocol::{self, RawRequest, composed, decode_path},
    time_slice::Work,
};

/// The path below which images are served.
const IMAGES: &str = "/is/image";

/// The path below which static content is served.
const CONTENT: &str = "/is/content";

/// A request that its catalog admits, and that catalog.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The catalog, which inherits from the default catalog.
    pub catalog: Rc<Catalog>,
    /// The catalog whose rules apply: that of the path as it was sent.
    pub ruled_by: Rc<Catalog>,
    /// The catalog's attributes, with those that rules set for this request.
    pub attributes: Attributes,
    /// The catalog's rootId; `None` if the path names no stored catalog.
    pub root: Option<String>,
    /// The properties of the request that the access check of its objects needs.
    pub requester: Requester,
    /// The request, after the rules.
    pub raw: RawRequest,
    /// The object of its path, after the rules.
    pub path: ObjectId,
    /// Where that path comes from.
    pub named: Named,
    /// Its depth, and the totals of all nested requests.
    pub nesting: Nesting,
    /// What a nested request inherits; `None` for the request of the URL.
    pub enclosing: Option<Enclosing>,
    /// The result of the rules.
    pub applied: Applied,
    /// Whether the request has no signature, and is admitted only because it requests no pixels.
    pub without_pixels: bool,
    /// Whether an address filter restricts which clients may receive the reply.
    pub is_private: bool,
}

impl RequestContext {
    /// Whether its catalog is that of the request of the URL. A nested request can have another.
    pub fn is_of_requester(&self) -> bool {
        self.root.as_deref().unwrap_or(DEFAULT) == self.requester.root
    }
}

/// What a nested request inherits from the request around it.
#[derive(Debug, Clone)]
pub struct Enclosing {
    /// `locale=`
    pub locale: String,
    /// The kind of reply.
    pub reply: Option<Reply>,
}

/// The part of the path after `/is/image/` or `/is/content/`, not decoded. Fails for any other
/// path.
pub fn object_of(request: &HttpRequest) -> Result<&str> {
    let path = &request.path;
    object_after(path, IMAGES).or_else(|| object_after(path, CONTENT)).ok_or_else(|| {
        let message = format!("{path}: only {IMAGES}/… and {CONTENT}/… are served");
        Error::new(ErrorKind::Unsupported, message)
    })
}

/// Whether the request is for static content.
pub fn is_for_content(request: &HttpRequest) -> bool {
    object_after(&request.path, CONTENT).is_some()
}

fn object_after<'a>(path: &'a str, context: &str) -> Option<&'a str> {
    let object = path.strip_prefix(context)?;
    (object.is_empty() || object.starts_with('/')).then(|| object.trim_start_matches('/'))
}

/// The first element of a path, decoded: the rootId. `None` if there is none, or if it is no valid
/// rootId.
pub fn root_of(object: &str) -> Option<String> {
    // An encoded `/` separates elements, too. Otherwise an object could escape its catalog.
    let path = decode_path(object);
    let path = composed(&path);
    let root = path.split('/').find(|element| !element.is_empty())?.to_owned();
    let sound = !root.contains('\\') && !matches!(root.as_str(), "." | "..");
    (sound && !root.contains(char::is_control)).then_some(root)
}

/// `rootId/id?modifiers` as it was sent, without the signature. Fails if the signature is required
/// and missing or wrong.
pub fn whole(request: &HttpRequest) -> Result<String> {
    let object = object_of(request)?;
    let query =
        signature::verify(&request.access, &request.path, &request.query, request.received_at)?;
    Ok(if query.is_empty() { object.to_owned() } else { format!("{object}?{query}") })
}

/// The `RequestType` whose rules apply to a request: `is` or `static`.
pub fn kind(request: &HttpRequest) -> &'static str {
    if is_for_content(request) { "static" } else { "is" }
}

/// Finds the catalog, and applies its requirements to the request (M5).
pub fn find<'a>(
    request: &'a HttpRequest,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<RequestContext>> {
    Box::pin(async move {
        let whole = whole(request)?;
        let root = root_of(object_of(request)?);
        let Loaded { catalog, stored } = lookups.catalog(root.as_deref()).await?;
        let applied = catalog.rules.apply(kind(request), &whole)?;
        let from = Rooted { catalog, root: root.filter(|_| stored) };
        let root = root_of(split(&applied).0);
        let Loaded { catalog, stored } = lookups.catalog(root.as_deref()).await?;
        let own = Rooted { catalog, root: root.filter(|_| stored) };
        admitted(request, from, own, applied, lookups)
    })
}

/// The object and the modifiers of the request after the rules.
fn split(applied: &Applied) -> (&str, &str) {
    applied.request.split_once('?').unwrap_or((&applied.request, ""))
}

/// A catalog, and its rootId if it is stored.
struct Rooted {
    catalog: Rc<Catalog>,
    root: Option<String>,
}

/// Checks the catalog's address filter, obfuscation and lock, and parses the request.
#[inline(never)]
fn admitted(
    request: &HttpRequest,
    Rooted { catalog: ruled_by, root: from }: Rooted,
    Rooted { catalog, root }: Rooted,
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
    let mut requester = Requester { root: from, path: path.clone(), admitted: true, locked, kind };
    // If rules lead to another catalog, that catalog checks the object like any other object.
    if own != requester.root && refuses(&catalog, &own, &path, Named::Request, &requester, lookups)
    {
        return Err(refused("the catalog that a rule leads to"));
    }
    requester.root = own;
    let without_pixels = signature::is_without_pixels(&request.access, &request.query);
    Ok(RequestContext {
        named: Named::Path,
        nesting: Nesting::up_to(attributes.max_nesting),
        enclosing: None,
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

/// Like [`find`], but also requests the record and the file of the object that the path most likely
/// leads to. These reads run together with those of the catalogs, which saves one round of reads.
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

/// The attributes of a catalog, with those that the rules of a request set.
pub fn attributes(catalog: &Catalog, applied: &Applied) -> Result<Attributes> {
    let mut attributes = catalog.attributes.clone();
    for (name, value) in &applied.attributes {
        attributes.set(name, value)?;
    }
    Ok(attributes)
}
