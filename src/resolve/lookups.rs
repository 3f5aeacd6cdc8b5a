//! The look-ups of a request in the store, and the record of which of them its reply depends on.

use std::{
    cell::{Cell, Ref, RefCell},
    rc::Rc,
};

use super::access::Key;
use crate::{
    catalog::{AddressFilter, Catalog, Compiled, DEFAULT, Record, Stored, load},
    color::icc::model_of,
    error::{Error, ErrorKind, Result},
    http::{Access, CacheTags},
    limits,
    picture::ObjectId,
    protocol::RemoteRules,
    pyramid,
    resolved::{EntityHash, Shown, StoredProfile},
    sort::sort,
    store::{Batch, ByteRange, FetchBuffer, Fetched, Object, Read, Version, keys::Kind},
};

/// A catalog that was looked up.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The catalog. It inherits from the default catalog.
    pub catalog: Rc<Catalog>,
    /// Whether it is stored itself.
    pub stored: bool,
}

/// The look-ups of one request. Look-ups that wait at the same time are read in one batch.
#[derive(Debug)]
pub struct Lookups<'a> {
    /// The client's identity and rights.
    pub access: &'a Access,
    buffer: &'a FetchBuffer,
    /// The keys that were looked up, and which property of each object matters.
    looked_up: RefCell<Vec<(String, Matters)>>,
    /// Loaded catalogs by rootId. They are cached because a set names each catalog many times.
    catalogs: RefCell<Vec<(String, Loaded)>>,
    filtered: Cell<bool>,
    /// The objects that were found, as `rootId/id`.
    found: RefCell<Vec<String>>,
    /// The URLs of remote images, and the rules that permit each.
    permitted: RefCell<Vec<(String, RemoteRules)>>,
}

/// Which property of a stored object the reply depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matters {
    /// Its version.
    Version,
    /// Whether it exists.
    Presence,
}

/// The size and version of a stored pyramid.
#[derive(Debug, Clone)]
pub struct StoredPicture {
    /// Width × height in pixels, after the orientation is applied.
    pub size: [u32; 2],
    /// The version of the stored object.
    pub version: Version,
}

impl<'a> Lookups<'a> {
    /// Creates an empty set of look-ups.
    pub fn new(access: &'a Access, buffer: &'a FetchBuffer) -> Self {
        Self {
            access,
            buffer,
            looked_up: RefCell::default(),
            catalogs: RefCell::default(),
            filtered: Cell::new(false),
            found: RefCell::default(),
            permitted: RefCell::default(),
        }
    }

    /// A hash of the state of every object that was looked up: its version or its existence. It
    /// also depends on whether the client sees unpublished objects.
    pub fn revision(&self) -> String {
        let fetched = self.buffer.fetched();
        let answer = |(key, matters): &(String, Matters)| {
            let state = match fetched.object(key) {
                None if !fetched.is_looked_up(key) => return None,
                None => "",
                Some(_) if *matters == Matters::Presence => "there",
                Some(object) => &object.version.0,
            };
            Some([key, "@", state].concat())
        };
        let mut answers: Vec<String> = self.looked_up.borrow().iter().filter_map(answer).collect();
        sort(&mut answers);
        answers.dedup();
        let mut identity = EntityHash::default();
        identity.add(if self.access.unpublished { "unpublished" } else { "" });
        answers.iter().for_each(|answer| identity.add(answer));
        identity.letters(20)
    }

    /// Whether the address filter of an object's catalog was evaluated. Then the reply is not valid
    /// for all clients that may send the request.
    pub fn is_filtered(&self) -> bool {
        self.filtered.get()
    }

    /// Whether the filter of an object's catalog admits the client. Sets `is_filtered` unless the
    /// filter is open.
    pub fn lets_in(&self, filter: &AddressFilter) -> bool {
        self.filtered.set(self.filtered.get() || !filter.is_open());
        filter.allows(self.access.client.as_deref())
    }

    /// Records an object that was found and that the request may use.
    pub fn found(&self, ObjectId { root, id }: &ObjectId) {
        if self.access.cache_tags != CacheTags::Off {
            self.found.borrow_mut().push([root, "/", id].concat());
        }
    }

    /// The objects that were found, after the object of the path: whether it exists or not, a purge
    /// of its name must reach the reply.
    pub fn shown(&self, path: &ObjectId) -> Shown {
        let mut objects = self.found.take();
        let path = [&path.root, "/", &path.id].concat();
        if objects.first() != Some(&path) {
            objects.insert(0, path);
        }
        Shown { form: self.access.cache_tags, objects }
    }

    /// Records the rules that permit a remote image.
    pub fn permit(&self, url: &str, rules: &RemoteRules) {
        let mut permitted = self.permitted.borrow_mut();
        if !permitted.iter().any(|(known, _)| known == url) {
            permitted.push((url.to_owned(), rules.clone()));
        }
    }

    /// The URLs of remote images, and the rules that permit each.
    pub fn permitted(&self) -> Vec<(String, RemoteRules)> {
        self.permitted.borrow().clone()
    }

    /// Whether a remote image was looked up and does not exist.
    pub fn is_missing(&self, url: &str) -> bool {
        let fetched = self.buffer.fetched();
        fetched.is_looked_up(url) && fetched.object(url).is_none()
    }

    /// The objects and bytes read so far.
    pub fn fetched(&self) -> Ref<'a, Fetched> {
        self.buffer.fetched()
    }

    /// The version of an object; `None` if it was not looked up or does not exist.
    pub fn version(&self, key: &str) -> Option<String> {
        self.fetched().object(key).map(|object| object.version.0.clone())
    }

    /// Reads the size and version of the pyramid at `key`. Returns `None` if it does not exist or
    /// is damaged.
    pub async fn picture(&self, key: &Key) -> Result<Option<StoredPicture>> {
        let key = key.as_str();
        self.matters(key, Matters::Version);
        match pyramid::open(key, self.buffer).await {
            Ok(index) => {
                let size = index.upright_size();
                let size = [size.width, size.height];
                Ok(Some(StoredPicture { size, version: index.version }))
            }
            // A damaged image among its members does not invalidate a set.
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::BadSource) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the headers of the ICC profiles at these keys. Returns those that exist. Fails for a file
    /// that is none, or longer than [`limits::PROFILE_BYTES`].
    pub async fn profiles(&self, keys: &[String]) -> Result<Vec<StoredProfile>> {
        let read = |key: &String| {
            self.matters(key, Matters::Version);
            from_start(key, limits::PROFILE_HEADER)
        };
        self.read(keys.iter().map(read).collect()).await;
        let fetched = self.fetched();
        let found = keys.iter().filter_map(|key| Some((key, fetched.object(key)?)));
        let profile = |(key, object): (&String, &Object)| {
            let Object { len, version, .. } = object;
            if *len > limits::PROFILE_BYTES {
                let limit = limits::PROFILE_BYTES;
                let message = format!("{key}: an ICC profile of {len} bytes; the limit is {limit}");
                return Err(Error::too_large(message));
            }
            let model = model_of(object.from(0).unwrap_or_default());
            let model = model.map_err(|mut error| {
                error.message = format!("{key}: {}", error.message);
                error
            })?;
            let (key, version) = (key.clone(), version.clone());
            Ok(StoredProfile { key, version, len: *len, model })
        };
        found.map(profile).collect()
    }

    /// Requests the versions and lengths of fonts.
    pub fn fonts(&self, keys: &[String]) -> Batch {
        let read = |key: &String| {
            self.matters(key, Matters::Version);
            from_start(key, limits::FONT_HEADER)
        };
        self.read(keys.iter().map(read).collect())
    }

    /// Requests a record and, if given, a file. The reply depends on the record's version, but only
    /// on the existence of the file.
    pub fn request(&self, record: &Key, file: Option<&Key>) -> Batch {
        self.matters(record.as_str(), Matters::Version);
        if let Some(file) = file {
            self.matters(file.as_str(), Matters::Presence);
        }
        self.read(record_and_file(record, file))
    }

    /// Like [`Self::request`], but does not wait, and does not make the reply depend on the result.
    pub fn prefetch(&self, record: &Key, file: Option<&Key>) {
        self.buffer.prefetch(self.unread(record_and_file(record, file)));
    }

    /// Returns a record that was requested before; `None` if it does not exist.
    pub fn record(&self, key: &Key) -> Result<Option<Record>> {
        let fetched = self.fetched();
        let key = key.as_str();
        let stored = whole(&fetched, key, limits::RECORD_BYTES)?;
        // Where a store has no conditional delete, a removed record is an empty object.
        let bytes = stored.map(|(_, bytes)| bytes).filter(|bytes| !bytes.is_empty());
        let record = bytes.map(Record::from_json).transpose();
        record.map_err(|error| error.with_detail(key))
    }

    /// Whether a file that was requested before exists.
    pub fn is_there(&self, key: &Key) -> bool {
        self.fetched().object(key.as_str()).is_some()
    }

    /// Loads the catalog of a rootId, which inherits from the default catalog, and tells whether it
    /// is stored. Without a rootId, loads the default catalog alone.
    pub async fn catalog(&self, root: Option<&str>) -> Result<Loaded> {
        let root = root.unwrap_or_default();
        if let Some(loaded) = self.loaded(root) {
            return Ok(loaded);
        }
        self.request_catalog(root).await;
        self.load(root)
    }

    fn loaded(&self, root: &str) -> Option<Loaded> {
        let catalogs = self.catalogs.borrow();
        catalogs.iter().find(|(key, _)| key == root).map(|(_, loaded)| loaded.clone())
    }

    #[inline(never)]
    fn request_catalog(&self, root: &str) -> Batch {
        let (default, named) = catalog_keys(root);
        let keys = [Some(default), named];
        let reads = keys.iter().flatten().map(|key| {
            self.matters(key, Matters::Version);
            from_start(key, limits::CATALOG_BYTES)
        });
        self.read(reads.collect())
    }

    #[inline(never)]
    fn load(&self, root: &str) -> Result<Loaded> {
        let fetched = self.fetched();
        let (default, named) = catalog_keys(root);
        let default = stored(&fetched, &default)?;
        let named = match &named {
            Some(key) => stored(&fetched, key)?,
            None => None,
        };
        let found = Loaded { stored: named.is_some(), catalog: load(default, named)? };
        self.catalogs.borrow_mut().push((root.to_owned(), found.clone()));
        Ok(found)
    }

    fn matters(&self, key: &str, matters: Matters) {
        self.looked_up.borrow_mut().push((key.to_owned(), matters));
    }

    fn read(&self, reads: Vec<Read>) -> Batch {
        self.buffer.read(self.unread(reads))
    }

    fn unread(&self, mut reads: Vec<Read>) -> Vec<Read> {
        let fetched = self.fetched();
        reads.retain(|read| !fetched.is_looked_up(&read.key));
        reads
    }
}

/// The keys of the default catalog, and of the catalog of a rootId.
fn catalog_keys(root: &str) -> (String, Option<String>) {
    let named = Some(root).filter(|root| !root.is_empty() && *root != DEFAULT);
    (Compiled::key(DEFAULT), named.map(Compiled::key))
}

/// The reads of a record and a file. The read of a pyramid starts with its header, so that testing
/// its existence needs no separate read. The read of static content is empty, because the platform
/// sends its bytes.
fn record_and_file(record: &Key, file: Option<&Key>) -> Vec<Read> {
    let mut reads = vec![from_start(record.as_str(), limits::RECORD_BYTES)];
    reads.extend(file.map(|file| {
        let len = if Kind::Asset.holds(file.as_str()) { limits::HEADER_READ } else { 0 };
        from_start(file.as_str(), len)
    }));
    reads
}

fn from_start(key: &str, len: u64) -> Read {
    Read { key: key.to_owned(), range: ByteRange::new(0, len), version: None }
}

fn stored<'a>(fetched: &'a Fetched, key: &'a str) -> Result<Option<Stored<'a>>> {
    let whole = whole(fetched, key, limits::CATALOG_BYTES)?;
    Ok(whole.map(|(version, bytes)| (key, version, bytes)))
}

/// The version and bytes of an object; `None` if it does not exist. Fails if the object is larger
/// than `limit` bytes.
fn whole<'a>(
    fetched: &'a Fetched,
    key: &str,
    limit: u64,
) -> Result<Option<(&'a Version, &'a [u8])>> {
    let Some(object) = fetched.object(key) else { return Ok(None) };
    if object.len > limit {
        let len = object.len;
        return Err(Error::too_large(format!("{key}: {len} bytes, the limit is {limit}")));
    }
    Ok(Some((&object.version, object.from(0).unwrap_or_default())))
}
