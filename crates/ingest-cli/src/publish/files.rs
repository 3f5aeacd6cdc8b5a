//! The files of a catalog folder in memory.

use std::collections::BTreeMap;

use super::{problem::Problems, text};

/// The attribute file of the default catalog.
pub const DEFAULT_INI: &str = "default.ini";

/// Files by their path relative to the folder, with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The text of a file; `None` if it is missing or invalid. Warns if the file looks like UTF-8 but
/// lacks the byte order mark.
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
