//! The metadata of a TIFF: profile, resolution, XMP, EXIF and so on. It is read from any TIFF, and
//! written to our pyramids.

use std::ops::ControlFlow;

use super::{
    directory::{entries, rational},
    header::{Entry, File, Gap, Parsed},
};
use crate::{
    codec::tiff::Tag,
    error::{Error, ErrorKind, Result},
    limits,
    store::{ByteRange, FetchBuffer, Fetched, Read},
    time_slice::Work,
};

/// Profile, metadata and resolution of an image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// The `Orientation` (274), not validated: 1 to 8 in a valid file. It is not written, because
    /// our pyramids store the pixels upright.
    pub orientation: Option<u8>,
    /// Pixels per inch (282 and 296); `None` if missing, without a unit, or not positive.
    pub resolution: Option<f32>,
    /// The ICC profile (34675).
    pub icc: Option<Vec<u8>>,
    /// The XMP packet (700).
    pub xmp: Option<Vec<u8>>,
    /// The IPTC records (33723).
    pub iptc: Option<Vec<u8>>,
    /// Photoshop's image resources, which include paths (34377).
    pub photoshop: Option<Vec<u8>>,
    /// Description, author, device and so on: the tags of [`ABOUT`].
    pub about: Vec<Tag>,
    /// The EXIF directory (34665).
    pub exif: Vec<Tag>,
    /// The GPS directory (34853).
    pub gps: Vec<Tag>,
}

/// Tags of the first directory that describe the image, not its storage: document name,
/// description, make, model, software, date, artist, host, rating (two tags), copyright.
pub const ABOUT: [u16; 11] = [269, 270, 271, 272, 305, 306, 315, 316, 18246, 18249, 33432];

/// Maximum bytes of all values of a tag; a longer tag is left out.
const VALUE: u64 = 64 << 20;

/// Minimum bytes of a read of missing values, since short values are mostly close together.
const AROUND: u64 = 16 << 10;

impl Metadata {
    /// Reads the metadata in the first directory of the TIFF at `key`. A missing object is
    /// [`ErrorKind::NotFound`].
    pub fn read<'a>(key: &'a str, buffer: &'a FetchBuffer) -> Work<'a, Result<Self>> {
        Box::pin(async move {
            loop {
                let read = Self::read_with(key, &buffer.fetched())?;
                match read {
                    ControlFlow::Break(metadata) => return Ok(metadata),
                    ControlFlow::Continue(reads) => buffer.read(reads).await,
                }
            }
        })
    }

    /// Parses the bytes read so far: returns the metadata, or the reads it needs next.
    #[inline(never)]
    fn read_with(key: &str, fetched: &Fetched) -> Result<ControlFlow<Self, Vec<Read>>> {
        if !fetched.is_looked_up(key) {
            let range = ByteRange::new(0, limits::HEADER_READ);
            let read = Read { key: key.to_owned(), range, version: None };
            return Ok(ControlFlow::Continue(vec![read]));
        }
        let missing = || Error::new(ErrorKind::NotFound, format!("{key}: no such object"));
        let object = fetched.object(key).ok_or_else(missing)?;
        let file = match File::new(object) {
            Ok(file) => file,
            Err(Gap::Bad(error)) => return Err(error),
            Err(Gap::Unread(_)) => return Err(Error::bad_source("the file ends in its header")),
        };
        let mut reader = Reader { file, gaps: Vec::new(), metadata: Self::default() };
        reader.first_directory()?;
        if reader.gaps.is_empty() {
            return Ok(ControlFlow::Break(reader.metadata));
        }
        let read = |gap: ByteRange| {
            let rest = object.len.saturating_sub(gap.start);
            let range = ByteRange::new(gap.start, gap.len.max(AROUND).min(rest));
            Read { key: key.to_owned(), range, version: Some(object.version.clone()) }
        };
        Ok(ControlFlow::Continue(reader.gaps.into_iter().map(read).collect()))
    }
}

/// Parses a file of which some bytes are not read yet. It continues after missing bytes, so that
/// all of them are read in one batch.
struct Reader<'a> {
    file: File<'a>,
    gaps: Vec<ByteRange>,
    metadata: Metadata,
}

impl Reader<'_> {
    fn first_directory(&mut self) -> Result<()> {
        let mut unit = 2;
        let mut per_unit = None;
        let file = self.file;
        for entry in self.directory(file.first)? {
            match entry.tag {
                274 => {
                    let orientation = self.wait(file.one(&entry))?;
                    self.metadata.orientation =
                        orientation.and_then(|value| u8::try_from(value).ok());
                }
                282 => per_unit = self.wait(rational(&file, &entry))?.flatten(),
                296 => unit = self.wait(file.one(&entry))?.unwrap_or(2),
                700 => self.metadata.xmp = self.bytes(&entry)?,
                33723 => self.metadata.iptc = self.bytes(&entry)?,
                34377 => self.metadata.photoshop = self.bytes(&entry)?,
                34675 => self.metadata.icc = self.bytes(&entry)?,
                34665 => self.metadata.exif = self.sub_ifd(&entry)?,
                34853 => self.metadata.gps = self.sub_ifd(&entry)?,
                tag if ABOUT.contains(&tag) => {
                    let tag = self.tag(&entry)?;
                    self.metadata.about.extend(tag);
                }
                _ => {}
            }
        }
        let per_unit = per_unit.filter(|per_unit: &f32| per_unit.is_finite() && *per_unit > 0.0);
        self.metadata.resolution = match unit {
            2 => per_unit,
            3 => per_unit.map(|per_centimetre| per_centimetre * 2.54),
            // Without a unit, the values only give the aspect of a pixel.
            _ => None,
        };
        Ok(())
    }

    /// The entries of a directory; empty while they are not read.
    fn directory(&mut self, offset: u64) -> Result<Vec<Entry>> {
        let found = entries(&self.file, offset);
        Ok(self.wait(found)?.unwrap_or_default())
    }

    /// The tags of the directory that an entry points to; empty if it is damaged or not read yet.
    fn sub_ifd(&mut self, entry: &Entry) -> Result<Vec<Tag>> {
        let offset = self.file.one(entry);
        let Some(offset) = self.wait(offset)? else { return Ok(Vec::new()) };
        let entries = match entries(&self.file, offset) {
            Err(Gap::Bad(_)) => return Ok(Vec::new()),
            entries => self.wait(entries)?.unwrap_or_default(),
        };
        let mut tags = Vec::new();
        for entry in entries {
            // Pointers to nested directories would be invalid in another file. What they point to
            // does not describe the image.
            if !matches!(entry.tag, 34665 | 34853 | 40965) {
                tags.extend(self.tag(&entry)?);
            }
        }
        Ok(tags)
    }

    /// A tag. `None` if its type is unknown, its values are empty, longer than [`VALUE`] or outside
    /// the file, or if they are not read yet.
    fn tag(&mut self, entry: &Entry) -> Result<Option<Tag>> {
        let &Entry { tag, kind, count, at } = entry;
        let len = Entry::len(kind, count);
        if len == 0 || len > VALUE {
            return Ok(None);
        }
        let bytes = match self.file.bytes(at, len) {
            Err(Gap::Bad(_)) => return Ok(None),
            bytes => self.wait(bytes)?,
        };
        // A rational is two numbers of four bytes, whose byte order is reversed separately.
        let size = match kind {
            5 | 10 => 4,
            kind => Entry::len(kind, 1) as usize,
        };
        Ok(bytes.map(|bytes| {
            let mut value = bytes.to_vec();
            if self.file.big_endian {
                value.chunks_exact_mut(size).for_each(<[u8]>::reverse);
            }
            Tag { tag, kind, count, value }
        }))
    }

    fn bytes(&mut self, entry: &Entry) -> Result<Option<Vec<u8>>> {
        // IPTC often has the type LONG, but it consists of bytes; their order is not reversed.
        let len = Entry::len(entry.kind, entry.count);
        let bytes = match self.file.bytes(entry.at, len) {
            Err(Gap::Bad(_)) => return Ok(None),
            _ if len == 0 || len > VALUE => return Ok(None),
            bytes => self.wait(bytes)?,
        };
        Ok(bytes.map(<[u8]>::to_vec))
    }

    /// The parsed value. `None` if its bytes are not read yet; then their range is added to the
    /// gaps.
    fn wait<T>(&mut self, parsed: Parsed<T>) -> Result<Option<T>> {
        match parsed {
            Ok(parsed) => Ok(Some(parsed)),
            Err(Gap::Bad(error)) => Err(error),
            Err(Gap::Unread(range)) => {
                self.gaps.push(range);
                Ok(None)
            }
        }
    }
}
