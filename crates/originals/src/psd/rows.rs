//! The rows of the composite's planes as they are stored: raw, in PackBits, or in Deflate.

use std::io::{self, BufReader, Read};

use flate2::read::ZlibDecoder;

use super::{header::Header, sections::number};
use crate::{File, Unreadable};

/// Rows of all planes, in order.
pub(super) struct Rows<'f, 'a> {
    stride: usize,
    depth: u16,
    packing: Packing<'f, 'a>,
}

enum Packing<'f, 'a> {
    Raw(&'f mut Box<dyn File + 'a>),
    /// The lengths of the rows that are left, the next one last; and one row.
    PackBits(&'f mut Box<dyn File + 'a>, Vec<u64>, Vec<u8>),
    /// One stream of all planes, of differences along the row or not.
    Deflate(ZlibDecoder<BufReader<&'f mut Box<dyn File + 'a>>>, bool),
}

impl<'f, 'a> Rows<'f, 'a> {
    /// Reads how the composite is packed.
    pub fn new(
        file: &'f mut Box<dyn File + 'a>,
        header: &Header,
    ) -> io::Result<Result<Self, Unreadable>> {
        let compression = number(file, 2)?;
        let packing = match compression {
            0 => Packing::Raw(file),
            1 => {
                let count = usize::from(header.channels) * header.size.1 as usize;
                let word = if header.large { 4 } else { 2 };
                let lens = (0..count).map(|_| number(file, word));
                let mut lens = lens.collect::<io::Result<Vec<u64>>>()?;
                lens.reverse();
                Packing::PackBits(file, lens, Vec::new())
            }
            2 | 3 => Packing::Deflate(ZlibDecoder::new(BufReader::new(file)), compression == 3),
            other => {
                let message = format!(
                    "a Photoshop file whose composite has compression {other}: expected 0 to 3"
                );
                return Ok(Err(Unreadable::new(message)));
            }
        };
        let stride = (header.size.0 as usize * usize::from(header.depth)).div_ceil(8);
        Ok(Ok(Self { stride, depth: header.depth, packing }))
    }

    /// Reads the next row.
    pub fn next(&mut self, row: &mut Vec<u8>) -> io::Result<()> {
        row.clear();
        match &mut self.packing {
            Packing::PackBits(file, lens, packed) => {
                // No row is packed to more than twice its length.
                let len = lens.pop().unwrap_or(0).min(2 * self.stride as u64 + 2);
                packed.clear();
                file.take(len).read_to_end(packed)?;
                azulejo::pyramid::unpack_bits(packed, self.stride, row);
                row.resize(self.stride, 0);
                Ok(())
            }
            Packing::Raw(file) => {
                row.resize(self.stride, 0);
                file.read_exact(row)
            }
            Packing::Deflate(stream, differences) => {
                row.resize(self.stride, 0);
                stream.read_exact(row)?;
                if *differences {
                    add_up(self.depth, row);
                }
                Ok(())
            }
        }
    }
}

/// Undoes the differences along a row.
fn add_up(depth: u16, row: &mut Vec<u8>) {
    if depth == 16 {
        let mut last = 0_u16;
        for sample in row.as_chunks_mut::<2>().0 {
            last = last.wrapping_add(u16::from_be_bytes(*sample));
            *sample = last.to_be_bytes();
        }
        return;
    }
    let mut last = 0_u8;
    for byte in row.iter_mut() {
        last = last.wrapping_add(*byte);
        *byte = last;
    }
    if depth == 32 {
        // The first bytes of all samples, then the second ones, and so on.
        let width = row.len() / 4;
        *row = (0..row.len()).map(|at| row[at % 4 * width + at / 4]).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_added_up_by_the_sample() {
        let mut bytes = vec![250, 10, 1];
        add_up(8, &mut bytes);
        assert_eq!(bytes, [250, 4, 5]);
        let mut shorts = vec![1, 255, 0, 2];
        add_up(16, &mut shorts);
        assert_eq!(shorts, [1, 255, 2, 1]);
        // Of 1.0 and 2.0: 3f 80 0 0, 40 0 0 0.
        let mut floats = vec![0x3f, 1, 0x40, 0x80, 0, 0, 0, 0];
        add_up(32, &mut floats);
        assert_eq!(floats[..2], [0x3f, 0x80]);
        assert_eq!(floats[4..6], [0x40, 0]);
    }
}
