//! Sections, each with its length before it; of the layers, whether they cover the picture.

use std::io::{self, Read as _, Seek as _};

use crate::File;

/// A number of so many bytes.
pub(super) fn number(file: &mut Box<dyn File + '_>, len: usize) -> io::Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(bytes.get_mut(8 - len..).unwrap_or_default())?;
    Ok(u64::from_be_bytes(bytes))
}

/// A section with its length before it.
pub(super) fn section(file: &mut Box<dyn File + '_>, len: usize, most: u64) -> io::Result<Vec<u8>> {
    let len = number(file, len)?;
    let mut bytes = Vec::new();
    file.take(len.min(most)).read_to_end(&mut bytes)?;
    skip(file, len - len.min(most))?;
    Ok(bytes)
}

fn skip(file: &mut Box<dyn File + '_>, len: u64) -> io::Result<()> {
    file.seek_relative(i64::try_from(len).map_err(io::Error::other)?)
}

/// Passes over the layers; whether the composite shows through where they do.
pub(super) fn layers(file: &mut Box<dyn File + '_>, large: bool) -> io::Result<bool> {
    let word = if large { 8 } else { 4 };
    let len = number(file, word)?;
    let end = file.stream_position()?.saturating_add(len);
    let mut transparent = false;
    if len > word as u64 + 2 {
        let layers = number(file, word)?;
        if layers > 0 {
            // A negative count says it.
            transparent = number(file, 2)? >= 0x8000;
        } else {
            transparent = deep_layers(file, end, large)?;
        }
    }
    file.seek(io::SeekFrom::Start(end))?;
    Ok(transparent)
}

/// The same for 16 and 32 bits, whose layers are in a block behind.
fn deep_layers(file: &mut Box<dyn File + '_>, end: u64, large: bool) -> io::Result<bool> {
    let mask = number(file, 4)?;
    skip(file, mask)?;
    while file.stream_position()?.saturating_add(12) < end {
        let _signature = number(file, 4)?;
        let name = number(file, 4)?.to_be_bytes();
        let [.., n3, n2, n1, n0] = name;
        let deep = matches!(&[n3, n2, n1, n0], b"Lr16" | b"Lr32");
        let long = large && (deep || matches!(&[n3, n2, n1, n0], b"Layr" | b"LMsk" | b"Mt16"));
        let len = number(file, if long { 8 } else { 4 })?;
        if deep && len >= 2 {
            return Ok(number(file, 2)? >= 0x8000);
        }
        skip(file, len.next_multiple_of(4))?;
    }
    Ok(false)
}
