//! The files of a catalog folder.

use std::collections::BTreeMap;

use super::{problem::Problems, text};

/// The attribute file of the default catalog.
pub const DEFAULT_INI: &str = "default.ini";

/// Files of a folder by their path in it, `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The text of a file, and a warning where its encoding is likely not what was meant.
pub fn read(files: &Files, name: &str, problems: &mut Problems) -> Option<String> {
    let Some(bytes) = files.get(name) else {
        problems.error(name, 0, "no such file in the folder");
        return None;
    };
    if text::lacks_mark(bytes) {
        let message = "looks like UTF-8, but is read as ISO-8859-1 without a byte order mark";
        problems.warning(name, 0, message);
    }
    match text::decode(bytes) {
        Ok(text) => Some(text),
        Err(message) => {
            problems.error(name, 0, message);
            None
        }
    }
}
