//! `/preview/list` and `/preview/list/<rootId>`: the catalogs that the page may read, and their
//! images.
//!
//! The images of a catalog are its pyramids and its SVGs. The store has them in two folders, whose
//! lists are merged: `assets/Shop/pier.tif` and `svg/Shop/logo.svg` are `pier.tif` and `logo.svg`
//! here, in the order of these names. Such a name is also the place where the next page begins.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{PREFIX, PreviewSettings, plain, query::Query, token::Token};
use crate::{
    error::Result,
    http::{HttpReply, HttpRequest, Signing},
    limits,
    protocol::decode_path,
    reply::{ReplyBuilder, date, tag_of},
    store::{self, ByteRange, Listed, Read, Store, keys::Kind},
};

/// The folders of images, with the endings of their keys.
const FOLDERS: [(Kind, &str); 2] = [(Kind::Asset, ".tif"), (Kind::Svg, ".svg")];

/// The rest of the path of a list; `None` for any other path.
pub fn rest(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(PREFIX)?.strip_prefix("list")?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Answers a request for a list. `rest` is the path behind `/preview/list`.
pub async fn list(
    request: &HttpRequest,
    rest: &str,
    settings: &PreviewSettings,
    store: &impl Store,
) -> Result<HttpReply> {
    if request.access.signing != Signing::Off {
        return Ok(plain(403, "This server answers signed requests only, and has no lists.\n"));
    }
    if settings.token == Token::Unset {
        return Ok(plain(403, UNSET));
    }
    if !settings.token.admits(request.authorization.as_deref()) {
        let reply = ReplyBuilder::uncached(tag_of(WRONG, None)).status(401);
        let reply = reply.header("www-authenticate", "Bearer");
        return Ok(reply.body(crate::reply::text::TEXT, WRONG.as_bytes().to_vec()));
    }
    let root = decode_path(rest);
    if root.is_empty() {
        let catalogs: Vec<&str> = settings.roots().collect();
        return Ok(json(&json!({ "catalogs": catalogs, "edit": settings.edits })));
    }
    if !settings.roots().any(|open| open == root) {
        let root: String = root.chars().filter(|c| !c.is_control()).take(100).collect();
        return Ok(plain(
            403,
            &format!("{root}: PREVIEW_SOURCES of the server lacks this catalog.\n"),
        ));
    }
    let query = match Query::parse(&request.query) {
        Ok(query) => query,
        Err(why) => return Ok(plain(400, &format!("{why}.\n"))),
    };
    let (objects, next) = page(&root, &query, store).await?;
    let mut page = json!({ "objects": objects });
    if let (Some(next), Value::Object(page)) = (next, &mut page) {
        page.insert("next".to_owned(), Value::String(next));
    }
    Ok(json(&page))
}

const UNSET: &str = "This server lists nothing, because it has no PREVIEW_TOKEN: set it to a secret, \
                     or to * for development.\n";

const WRONG: &str = "Lists need the token of the server, the value of its PREVIEW_TOKEN: send \
                     Authorization: Bearer TOKEN.\n";

/// A page of a catalog's images, and where the next one begins. It ends early where
/// [`limits::LIST_CALLS`] lists of the store do not fill it.
async fn page(
    root: &str,
    query: &Query,
    store: &impl Store,
) -> Result<(Vec<Value>, Option<String>)> {
    let mut folders = FOLDERS.map(|(kind, ending)| Folder::new(kind, ending, root, query));
    let (mut objects, mut last, mut calls) = (Vec::new(), query.after.clone(), 0);
    loop {
        for folder in &mut folders {
            while folder.is_to_be_filled() {
                if calls == limits::LIST_CALLS {
                    return Ok((objects, Some(last)));
                }
                calls += 1;
                folder.fill(query, store).await?;
            }
        }
        let [assets, svgs] = &mut folders;
        let first = match (assets.first(), svgs.first()) {
            (None, None) => return Ok((objects, None)),
            (Some(asset), Some(svg)) if svg < asset => svgs,
            (None, Some(_)) => svgs,
            (Some(_), _) => assets,
        };
        let Some((id, name, object)) = first.take() else { continue };
        last = name;
        if query.has(&id) {
            objects.push(shown(&id, &object));
        }
        if objects.len() == query.limit {
            let is_end =
                folders.iter().all(|folder| folder.first().is_none() && folder.is_listed());
            return Ok((objects, Some(last).filter(|_| !is_end)));
        }
    }
}

fn shown(id: &str, object: &Listed) -> Value {
    let mut shown = json!({ "id": id, "bytes": object.len });
    if let (Some(modified), Value::Object(shown)) = (object.modified, &mut shown) {
        shown.insert("modified".to_owned(), Value::String(date::iso(modified)));
    }
    shown
}

/// The images of one folder of the store that have been listed, and where to go on.
struct Folder {
    /// The catalog's folder: `assets/Shop/`.
    path: String,
    ending: &'static str,
    found: VecDeque<Listed>,
    /// The key after which to list; `None` at the end.
    after: Option<String>,
}

impl Folder {
    fn new(kind: Kind, ending: &'static str, root: &str, query: &Query) -> Self {
        let path = format!("{}{root}/", kind.folder());
        let mut after = [path.as_str(), &query.after].concat();
        // A name of the other folder may be longer than a key here. Whatever it cuts comes after it.
        after.truncate(after.floor_char_boundary(limits::KEY_BYTES));
        let exists = path.len() + query.prefix.len() <= limits::KEY_BYTES;
        Self { path, ending, found: VecDeque::new(), after: exists.then_some(after) }
    }

    fn is_listed(&self) -> bool {
        self.after.is_none()
    }

    fn is_to_be_filled(&self) -> bool {
        self.found.is_empty() && !self.is_listed()
    }

    async fn fill(&mut self, query: &Query, store: &impl Store) -> Result<()> {
        let Some(after) = self.after.take() else { return Ok(()) };
        let prefix = [self.path.as_str(), &query.prefix].concat();
        // A filter may need more than it shows.
        let limit = if query.contains.is_empty() { query.limit } else { limits::LIST_OBJECTS };
        let listing = store.list(&prefix, &after, limit).await.map_err(|error| {
            store::refused(&Read { key: prefix, range: ByteRange::new(0, 0), version: None }, error)
        })?;
        self.after = listing.next;
        let Self { path, ending, .. } = self;
        let is_image = |object: &Listed| {
            let name = object.key.strip_prefix(path.as_str());
            // Beside a pyramid there may be its index.
            name.is_some_and(|name| name > query.after.as_str() && name.len() > ending.len())
                && object.key.ends_with(*ending)
        };
        self.found = listing.objects.into_iter().filter(is_image).collect();
        Ok(())
    }

    /// The name of the first image.
    fn first(&self) -> Option<&str> {
        self.found.front()?.key.strip_prefix(self.path.as_str())
    }

    /// Takes the first image, with its id and its name.
    fn take(&mut self) -> Option<(String, String, Listed)> {
        let name = self.first()?.to_owned();
        let id = name.strip_suffix(self.ending)?.to_owned();
        Some((id, name, self.found.pop_front()?))
    }
}

fn json(value: &Value) -> HttpReply {
    let body = value.to_string();
    ReplyBuilder::uncached(tag_of(&body, None)).body("application/json", body.into_bytes())
}
