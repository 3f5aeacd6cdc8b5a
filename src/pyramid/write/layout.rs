//! Puts directories, arrays and levels in their order, and all offsets with them.

use super::{TileCompression, WriteOptions, level::StoredLevel};

/// Types of values (TIFF 6.0, section 2; BigTIFF).
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;
const BYTE: u16 = 1;
const LONG8: u16 = 16;

/// A tag with its values as they are stored.
struct Tag {
    tag: u16,
    kind: u16,
    count: u64,
    value: Vec<u8>,
}

/// The whole file.
pub fn file(levels: Vec<StoredLevel>, options: &WriteOptions) -> Vec<u8> {
    let tiles: u64 = levels.iter().map(|level| level.bytes.len() as u64).sum();
    let blobs = [&options.icc, &options.xmp].map(|blob| blob.as_ref().map_or(0, Vec::len) as u64);
    // The directories are laid out twice: first for their size, then with the real offsets.
    let placeholder = vec![0; levels.len()];
    let head_of = |big| directories(&levels, options, big, &placeholder, [0, 0]).len() as u64;
    let behind = tiles + blobs[0] + blobs[1];
    let big = head_of(false) + behind > u64::from(u32::MAX);
    let head = head_of(big);
    let mut at = head;
    let mut starts = placeholder.clone();
    for (start, level) in starts.iter_mut().zip(&levels).rev() {
        *start = at;
        at += level.bytes.len() as u64;
    }
    let mut file = directories(&levels, options, big, &starts, [at, at + blobs[0]]);
    file.reserve_exact(behind as usize);
    for level in levels.into_iter().rev() {
        file.extend_from_slice(&level.bytes);
    }
    for blob in [&options.icc, &options.xmp].into_iter().flatten() {
        file.extend_from_slice(blob);
    }
    file
}

/// Header, and a chain of directories, level 0 first, each followed by its arrays.
fn directories(
    levels: &[StoredLevel],
    options: &WriteOptions,
    big: bool,
    starts: &[u64],
    blobs: [u64; 2],
) -> Vec<u8> {
    let mut out = b"II".to_vec();
    if big {
        out.extend_from_slice(&[43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]);
    } else {
        out.extend_from_slice(&[42, 0, 8, 0, 0, 0]);
    }
    for (number, (level, &start)) in levels.iter().zip(starts).enumerate() {
        let first = number == 0;
        let mut tags = tags(level, options, big, start, first);
        if first {
            tags.extend(blob_tags(options, big, blobs));
        }
        tags.sort_by_key(|tag| tag.tag);
        directory(&mut out, &tags, big, number + 1 == levels.len());
    }
    out
}

fn tags(
    level: &StoredLevel,
    options: &WriteOptions,
    big: bool,
    start: u64,
    first: bool,
) -> Vec<Tag> {
    let jpeg = matches!(options.compression, TileCompression::Jpeg { .. });
    let colors = level.channels.min(3);
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
    let photometric = match (colors, jpeg) {
        (1, _) => 1,
        (_, true) => 6,
        (_, false) => 2,
    };
    let mut tags = vec![
        long(254, u32::from(!first)),
        long(256, level.width),
        long(257, level.height),
        shorts(258, &vec![8; level.channels]),
        shorts(259, &[if jpeg { 7 } else { 8 }]),
        shorts(262, &[photometric]),
        shorts(277, &[level.channels as u16]),
        shorts(284, &[1]),
        long(322, options.tile),
        long(323, options.tile),
        offsets,
        numbers(325, LONG, level.counts.iter().map(|count| count.to_le_bytes())),
    ];
    if !jpeg {
        tags.push(shorts(317, &[2]));
    }
    if level.channels == 4 {
        // Unassociated alpha: the colours are not multiplied by it.
        tags.push(shorts(338, &[2]));
    }
    if let Some(tables) = &level.tables {
        tags.push(Tag {
            tag: 347,
            kind: UNDEFINED,
            count: tables.len() as u64,
            value: tables.clone(),
        });
    }
    if photometric == 6 {
        tags.push(shorts(530, &[2, 2]));
    }
    if let Some(ppi) = options.resolution.filter(|_| first) {
        let hundredths = (f64::from(ppi) * 100.0 + 0.5).max(1.0).min(4e9) as u32;
        for tag in [282, 283] {
            let value = [hundredths.to_le_bytes(), 100_u32.to_le_bytes()].concat();
            tags.push(Tag { tag, kind: RATIONAL, count: 1, value });
        }
        tags.push(shorts(296, &[2]));
    }
    tags
}

/// Tags whose values lie at the end of the file.
fn blob_tags(options: &WriteOptions, big: bool, at: [u64; 2]) -> Vec<Tag> {
    let blobs = [(34675, UNDEFINED, &options.icc), (700, BYTE, &options.xmp)];
    let tags = blobs.into_iter().zip(at).filter_map(|((tag, kind, blob), at)| {
        let count = blob.as_ref().filter(|blob| blob.len() > 8)?.len() as u64;
        let value =
            if big { at.to_le_bytes().to_vec() } else { (at as u32).to_le_bytes().to_vec() };
        Some(Tag { tag, kind, count, value })
    });
    tags.collect()
}

fn directory(out: &mut Vec<u8>, tags: &[Tag], big: bool, last: bool) {
    let word = if big { 8 } else { 4 };
    let (count_len, entry_len) = if big { (8, 20) } else { (2, 12) };
    let mut arrays_at = (out.len() + count_len + tags.len() * entry_len + word) as u64;
    let mut arrays: Vec<u8> = Vec::new();
    push_number(out, tags.len() as u64, count_len);
    for tag in tags {
        push_number(out, u64::from(tag.tag), 2);
        push_number(out, u64::from(tag.kind), 2);
        push_number(out, tag.count, word);
        if tag.value.len() <= word {
            let padding = word - tag.value.len();
            out.extend_from_slice(&tag.value);
            out.extend(std::iter::repeat_n(0, padding));
        } else {
            push_number(out, arrays_at + arrays.len() as u64, word);
            arrays.extend_from_slice(&tag.value);
            // Values begin at even offsets.
            if arrays.len() % 2 == 1 {
                arrays.push(0);
            }
        }
    }
    // Directories must begin at even offsets too.
    if (arrays_at + arrays.len() as u64) % 2 == 1 {
        arrays.push(0);
    }
    arrays_at += arrays.len() as u64;
    push_number(out, if last { 0 } else { arrays_at }, word);
    out.extend_from_slice(&arrays);
}

fn push_number(out: &mut Vec<u8>, number: u64, len: usize) {
    out.extend(number.to_le_bytes().iter().take(len));
}

fn long(tag: u16, value: u32) -> Tag {
    numbers(tag, LONG, std::iter::once(value.to_le_bytes()))
}

fn shorts(tag: u16, values: &[u16]) -> Tag {
    numbers(tag, SHORT, values.iter().map(|value| value.to_le_bytes()))
}

fn numbers<const N: usize>(tag: u16, kind: u16, values: impl Iterator<Item = [u8; N]>) -> Tag {
    let value: Vec<u8> = values.flatten().collect();
    Tag { tag, kind, count: (value.len() / N) as u64, value }
}
