//! A font that a text uses: where its file is, and the opened file.

use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use super::{builtin::BuiltIn, file::Font};
use crate::{
    error::{Error, Result},
    store::Version,
};

/// Where the file of a font is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FontSource {
    /// In the program.
    BuiltIn(BuiltIn),
    /// In the object store.
    Stored {
        /// Its key.
        key: String,
        /// Its version; `None` until it is looked up.
        version: Option<Version>,
    },
}

/// A font of a text. The file of a stored one is opened after the request is resolved. It is not
/// compared: the key and the version identify it.
#[derive(Debug, Clone)]
pub struct FontHandle {
    /// Where its file is.
    pub source: FontSource,
    /// Bytes of its file; 0 until it is looked up.
    pub len: u64,
    opened: Option<Rc<Font>>,
}

impl FontHandle {
    /// A font whose file has not been opened.
    pub fn new(source: FontSource) -> Self {
        Self { source, len: 0, opened: None }
    }

    /// Sets the opened file of a stored font.
    pub fn set_font(&mut self, font: Rc<Font>) {
        self.opened = Some(font);
    }

    /// The opened file. Fails if it was not read.
    pub fn font(&self) -> Result<Rc<Font>> {
        match &self.source {
            FontSource::BuiltIn(built_in) => built_in.font(),
            FontSource::Stored { key, .. } => {
                let opened = self.opened.as_ref();
                opened.cloned().ok_or_else(|| Error::bug(format!("{key}: the font was not read")))
            }
        }
    }

    /// The key of a stored font.
    pub fn key(&self) -> Option<&str> {
        match &self.source {
            FontSource::BuiltIn(_) => None,
            FontSource::Stored { key, .. } => Some(key),
        }
    }
}

impl PartialEq for FontHandle {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for FontHandle {}

impl Hash for FontHandle {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.source.hash(state);
    }
}
