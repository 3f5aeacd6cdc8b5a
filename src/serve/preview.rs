//! `/preview/…`: the data that the preview page needs to render as the server would, and nothing
//! else.
//!
//! | path | reply |
//! | --- | --- |
//! | `/preview/source/<rootId>/<id>` | the `Range` of a stored pyramid; 403 without one |
//! | `/preview/record/<rootId>/<id>` | the fields of its record that the page may read |
//! | `/preview/catalog/<rootId>` | the fields of a compiled catalog that the page may read |
//! | `/preview/list`, `/preview/list/<rootId>` | the catalogs, and the images of one (`list.rs`) |
//!
//! Only catalogs that the server's owner lists are open, and with them the default catalog, from
//! which each inherits. Other catalogs are 403, whatever they contain. A missing or unpublished
//! object is 204, which browser consoles do not show as an error. A server that requires signatures
//! serves nothing here, because a stored pyramid contains more than any signed URL.

mod list;
mod query;
mod token;

pub use token::Token;

use crate::{
    catalog::{Compiled, DEFAULT, Record},
    error::{Error, ErrorKind, Result},
    http::{HttpReply, HttpRequest, Method, Signing},
    limits,
    picture::ObjectId,
    protocol::decode_path,
    reply::{ReplyBuilder, date, for_client, method_not_allowed, tag_of, text::TEXT},
    resolve,
    sources::Lookup,
    store::{self, Block, ByteRange, Object, Read, ReadError, Store, Version},
};

/// The path prefix of the routes.
pub const PREFIX: &str = "/preview/";

/// What the page may read.
#[derive(Debug, Clone, Default)]
pub struct PreviewSettings {
    /// The rootIds that the page may read, separated by commas.
    pub sources: String,
    /// The token of requests for lists.
    pub token: Token,
    /// Whether the server saves what the page edits.
    pub edits: bool,
}

impl PreviewSettings {
    /// The rootIds that the page may read.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        self.sources.split(',').map(str::trim).filter(|root| !root.is_empty())
    }
}

/// The resource that a path names.
enum Wanted {
    Source(ObjectId),
    Record(ObjectId),
    Catalog(String),
}

/// Answers one request of the page.
pub async fn preview(
    request: &HttpRequest,
    settings: &PreviewSettings,
    store: &impl Store,
) -> HttpReply {
    if request.method == Method::Other {
        return method_not_allowed();
    }
    let answered = match list::rest(&request.path) {
        Some(rest) => list::list(request, rest, settings, store).await.map(Some),
        None => answer(request, settings, store).await,
    };
    let reply = match answered {
        Ok(Some(reply)) => reply,
        Ok(None) => plain(204, ""),
        Err(error) if matches!(error.kind, ErrorKind::Storage | ErrorKind::Busy) => {
            plain(503, "Storage unavailable. Try again later.\n")
        }
        Err(_) => plain(403, "The preview page may not read this.\n"),
    };
    for_page(for_client(request, reply))
}

/// The reply for the page alone: no other origin may read it.
pub fn for_page(mut reply: HttpReply) -> HttpReply {
    reply.headers.retain(|(name, _)| !name.starts_with("access-control-"));
    let own = reply.headers.iter_mut().find(|(name, _)| *name == "cross-origin-resource-policy");
    if let Some((_, policy)) = own {
        "same-origin".clone_into(policy);
    }
    reply
}

async fn answer(
    request: &HttpRequest,
    settings: &PreviewSettings,
    store: &impl Store,
) -> Result<Option<HttpReply>> {
    let Some(wanted) = Wanted::of(&request.path) else { return Ok(None) };
    let object = wanted.object();
    let range = request.range.as_deref().and_then(parse);
    if matches!(wanted, Wanted::Source(_)) && range.is_none() {
        return Err(Error::new(ErrorKind::Forbidden, "a pyramid is read by ranges"));
    }
    let mut roots = settings.roots().peekable();
    let default = object.root == DEFAULT && roots.peek().is_some();
    let listed = default || roots.any(|root| root == object.root);
    if !listed || request.access.signing != Signing::Off {
        return Err(Error::new(ErrorKind::Forbidden, "not open"));
    }
    let lookup = Lookup::default();
    let image_request =
        HttpRequest { path: wanted.image_path(), query: String::new(), ..request.clone() };
    let stage = resolve::readable(&image_request, &object, &lookup.buffer);
    let readable = lookup.run(request, store, stage).await??;
    if !readable.published {
        return Ok(None);
    }
    if let Wanted::Source(object) = wanted {
        return source(range, &object, store).await;
    }
    let fetched = lookup.buffer.fetched();
    match wanted {
        Wanted::Source(_) => Ok(None),
        Wanted::Record(ObjectId { root, id }) => {
            let stored = fetched.object(&Record::key(&root, &id));
            let shown = readable.record.map(|record| record.shown().to_json()).transpose()?;
            Ok(stored.zip(shown).map(|(stored, shown)| json(&stored.version, shown)))
        }
        Wanted::Catalog(root) => {
            let key = Compiled::key(&root);
            let Some(stored) = fetched.object(&key) else { return Ok(None) };
            let compiled = Compiled::from_json(&key, whole(stored))?;
            let shown = compiled.shown(request.access.client.as_deref())?;
            Ok(Some(json(&stored.version, shown.to_json()?)))
        }
    }
}

/// Reads a byte range of a pyramid; `None` if the pyramid does not exist.
async fn source(
    range: Option<(u64, u64)>,
    object: &ObjectId,
    store: &impl Store,
) -> Result<Option<HttpReply>> {
    let Some((start, len)) = range else { return Ok(None) };
    let range = ByteRange::new(start, len.min(limits::PREVIEW_BYTES));
    let read = Read { key: object.asset_key(), range, version: None };
    match store.read(&read).await {
        Ok(block) => Ok(Some(part(block))),
        Err(ReadError::NotFound) => Ok(None),
        Err(error) => Err(store::refused(&read, error)),
    }
}

impl Wanted {
    fn of(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix(PREFIX)?.split_once('/')?;
        let rest = decode_path(rest);
        if rest.split('/').any(str::is_empty) {
            return None;
        }
        let object = resolve::object::object(&[rest]).ok()?;
        match kind {
            "source" if !object.id.is_empty() => Some(Self::Source(object)),
            "record" if !object.id.is_empty() => Some(Self::Record(object)),
            "catalog" if object.id.is_empty() => Some(Self::Catalog(object.root)),
            _ => None,
        }
    }

    fn object(&self) -> ObjectId {
        match self {
            Self::Source(object) | Self::Record(object) => object.clone(),
            Self::Catalog(root) => ObjectId { root: root.clone(), id: String::new() },
        }
    }

    /// The path of the object's image, whose rules and filters apply here, too.
    fn image_path(&self) -> String {
        let ObjectId { root, id } = self.object();
        let path = format!("{root}/{id}").replace('%', "%25").replace('?', "%3F");
        format!("/is/image/{}", path.trim_end_matches('/'))
    }
}

fn whole(object: &Object) -> &[u8] {
    object.from(0).unwrap_or_default()
}

fn json(version: &Version, body: Vec<u8>) -> HttpReply {
    of_version(version).body("application/json", body)
}

/// The reply with a byte range of a stored object (RFC 9110, 15.3.7); 416 if the range is empty.
fn part(block: Block) -> HttpReply {
    let mut reply = of_version(&block.version).header("accept-ranges", "bytes");
    if let Some(modified) = block.modified {
        reply = reply.header("last-modified", date::http(modified));
    }
    let (start, len) = (block.start, block.bytes.len() as u64);
    let (status, range) = match len {
        0 => (416, "*".to_owned()),
        _ => (206, format!("{start}-{}", start + len - 1)),
    };
    let range = format!("bytes {range}/{}", block.object_len);
    reply.status(status).header("content-range", range).body("image/tiff", block.bytes)
}

/// A builder whose entity tag is the version of the stored object, so that the page and the server
/// give a reply the same tag. The page revalidates every time, and caches for as long as the
/// server.
fn of_version<'a>(version: &Version) -> ReplyBuilder<'a> {
    ReplyBuilder::uncached(format!("\"{version}\"")).cache_control("no-cache")
}

fn plain(status: u16, text: &str) -> HttpReply {
    let reply = ReplyBuilder::uncached(tag_of(text, None)).status(status);
    reply.body(TEXT, text.as_bytes().to_vec())
}

/// Start and length of `bytes=first-last`, the only form that the page sends.
fn parse(header: &str) -> Option<(u64, u64)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.parse().ok()?;
    let last: u64 = last.parse().unwrap_or(u64::MAX);
    Some((first, last.checked_sub(first)?.saturating_add(1)))
}
