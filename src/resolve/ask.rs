//! What a stage asks of the store: answered where it is known, else noted as to be read.

use crate::{
    catalog::{Catalog, Compiled, DEFAULT, Record, Stored, load},
    error::{Error, ErrorKind, Result},
    limits, pyramid,
    scene::Identity,
    store::{ByteRange, Known, Object, Read, Step, Version},
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
        Self { known, needs: Vec::new(), answers: Vec::new() }
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
        self.answers.sort_unstable();
        self.answers.dedup();
        let mut identity = Identity::default();
        identity.add(if unpublished { "unpublished" } else { "" });
        self.answers.iter().for_each(|answer| identity.add(answer));
        identity.letters(20)
    }

    fn note(&mut self, key: &str, state: &str) {
        self.answers.push([key, "@", state].concat());
    }

    /// Whether there is a pyramid at `key`. It is read where it is opened, so that an asset that
    /// is there costs no read of its own.
    pub fn exists(&mut self, key: &str) -> Option<bool> {
        self.is_there(key, limits::HEADER_READ)
    }

    /// Whether somebody looked for `key` in vain.
    pub fn is_missing(&self, key: &str) -> bool {
        matches!(self.known.object(key), Some(None))
    }

    /// Whether there is static content at `key`; its bytes are for the platform to send.
    pub fn has_content(&mut self, key: &str) -> Option<bool> {
        self.is_there(key, 0)
    }

    fn is_there(&mut self, key: &str, len: u64) -> Option<bool> {
        let found = self.known.object(key).map(|object| object.is_some());
        match found {
            None => self.need(key, len),
            Some(found) => self.note(key, if found { "there" } else { "" }),
        }
        found
    }

    /// Size and version of the picture at `key`, as far as its pyramid can be opened.
    pub fn picture(&mut self, key: &str) -> Result<Option<Option<StoredPicture>>> {
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

    /// A record, by catalog and id, and its version.
    pub fn record(&mut self, root: &str, id: &str) -> Result<Option<Option<(Record, String)>>> {
        let key = Record::key(root, id);
        let Some(stored) = self.whole(&key, limits::RECORD_BYTES)? else { return Ok(None) };
        // Where a store removes nothing on condition, a removed record is empty.
        let Some((version, bytes)) = stored.filter(|(_, bytes)| !bytes.is_empty()) else {
            return Ok(Some(None));
        };
        let record = Record::from_json(bytes).map_err(|error| error.with_detail(key.clone()))?;
        Ok(Some(Some((record, format!("{key}@{version};")))))
    }

    /// The catalog of a rootId with the default catalog behind it, and whether it is there;
    /// without a rootId the default catalog alone.
    pub fn catalog(&mut self, root: Option<&str>) -> Result<Option<(std::rc::Rc<Catalog>, bool)>> {
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
        Ok(Some((catalog, own.is_some())))
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
