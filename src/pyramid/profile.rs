//! ICC profiles in image files: their bytes as the file stores them, and their names, the `desc` tag
//! (ICC.1:2022, 9.2.41; in version 2, 6.5.17).

use std::{borrow::Cow, io::Read};

use flate2::read::ZlibDecoder;

use super::index::{Compression, Index, Span};
use crate::{
    codec::jpeg::{Application, Segments},
    sort::sort_by,
};

/// How many times shorter than a profile its chunk in a PNG file may be.
const DEFLATED: u64 = 8;

/// Bytes of a short profile in a PNG file.
const SHORT: u64 = 4 << 10;

/// Bytes of the profile of an image in memory, at most. `span` is where the file has it.
pub fn profile_size(index: &Index, span: Span) -> u64 {
    match index.levels.first().map(|level| level.compression) {
        Some(Compression::PngFile) => inflated(span.len),
        _ => span.len,
    }
}

fn inflated(len: u64) -> u64 {
    len.saturating_mul(DEFLATED).saturating_add(SHORT)
}

/// The profile in the bytes that [`Index::icc`] names: as it is; in several APP2 segments of a JPEG
/// file; or in the iCCP chunk of a PNG file, compressed. `None` if it is damaged, or compressed more
/// than any real profile.
pub fn unpacked_profile(stored: &[u8]) -> Option<Cow<'_, [u8]>> {
    match stored.first()? {
        // A profile begins with its length, and is shorter than 16 MiB.
        0 => Some(Cow::Borrowed(stored)),
        0xff => Some(joined(stored)),
        _ => inflate(stored).map(Cow::Owned),
    }
}

/// Joins the parts of a profile in segments, in order of their numbers.
fn joined(segments: &[u8]) -> Cow<'_, [u8]> {
    let mut parts: Vec<(u8, &[u8])> = Segments { rest: segments }
        .filter_map(|(marker, body)| {
            let segment = Application::read(marker, body);
            let Some(Application::Icc { number, part, .. }) = segment else { return None };
            Some((number, part))
        })
        .collect();
    sort_by(&mut parts, |(a, _), (b, _)| a.cmp(b));
    parts.into_iter().flat_map(|(_, part)| part).copied().collect()
}

/// Decompresses the profile in the data of a chunk.
fn inflate(chunk: &[u8]) -> Option<Vec<u8>> {
    // A name, the compression method 0, a zlib stream.
    let name = chunk.iter().take(80).position(|&byte| byte == 0)?;
    let stream = chunk.get(name + 1..)?.strip_prefix(&[0])?;
    let (mut profile, most) = (Vec::new(), inflated(chunk.len() as u64));
    ZlibDecoder::new(stream).take(most + 1).read_to_end(&mut profile).ok()?;
    (profile.len() as u64 <= most).then_some(profile)
}

/// Bytes before the tag table.
const HEADER: usize = 128;

/// Maximum tags that are searched; real profiles have about twenty.
const TAGS: usize = 100;

/// The description of an ICC profile. `None` if it is missing, empty or damaged.
pub fn profile_name(icc: &[u8]) -> Option<String> {
    let count = number(icc, HEADER)?.min(TAGS);
    let tag = (0..count).map(|nth| HEADER + 4 + nth * 12);
    let tag = tag.filter(|&at| icc.get(at..at + 4) == Some(b"desc")).find_map(|at| {
        let start = number(icc, at + 4)?;
        icc.get(start..start.checked_add(number(icc, at + 8)?)?)
    })?;
    let name = match tag.first_chunk::<4>()? {
        // Version 2: the length, then ASCII.
        b"desc" => tag
            .get(12..12_usize.checked_add(number(tag, 8)?)?)?
            .iter()
            .copied()
            .map(char::from)
            .collect(),
        // Version 4: UTF-16 in several languages, of which the first is usually English.
        b"mluc" => {
            let (len, start) = (number(tag, 20)?, number(tag, 24)?);
            let units = tag.get(start..start.checked_add(len)?)?.as_chunks::<2>().0;
            let units: Vec<u16> = units.iter().copied().map(u16::from_be_bytes).collect();
            String::from_utf16_lossy(&units)
        }
        _ => return None,
    };
    let name = name.trim_end_matches('\0').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*four)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A profile whose only tag is this `desc`.
    fn profile(desc: &[u8]) -> Vec<u8> {
        let mut icc = vec![0; HEADER];
        icc.extend_from_slice(&1_u32.to_be_bytes());
        icc.extend_from_slice(b"desc");
        icc.extend_from_slice(&(HEADER as u32 + 16).to_be_bytes());
        icc.extend_from_slice(&(desc.len() as u32).to_be_bytes());
        icc.extend_from_slice(desc);
        icc
    }

    #[test]
    fn both_versions_contain_their_name() {
        let ascii = [b"desc\0\0\0\0\0\0\0\x05".as_slice(), b"sRGB\0", &[0; 78]].concat();
        assert_eq!(profile_name(&profile(&ascii)).as_deref(), Some("sRGB"));
        let unicode = [
            b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS".as_slice(),
            b"\0\0\0\x04\0\0\0\x1c",
            b"\0P\0\xfc",
        ];
        assert_eq!(profile_name(&profile(&unicode.concat())).as_deref(), Some("Pü"));
    }

    #[test]
    fn a_damaged_profile_has_no_name() {
        let cut = [b"desc\0\0\0\0\xff\xff\xff\xff".as_slice(), b"s"].concat();
        assert_eq!(profile_name(&profile(&cut)), None);
        assert_eq!(profile_name(&profile(b"")), None);
        assert_eq!(profile_name(b"no profile"), None);
    }
}
