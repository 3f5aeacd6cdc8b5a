//! What a TIFF says about its picture besides the pixels: read from any file, written to ours.

use std::ops::ControlFlow;

use super::{
    directory::{entries, rational},
    header::{Entry, File, Gap, Parsed},
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    store::{ByteRange, FetchBuffer, Fetched, Read},
    time_slice::Work,
};

/// A tag with its values in little-endian order, wherever they lay in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The tag's number.
    pub tag: u16,
    /// The type of its values (TIFF 6.0, section 2).
    pub kind: u16,
    /// How many values.
    pub count: u64,
    /// The values.
    pub value: Vec<u8>,
}

/// Profile, metadata and resolution of a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// What the pixels need to stand upright (274), 1 to 8. Ours do: it is not written.
    pub orientation: Option<u8>,
    /// Pixels per inch (282 and 296).
    pub resolution: Option<f32>,
    /// The ICC profile (34675).
    pub icc: Option<Vec<u8>>,
    /// The XMP packet (700).
    pub xmp: Option<Vec<u8>>,
    /// The IPTC records (33723).
    pub iptc: Option<Vec<u8>>,
    /// Photoshop's image resources, paths among them (34377).
    pub photoshop: Option<Vec<u8>>,
    /// Who and what made the picture: see [`ABOUT`].
    pub about: Vec<Tag>,
    /// The EXIF directory (34665).
    pub exif: Vec<Tag>,
    /// The GPS directory (34853).
    pub gps: Vec<Tag>,
}

/// Tags of the first directory that tell about the picture and not how it is stored: document
/// name, description, make, model, software, date, artist, host, copyright, rating.
pub const ABOUT: [u16; 11] = [269, 270, 271, 272, 305, 306, 315, 316, 18246, 18249, 33432];

/// One value, or all values of a directory of metadata, may take this many bytes.
const VALUE: u64 = 64 << 20;

/// Bytes read where something is missing: short values mostly lie side by side.
const AROUND: u64 = 16 << 10;

impl Metadata {
    /// Reads what the first directory of the file at `key` holds.
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

    /// The same with what is known of the file, or what to read next.
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

/// Reads on past what is missing, so that all of it can be asked for at once.
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
            // A ratio of sides only.
            _ => None,
        };
        Ok(())
    }

    /// The entries of a directory, none while they are not read.
    fn directory(&mut self, offset: u64) -> Result<Vec<Entry>> {
        let found = entries(&self.file, offset);
        Ok(self.wait(found)?.unwrap_or_default())
    }

    /// The tags of a directory that an entry points to; a damaged one is none.
    fn sub_ifd(&mut self, entry: &Entry) -> Result<Vec<Tag>> {
        let offset = self.file.one(entry);
        let Some(offset) = self.wait(offset)? else { return Ok(Vec::new()) };
        let entries = match entries(&self.file, offset) {
            Err(Gap::Bad(_)) => return Ok(Vec::new()),
            entries => self.wait(entries)?.unwrap_or_default(),
        };
        let mut tags = Vec::new();
        for entry in entries {
            // Directories beneath it would have to be moved too; they hold nothing of a picture.
            if !matches!(entry.tag, 34665 | 34853 | 40965) {
                tags.extend(self.tag(&entry)?);
            }
        }
        Ok(tags)
    }

    /// A tag; none where its type is unknown or its values lie outside the file.
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
        // Rationals are two numbers of four bytes.
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
        // IPTC is often said to be numbers of four bytes, yet it is bytes in file order.
        let len = Entry::len(entry.kind, entry.count);
        let bytes = match self.file.bytes(entry.at, len) {
            Err(Gap::Bad(_)) => return Ok(None),
            _ if len == 0 || len > VALUE => return Ok(None),
            bytes => self.wait(bytes)?,
        };
        Ok(bytes.map(<[u8]>::to_vec))
    }

    /// What is parsed, or nothing yet: then it is among the gaps.
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
