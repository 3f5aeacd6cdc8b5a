//! Decides whether a request may use an object. Every object passes this check, whatever names it.
//! Only an admitted object has a [`Key`], and [`Lookups`] reads records and files only by a `Key`.
//!
//! An object belongs to the catalog of its rootId, or to the default catalog if none is stored
//! under that rootId. That catalog decides as it would for a request for the object alone: by its
//! rules, its address filter and its request lock. Requests of the catalogs that its
//! `TrustedCatalogs` lists skip the check. A refused object looks like a missing one, and its
//! data is not used.

use std::rc::Rc;

use super::{Lookups, RequestContext, context::attributes as overridden, lookups::Loaded, object};
use crate::{
    catalog::{Applied, Catalog, DEFAULT, Record, is_image_allowed, is_static_allowed},
    error::Result,
    picture::ObjectId,
    store::{Batch, keys},
    time_slice::Work,
};

/// The key of a stored object that a request may use.
#[derive(Debug, Clone)]
pub struct Key(String);

impl Key {
    /// The key of a remote image: its URL, which the catalog's rules permit.
    pub fn remote(url: String) -> Self {
        Self(url)
    }

    /// The key in the bucket, or the URL of a remote image.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the name of an object comes from. It decides which checks the object needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// The path of the request. The catalog's rules were applied to it already.
    Path,
    /// An attribute, macro or record of the request's own catalog.
    Owner,
    /// A command of the request, or data of another catalog.
    Request,
}

/// The kind of file that is looked up for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A pyramid.
    Image,
    /// Static content.
    Content,
    /// An SVG.
    Svg,
}

impl ObjectKind {
    /// The key in the bucket of the object `whole`, written `rootId/id`.
    pub fn key(self, whole: &str) -> String {
        let kind = match self {
            Self::Image => keys::Kind::Asset,
            Self::Content => keys::Kind::Content,
            Self::Svg => keys::Kind::Svg,
        };
        kind.key(whole)
    }
}

/// The request whose objects are checked.
#[derive(Debug, Clone)]
pub struct Requester {
    /// The rootId of its catalog; that of the default catalog if none is stored.
    pub root: String,
    /// The object of its path, to which the rules of that catalog were applied.
    pub path: ObjectId,
    /// Whether that catalog admitted the request.
    pub admitted: bool,
    /// Whether the request has a valid request lock.
    pub locked: bool,
    /// The `RequestType` that selects the rules: `is` or `static`.
    pub kind: &'static str,
}

/// An object that the request may use; it need not exist.
#[derive(Debug)]
pub struct Admitted {
    /// Its catalog and id.
    pub object: ObjectId,
    /// The catalog it belongs to.
    pub catalog: Rc<Catalog>,
    /// Whether that catalog is stored. Otherwise it is the default catalog.
    pub stored: bool,
    /// Its record, if it has one.
    pub record: Option<Record>,
    /// The file under the object's own name, if it exists.
    pub file: Option<Key>,
}

/// The result of a look-up: `None` if the object does not exist or is refused.
pub type Answer<T> = Result<Option<T>>;

/// Checks an object, then looks up its record and, if `kind` is given, the file of its own name.
pub fn admit<'a>(
    context: &'a RequestContext,
    named: Named,
    object: ObjectId,
    kind: Option<ObjectKind>,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer<Admitted>> {
    Box::pin(async move {
        let Loaded { catalog, stored } = lookups.catalog(Some(&object.root)).await?;
        let own = if stored { object.root.as_str() } else { DEFAULT };
        let named = if object == context.requester.path { Named::Path } else { named };
        if refuses(&catalog, own, &object, named, &context.requester, lookups) {
            return Ok(None);
        }
        let found = published(&object, kind, lookups).await?;
        Ok(found.map(|Published { record, file }| Admitted {
            object,
            catalog,
            stored,
            record,
            file,
        }))
    })
}

/// Finds the first existing file among those that `RootPath` or the record's `Path` of an admitted
/// object lead to.
///
/// `from` is that object. The files are named `rootId/id`, and the catalog of that rootId is checked as for any object. A
/// folder that is not the rootId of a stored catalog belongs to the object itself and is not
/// checked.
pub fn first_file<'a>(
    context: &'a RequestContext,
    from: &'a ObjectId,
    files: Vec<(ObjectKind, String)>,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer<Key>> {
    Box::pin(async move {
        for (kind, whole) in files {
            // A name that is no valid id leads to no file.
            let Ok(object) = object::object(&[whole]) else { continue };
            let own = object.root == from.root || {
                let Loaded { stored, .. } = lookups.catalog(Some(&object.root)).await?;
                !stored && object.root != DEFAULT
            };
            let file = if own {
                published(&object, Some(kind), lookups).await?.and_then(|found| found.file)
            } else {
                let admitted = admit(context, Named::Request, object.clone(), Some(kind), lookups);
                let admitted = admitted.await?;
                let served = admitted.filter(|admitted| admitted.is_served(kind));
                served.and_then(|served| served.file)
            };
            if file.is_some() {
                lookups.found(&object);
                return Ok(file);
            }
        }
        Ok(None)
    })
}

impl Admitted {
    /// Whether `AllowDirectAccess` permits serving its file without a record.
    pub fn is_direct(&self, kind: ObjectKind) -> bool {
        let attributes = &self.catalog.attributes;
        if kind == ObjectKind::Image {
            is_image_allowed(attributes)
        } else {
            is_static_allowed(attributes)
        }
    }

    fn is_served(&self, kind: ObjectKind) -> bool {
        let of_kind = |record: &Record| match kind {
            ObjectKind::Image => record.is_of_image(),
            ObjectKind::Content => record.content.is_some(),
            ObjectKind::Svg => record.is_svg(),
        };
        self.is_direct(kind) || self.record.as_ref().is_some_and(of_kind)
    }
}

/// Requests the reads of an object that is probably admitted, while its catalogs are still being
/// read.
pub fn prefetch(object: &ObjectId, kind: Option<ObjectKind>, lookups: &Lookups) {
    let (record, file) = keys_of(object, kind);
    lookups.prefetch(&record, file.as_ref());
}

/// The record and the file of a published object.
struct Published {
    record: Option<Record>,
    file: Option<Key>,
}

/// Looks up an object's record and file. Returns `None` if the object is not published.
async fn published(
    object: &ObjectId,
    kind: Option<ObjectKind>,
    lookups: &Lookups<'_>,
) -> Answer<Published> {
    request(object, kind, lookups).await;
    requested(object, kind, lookups)
}

/// Requests the record and the file in one batch.
#[inline(never)]
fn request(object: &ObjectId, kind: Option<ObjectKind>, lookups: &Lookups) -> Batch {
    let (record, file) = keys_of(object, kind);
    lookups.request(&record, file.as_ref())
}

#[inline(never)]
fn requested(object: &ObjectId, kind: Option<ObjectKind>, lookups: &Lookups) -> Answer<Published> {
    let (record, file) = keys_of(object, kind);
    let record = lookups.record(&record)?;
    let hidden = |record: &Record| !(record.is_published() || lookups.access.unpublished);
    if record.as_ref().is_some_and(hidden) {
        return Ok(None);
    }
    Ok(Some(Published { record, file: file.filter(|file| lookups.is_there(file)) }))
}

/// The keys of an object's record and file.
fn keys_of(ObjectId { root, id }: &ObjectId, kind: Option<ObjectKind>) -> (Key, Option<Key>) {
    let between = if root.is_empty() || id.is_empty() { "" } else { "/" };
    let whole = [root, between, id].concat();
    (Key(Record::key(root, id)), kind.map(|kind| Key(kind.key(&whole))))
}

/// Whether the object's catalog refuses it to a request. `own` is the rootId of that catalog.
#[inline(never)]
pub fn refuses(
    catalog: &Catalog,
    own: &str,
    object: &ObjectId,
    named: Named,
    by: &Requester,
    lookups: &Lookups,
) -> bool {
    let attributes = &catalog.attributes;
    let (same, owned) = (own == by.root, named != Named::Request);
    let admitted = same && by.admitted;
    if admitted && owned || by.admitted && attributes.trusts(&by.root) {
        return false;
    }
    // A URL can name an object of the default catalog without its rootId, too.
    let names = [[object.root.as_str(), "/", &object.id].concat(), object.id.clone()];
    let names = if object.root == DEFAULT { names.as_slice() } else { &names[..1] };
    names.iter().any(|name| {
        // Rules and locks do not apply to objects that the catalog itself names.
        let applied = match same && owned {
            true => Some(Applied::default()),
            false => {
                catalog.rules.apply(by.kind, &name.replace('%', "%25").replace('?', "%3F")).ok()
            }
        };
        let Some(applied) = applied else { return true };
        let filter = applied.addresses.as_ref();
        let filter = filter.or_else(|| (!admitted).then_some(&attributes.client_addresses));
        let sets = |(name, _): &(String, String)| name.eq_ignore_ascii_case("RequestLock");
        let lock = match applied.attributes.iter().any(sets) {
            true => overridden(catalog, &applied).map_or(true, |set| set.request_lock),
            false => attributes.request_lock && !same,
        };
        filter.is_some_and(|filter| !lookups.lets_in(filter)) || lock && !by.locked
    })
}
