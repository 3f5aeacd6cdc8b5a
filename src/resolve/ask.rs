//! What a stage asks of the store: answered where it is known, else noted as to be read.

use std::rc::Rc;

use super::access::Key;
use crate::{
    catalog::{AddressFilter, Catalog, Compiled, DEFAULT, Record, Stored, load},
    error::{Error, ErrorKind, Result},
    http::Access,
    limits, pyramid,
    scene::Identity,
    sort::sort,
    store::{ByteRange, Known, Object, Read, Step, Version, keys::Kind},
};

/// A whole object: its version and its bytes.
type Bytes<'a> = (&'a Version, &'a [u8]);

/// Questions of one round. `None` as an answer means that it must be read first: a stage goes on
/// asking what it will need besides, so that all is read in one batch.
#[derive(Debug)]
pub struct Ask<'a> {
    known: &'a Known,
    needs: Vec<Read>,
    /// What was answered: keys, and the versions of what is there.
    answers: Vec<String>,
    /// Catalogs by rootId: sets name each many times.
    catalogs: Vec<(String, (Rc<Catalog>, bool))>,
    /// Whether an address filter was asked about an object: then the answer is not for all clients
    /// that may ask.
    pub filtered: bool,
}

/// What a pyramid says of its picture.
#[derive(Debug)]
pub struct StoredPicture {
    /// Pixels across and down, upright.
    pub size: [u32; 2],
    /// The version of the object.
    pub version: Version,
}

impl<'a> Ask<'a> {
    /// Nothing asked yet.
    pub fn new(known: &'a Known) -> Self {
        Self {
            known,
            needs: Vec::new(),
            answers: Vec::new(),
            catalogs: Vec::new(),
            filtered: false,
        }
    }

    /// The stage's answer, or what it needs for one.
    pub fn step<T>(self, answer: Option<T>) -> Step<T> {
        match answer {
            Some(answer) => Step::Done(answer),
            None => Step::Needs(self.needs),
        }
    }

    /// Changes with every object of the store that was looked for: its version, whether it is
    /// there; and with whether what is not published is shown.
    pub fn revision(&mut self, unpublished: bool) -> String {
        sort(&mut self.answers);
        self.answers.dedup();
        let mut identity = Identity::default();
        identity.add(if unpublished { "unpublished" } else { "" });
        self.answers.iter().for_each(|answer| identity.add(answer));
        identity.letters(20)
    }

    fn note(&mut self, key: &str, state: &str) {
        self.answers.push([key, "@", state].concat());
    }

    /// Whether the filter of an object's catalog lets the client in.
    pub fn lets_in(&mut self, filter: &AddressFilter, access: &Access) -> bool {
        self.filtered |= !filter.is_open();
        filter.allows(access.client.as_deref())
    }

    /// Whether there is a file at `key`. A pyramid is read where it is opened, so that an asset that is
    /// there costs no read of its own; the bytes of content are for the platform to send.
    pub fn exists(&mut self, key: &Key) -> Option<bool> {
        let key = key.as_str();
        let found = self.known.object(key).map(|object| object.is_some());
        match found {
            None => {
                let len = if Kind::Asset.holds(key) { limits::HEADER_READ } else { 0 };
                self.need(key, len);
            }
            Some(found) => self.note(key, if found { "there" } else { "" }),
        }
        found
    }

    /// Whether somebody looked for an image on another server in vain.
    pub fn is_missing(&self, url: &str) -> bool {
        matches!(self.known.object(url), Some(None))
    }

    /// Size and version of the picture at `key`, as far as its pyramid can be opened.
    pub fn picture(&mut self, key: &Key) -> Result<Option<Option<StoredPicture>>> {
        let key = key.as_str();
        match pyramid::open(key, self.known) {
            Ok(Step::Done(index)) => {
                let size = index.upright_size();
                let size = [size.width, size.height];
                self.note(key, &index.version.0);
                Ok(Some(Some(StoredPicture { size, version: index.version })))
            }
            Ok(Step::Needs(reads)) => {
                self.needs.extend(reads);
                Ok(None)
            }
            // A set with a damaged picture among its members is a set still.
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::BadSource) => {
                self.note(key, &self.version(key).unwrap_or_default());
                Ok(Some(None))
            }
            Err(error) => Err(error),
        }
    }

    /// An object as far as it is known.
    pub fn object(&self, key: &str) -> Option<&'a Object> {
        self.known.object(key).flatten()
    }

    /// The version of an object, where it is known to be there.
    pub fn version(&self, key: &str) -> Option<String> {
        self.object(key).map(|object| object.version.0.clone())
    }

    /// The record at `key`, and its version.
    pub fn record(&mut self, key: &Key) -> Result<Option<Option<(Record, String)>>> {
        let key = key.as_str();
        let Some(stored) = self.whole(key, limits::RECORD_BYTES)? else { return Ok(None) };
        // Where a store removes nothing on condition, a removed record is empty.
        let Some((version, bytes)) = stored.filter(|(_, bytes)| !bytes.is_empty()) else {
            return Ok(Some(None));
        };
        let record = Record::from_json(bytes).map_err(|error| error.with_detail(key))?;
        Ok(Some(Some((record, format!("{key}@{version};")))))
    }

    /// The catalog of a rootId with the default catalog behind it, and whether it is there;
    /// without a rootId the default catalog alone.
    pub fn catalog(&mut self, root: Option<&str>) -> Result<Option<(Rc<Catalog>, bool)>> {
        let name = root.unwrap_or_default();
        if let Some((_, found)) = self.catalogs.iter().find(|(known, _)| known == name) {
            return Ok(Some(found.clone()));
        }
        let default = Compiled::key(DEFAULT);
        let root = root.filter(|root| !root.is_empty() && *root != DEFAULT);
        let named = root.map(Compiled::key);
        // Both are asked for before either is waited for.
        let stored = self.whole(&default, limits::CATALOG_BYTES)?;
        let own = match &named {
            Some(key) => self.whole(key, limits::CATALOG_BYTES)?,
            None => Some(None),
        };
        let (Some(stored), Some(own)) = (stored, own) else { return Ok(None) };
        fn with<'k>(key: &'k str, (version, bytes): Bytes<'k>) -> Stored<'k> {
            (key, version, bytes)
        }
        let own = own.zip(named.as_deref()).map(|(own, key)| with(key, own));
        let catalog = load(stored.map(|stored| with(&default, stored)), own)?;
        let found = (catalog, own.is_some());
        self.catalogs.push((name.to_owned(), found.clone()));
        Ok(Some(found))
    }

    fn whole(&mut self, key: &str, limit: u64) -> Result<Option<Option<Bytes<'a>>>> {
        match self.known.object(key) {
            None => {
                self.need(key, limit);
                Ok(None)
            }
            Some(None) => {
                self.note(key, "");
                Ok(Some(None))
            }
            Some(Some(object)) if object.len > limit => {
                let len = object.len;
                Err(Error::too_large(format!("{key}: {len} bytes, of which {limit} are allowed")))
            }
            Some(Some(object)) => {
                self.note(key, &object.version.0);
                Ok(Some(Some((&object.version, object.from(0).unwrap_or(b"")))))
            }
        }
    }

    fn need(&mut self, key: &str, len: u64) {
        if !self.needs.iter().any(|read| read.key == key) {
            let range = ByteRange::new(0, len);
            self.needs.push(Read { key: key.to_owned(), range, version: None });
        }
    }
}
