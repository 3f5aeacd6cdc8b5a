//! Opens a pyramid: follows the chain of its directories, in as few reads as possible.
//!
//! Our own files have all directories at the front; the first read contains them, unless the image
//! is very large. A third-party file may have each directory after its level. Unless its index is
//! stored beside it, the walk reads at each directory in turn, and reads the rest of the file once
//! that is short.

use std::ops::ControlFlow;

use super::{
    directory::Directory,
    file::{self, FileFormat},
    header::{File, Gap},
    index::Index,
    levels,
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    store::{ByteRange, FetchBuffer, Fetched, Object, Read, Version, keys},
    time_slice::Work,
};

/// Minimum bytes of a read at a directory that the first read does not contain.
const DIRECTORY_READ: u64 = 48 << 10;

/// If at most this many bytes follow, the walk reads all of them: the small levels' directories.
const TAIL_READ: u64 = 256 << 10;

/// Maximum bytes of a walk; a longer one is an error. A gigapixel takes less than a megabyte.
const WALK_BYTES: u64 = 8 << 20;

/// Inserts an index from a record, as if it were stored beside the pyramid at `key`. It is used
/// only if its version and length are those of the pyramid.
pub fn insert_index(key: &str, index: Vec<u8>, fetched: &mut Fetched) {
    fetched.insert_whole(&keys::index_of(key), Version(String::new()), index);
}

/// Opens the pyramid, JPEG or PNG at `key`, in as few reads as possible. A missing object is
/// [`ErrorKind::NotFound`].
pub fn open<'a>(key: &'a str, buffer: &'a FetchBuffer) -> Work<'a, Result<Index>> {
    Box::pin(async move {
        loop {
            let opened = opened(key, &buffer.fetched())?;
            match opened {
                Step::Break(index) => return Ok(index),
                Step::Continue(reads) => buffer.read(reads).await,
            }
        }
    })
}

/// The index of a pyramid, or what to read next.
pub(super) type Step = ControlFlow<Index, Vec<Read>>;

#[inline(never)]
fn opened(key: &str, fetched: &Fetched) -> Result<Step> {
    let read =
        |key: String, start, len, version| Read { key, range: ByteRange::new(start, len), version };
    if !fetched.is_looked_up(key) {
        return Ok(Step::Continue(vec![read(key.to_owned(), 0, limits::HEADER_READ, None)]));
    }
    let missing = || Error::new(ErrorKind::NotFound, format!("{key}: no such object"));
    let object = fetched.object(key).ok_or_else(missing)?;
    if keys::Kind::Svg.holds(key) {
        return file::open_svg(key, object);
    }
    let kind = FileFormat::of(object.from(0).unwrap_or_default());
    if kind != FileFormat::Tiff {
        return file::open(key, object, kind);
    }
    let Walk { directories, missing, file } = walk(object)?;
    if missing.is_empty() {
        return finish(object, &directories, &file).map(Step::Break);
    }
    let beside = keys::index_of(key);
    if !fetched.is_looked_up(&beside) {
        return Ok(Step::Continue(vec![read(beside, 0, limits::OPEN_BYTES, None)]));
    }
    let index = fetched.object(&beside).and_then(|stored| Index::from_bytes(stored.from(0)?));
    if let Some(index) =
        index.filter(|index| index.version == object.version && index.len == object.len)
    {
        return Ok(Step::Break(Index { modified: object.modified, ..index }));
    }
    // Once the largest level is certain, further reads for the small ones are not worthwhile.
    if fetched.reads >= limits::OPEN_READS && full_is_first(&directories) {
        return finish(object, &directories, &file).map(Step::Break);
    }
    if fetched.bytes > WALK_BYTES {
        return Err(Error::bad_source("the directories of the source image do not end"));
    }
    let version = || Some(object.version.clone());
    let reads = missing.iter().map(|range| {
        let rest = object.len.saturating_sub(range.start);
        let len = if rest <= TAIL_READ { rest } else { DIRECTORY_READ.max(range.len).min(rest) };
        read(key.to_owned(), range.start, len, version())
    });
    let reads: Vec<Read> = reads.collect();
    // A list of tiles may be long, but no real image has long lists in many directories.
    let bytes = reads.iter().fold(0, |bytes: u64, read| bytes.saturating_add(read.range.len));
    if bytes > WALK_BYTES {
        let message = format!("the directories of the source image list {bytes} bytes of numbers");
        return Err(Error::too_large(message));
    }
    Ok(Step::Continue(reads))
}

/// Whether the levels seem to come largest first, as almost all writers store them: the first
/// directory has at least as many pixels as the second. False if there is only one.
fn full_is_first(directories: &[Directory]) -> bool {
    let pixels = |directory: &Directory| directory.width.saturating_mul(directory.height);
    match directories {
        [first, second, ..] => pixels(first) >= pixels(second),
        [_] | [] => false,
    }
}

/// The directories of a file, as far as its data was read.
struct Walk<'a> {
    directories: Vec<Directory>,
    /// The ranges that the walk needs next.
    missing: Vec<ByteRange>,
    file: File<'a>,
}

/// Walks all directories within the data read so far.
fn walk(object: &Object) -> Result<Walk<'_>> {
    let file = match File::new(object) {
        Ok(file) => file,
        Err(Gap::Bad(error)) => return Err(error),
        Err(Gap::Unread(_)) => return Err(Error::bad_source("the file ends in its header")),
    };
    let mut directories: Vec<Directory> = Vec::new();
    let mut missing: Vec<ByteRange> = Vec::new();
    let mut queue = vec![file.first];
    let mut visited = Vec::new();
    while let Some(offset) = queue.pop() {
        if offset == 0 || visited.contains(&offset) || visited.len() as u64 >= limits::DIRECTORIES {
            continue;
        }
        visited.push(offset);
        match Directory::read(&file, offset) {
            Ok(directory) => {
                queue.push(directory.next);
                queue.extend(&directory.children);
                directories.push(directory);
            }
            Err(Gap::Unread(range)) => missing.push(range),
            // A damaged directory after an intact one is skipped, with those it points to: some
            // levels are lost, not the image.
            Err(Gap::Bad(error)) if directories.is_empty() => return Err(error),
            Err(Gap::Bad(_)) => {}
        }
    }
    Ok(Walk { directories, missing, file })
}

fn finish(object: &Object, directories: &[Directory], file: &File<'_>) -> Result<Index> {
    let (levels, full) = levels::levels(directories, file)?;
    Ok(Index {
        version: object.version.clone(),
        len: object.len,
        modified: object.modified,
        levels,
        orientation: match full.orientation {
            orientation @ 2..=8 => orientation as u8,
            _ => 1,
        },
        resolution: full.resolution.filter(|ppi| ppi.is_finite() && *ppi > 0.0),
        icc: full.icc,
        xmp: full.xmp,
        photoshop: full.photoshop,
    })
}
