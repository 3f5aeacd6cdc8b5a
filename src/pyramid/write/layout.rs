//! Arranges directories, arrays, levels and metadata in the file, and computes all offsets.

use std::io::{Result, Write};

use super::{Scratch, TileCompression, WriteOptions, level::StoredLevel};
use crate::{
    codec::{
        Subsampling,
        tiff::{
            BYTE, LONG, LONG8, Tag, Tail, UNDEFINED, blob, directory, long, numbers, resolution,
            shorts,
        },
    },
    pixel::ColorModel,
    pyramid::Metadata,
};

/// Writes the whole file.
pub fn file<S: Scratch>(
    levels: Vec<StoredLevel<S>>,
    options: &WriteOptions,
    out: &mut dyn Write,
) -> Result<()> {
    let tiles: u64 = levels.iter().map(|level| level.len).sum();
    // The part after the tiles begins at an even offset, and so does each of its values.
    let padding = tiles % 2;
    // The directories are built twice: first to get their size, then with the real offsets.
    let placeholder = vec![0; levels.len()];
    let size = |big| {
        let (head, tail) = directories(&levels, options, big, &placeholder, 0);
        (head.len() as u64, head.len() as u64 + tiles + padding + tail.len() as u64)
    };
    let big = size(false).1 > options.classic;
    let (mut at, _) = size(big);
    let mut starts = placeholder.clone();
    for (start, level) in starts.iter_mut().zip(&levels).rev() {
        *start = at;
        at += level.len;
    }
    let (head, tail) = directories(&levels, options, big, &starts, at + padding);
    out.write_all(&head)?;
    for level in levels.into_iter().rev() {
        level.tiles.copy_to(out)?;
    }
    if padding == 1 {
        out.write_all(&[0])?;
    }
    out.write_all(&tail)
}

/// Returns the beginning of the file: the header and the chain of directories, level 0 first, each
/// followed by its arrays. Also returns the end of the file, from byte `end` on: the EXIF and GPS
/// directories, and the values of the metadata.
fn directories<S>(
    levels: &[StoredLevel<S>],
    options: &WriteOptions,
    big: bool,
    starts: &[u64],
    end: u64,
) -> (Vec<u8>, Vec<u8>) {
    let mut head = b"II".to_vec();
    if big {
        head.extend_from_slice(&[43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]);
    } else {
        head.extend_from_slice(&[42, 0, 8, 0, 0, 0]);
    }
    let mut tail = Tail { end, bytes: Vec::new() };
    for (number, (level, &start)) in levels.iter().zip(starts).enumerate() {
        let mut tags = tags(level, options, big, start, number == 0);
        let mut trailing = Vec::new();
        if number == 0 {
            tags.extend(sub_ifd(34665, &options.metadata.exif, big, &mut tail));
            tags.extend(sub_ifd(34853, &options.metadata.gps, big, &mut tail));
            trailing = metadata(&options.metadata);
        }
        directory(&mut head, 0, &tags, &trailing, &mut tail, big, number + 1 == levels.len());
    }
    (head, tail.bytes)
}

/// The tags that describe the storage of a level, and the resolution for the first level.
fn tags<S>(
    level: &StoredLevel<S>,
    options: &WriteOptions,
    big: bool,
    start: u64,
    first: bool,
) -> Vec<Tag> {
    let jpeg = matches!(level.compression, TileCompression::Jpeg { .. });
    let samples = level.pixel.samples();
    let mut at = start;
    let offsets = level.counts.iter().map(|&count| {
        at += u64::from(count);
        at - u64::from(count)
    });
    let offsets = if big {
        numbers(324, LONG8, offsets.map(u64::to_le_bytes))
    } else {
        numbers(324, LONG, offsets.map(|offset| (offset as u32).to_le_bytes()))
    };
    let photometric = match (level.pixel.model, jpeg) {
        (ColorModel::Gray, _) => 1,
        (ColorModel::Rgb, true) => 6,
        (ColorModel::Rgb, false) => 2,
        (ColorModel::Cmyk, _) => 5,
    };
    let mut tags = vec![
        long(254, u32::from(!first)),
        long(256, level.width),
        long(257, level.height),
        shorts(258, &vec![8; samples]),
        shorts(259, &[if jpeg { 7 } else { 8 }]),
        shorts(262, &[photometric]),
        shorts(277, &[samples as u16]),
        shorts(284, &[1]),
        long(322, options.tile),
        long(323, options.tile),
        offsets,
        numbers(325, LONG, level.counts.iter().map(|count| count.to_le_bytes())),
    ];
    if !jpeg {
        tags.push(shorts(317, &[2]));
    }
    if level.pixel.alpha {
        // Unassociated alpha: the colours are not premultiplied.
        tags.push(shorts(338, &[2]));
    }
    if let Some(tables) = &level.tables {
        tags.push(blob(347, UNDEFINED, tables));
    }
    if photometric == 6 {
        let is_full = matches!(
            level.compression,
            TileCompression::Jpeg { subsampling: Subsampling::Yuv444, .. }
        );
        tags.push(shorts(530, &[if is_full { 1 } else { 2 }; 2]));
    }
    if let Some(ppi) = options.metadata.resolution.filter(|_| first) {
        tags.extend(resolution(ppi.into()));
    }
    tags
}

/// The tags of the metadata, except EXIF and GPS. Their values go to the end of the file.
fn metadata(metadata: &Metadata) -> Vec<Tag> {
    let Metadata { icc, xmp, iptc, photoshop, about, .. } = metadata;
    let blobs = [
        (34675, UNDEFINED, icc),
        (700, BYTE, xmp),
        (33723, UNDEFINED, iptc),
        (34377, BYTE, photoshop),
    ];
    let blobs = blobs.into_iter().filter_map(|(tag, kind, bytes)| {
        bytes.as_ref().filter(|bytes| !bytes.is_empty()).map(|bytes| blob(tag, kind, bytes))
    });
    about.iter().cloned().chain(blobs).collect()
}

/// Puts a directory of metadata at the end of the file, and returns the tag that points to it.
/// `None` if it has no tags.
fn sub_ifd(tag: u16, tags: &[Tag], big: bool, tail: &mut Tail) -> Option<Tag> {
    if tags.is_empty() {
        return None;
    }
    tail.even();
    let pointer = if big {
        numbers(tag, LONG8, std::iter::once(tail.at().to_le_bytes()))
    } else {
        long(tag, tail.at() as u32)
    };
    let mut unused = Tail { end: 0, bytes: Vec::new() };
    let mut bytes = std::mem::take(&mut tail.bytes);
    directory(&mut bytes, tail.end, tags, &[], &mut unused, big, true);
    tail.bytes = bytes;
    Some(pointer)
}
