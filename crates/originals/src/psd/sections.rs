//! Reads sections, which begin with their length. Of the layer section, only whether the composite
//! has transparency.

use std::io::{self, Read as _, Seek as _};

use crate::File;

/// Reads a big-endian unsigned integer of `len` bytes, at most 8.
pub(super) fn read_uint(file: &mut Box<dyn File + '_>, len: usize) -> io::Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(bytes.get_mut(8 - len..).unwrap_or_default())?;
    Ok(u64::from_be_bytes(bytes))
}

/// Reads a section whose length has `len` bytes. Skips what exceeds `limit` bytes.
pub(super) fn read_section(
    file: &mut Box<dyn File + '_>,
    len: usize,
    limit: u64,
) -> io::Result<Vec<u8>> {
    let len = read_uint(file, len)?;
    let mut bytes = Vec::new();
    file.take(len.min(limit)).read_to_end(&mut bytes)?;
    skip(file, len - len.min(limit))?;
    Ok(bytes)
}

fn skip(file: &mut Box<dyn File + '_>, len: u64) -> io::Result<()> {
    file.seek_relative(i64::try_from(len).map_err(io::Error::other)?)
}

/// Skips the layer section. Returns whether the composite's first channel after the colours is its
/// transparency.
pub(super) fn read_layers(file: &mut Box<dyn File + '_>, large: bool) -> io::Result<bool> {
    let width = if large { 8 } else { 4 };
    let len = read_uint(file, width)?;
    let end = file.stream_position()?.saturating_add(len);
    let mut transparent = false;
    if len > width as u64 + 2 {
        let layers = read_uint(file, width)?;
        if layers > 0 {
            // A negative layer count means transparency.
            transparent = read_uint(file, 2)? >= 0x8000;
        } else {
            transparent = read_deep_layers(file, end, large)?;
        }
    }
    file.seek(io::SeekFrom::Start(end))?;
    Ok(transparent)
}

/// The same for 16 and 32 bits per sample, whose layers are in a tagged block at the section's end.
fn read_deep_layers(file: &mut Box<dyn File + '_>, end: u64, large: bool) -> io::Result<bool> {
    let mask = read_uint(file, 4)?;
    skip(file, mask)?;
    while file.stream_position()?.saturating_add(12) < end {
        let _signature = read_uint(file, 4)?;
        let name = read_uint(file, 4)?.to_be_bytes();
        let [.., n3, n2, n1, n0] = name;
        let deep = matches!(&[n3, n2, n1, n0], b"Lr16" | b"Lr32");
        let long = large && (deep || matches!(&[n3, n2, n1, n0], b"Layr" | b"LMsk" | b"Mt16"));
        let len = read_uint(file, if long { 8 } else { 4 })?;
        if deep && len >= 2 {
            return Ok(read_uint(file, 2)? >= 0x8000);
        }
        skip(file, len.next_multiple_of(4))?;
    }
    Ok(false)
}
