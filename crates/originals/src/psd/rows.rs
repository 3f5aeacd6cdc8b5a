//! Reads the rows of the composite's planes: raw, in PackBits, or in Deflate.

use std::io::{self, BufReader, Read};

use flate2::read::ZlibDecoder;

use super::{header::Header, sections::read_uint};
use crate::{File, Unreadable};

/// The rows of all planes, in order.
pub(super) struct PlaneRows<'f, 'a> {
    stride: usize,
    depth: u16,
    compression: Compression<'f, 'a>,
}

enum Compression<'f, 'a> {
    Raw(&'f mut Box<dyn File + 'a>),
    PackBits {
        file: &'f mut Box<dyn File + 'a>,
        /// Compressed lengths of the remaining rows, the next one last.
        lengths: Vec<u64>,
        /// Buffer for one compressed row.
        packed: Vec<u8>,
    },
    /// One stream for all planes.
    Deflate {
        stream: ZlibDecoder<BufReader<&'f mut Box<dyn File + 'a>>>,
        /// Whether rows hold horizontal differences.
        prediction: bool,
    },
}

impl<'f, 'a> PlaneRows<'f, 'a> {
    /// Reads the compression of the composite, and its row lengths. The inner result fails for an
    /// unknown compression.
    pub fn new(
        file: &'f mut Box<dyn File + 'a>,
        header: &Header,
    ) -> io::Result<Result<Self, Unreadable>> {
        let code = read_uint(file, 2)?;
        let compression = match code {
            0 => Compression::Raw(file),
            1 => {
                let count = usize::from(header.channels) * header.size.height as usize;
                let width = if header.large { 4 } else { 2 };
                let lengths = (0..count).map(|_| read_uint(file, width));
                let mut lengths = lengths.collect::<io::Result<Vec<u64>>>()?;
                lengths.reverse();
                Compression::PackBits { file, lengths, packed: Vec::new() }
            }
            2 | 3 => {
                let stream = ZlibDecoder::new(BufReader::new(file));
                Compression::Deflate { stream, prediction: code == 3 }
            }
            other => {
                let message = format!(
                    "a Photoshop file whose composite has compression {other}: expected 0 to 3"
                );
                return Ok(Err(Unreadable::new(message)));
            }
        };
        let stride = (header.size.width as usize * usize::from(header.depth)).div_ceil(8);
        Ok(Ok(Self { stride, depth: header.depth, compression }))
    }

    /// Reads the next row into `row`, in the file's bit depth.
    pub fn next(&mut self, row: &mut Vec<u8>) -> io::Result<()> {
        row.clear();
        match &mut self.compression {
            Compression::PackBits { file, lengths, packed } => {
                // PackBits never needs more than twice the raw length.
                let len = lengths.pop().unwrap_or(0).min(2 * self.stride as u64 + 2);
                packed.clear();
                file.take(len).read_to_end(packed)?;
                azulejo::pyramid::unpack_bits(packed, self.stride, row);
                row.resize(self.stride, 0);
                Ok(())
            }
            Compression::Raw(file) => {
                row.resize(self.stride, 0);
                file.read_exact(row)
            }
            Compression::Deflate { stream, prediction } => {
                row.resize(self.stride, 0);
                stream.read_exact(row)?;
                if *prediction {
                    undo_prediction(self.depth, row);
                }
                Ok(())
            }
        }
    }
}

/// Replaces the horizontal differences of a row of Photoshop's by samples of 8, 16 or 32 bits.
pub fn undo_prediction(depth: u16, row: &mut [u8]) {
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
        // The first bytes of all samples come first, then all second bytes, and so on.
        let width = row.len() / 4;
        let bytes = row.to_vec();
        row.iter_mut().enumerate().for_each(|(at, byte)| *byte = bytes[at % 4 * width + at / 4]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prediction_is_undone_by_sample() {
        let mut bytes = vec![250, 10, 1];
        undo_prediction(8, &mut bytes);
        assert_eq!(bytes, [250, 4, 5]);
        let mut shorts = vec![1, 255, 0, 2];
        undo_prediction(16, &mut shorts);
        assert_eq!(shorts, [1, 255, 2, 1]);
        // 1.0 is 3f 80 0 0 and 2.0 is 40 0 0 0.
        let mut floats = vec![0x3f, 1, 0x40, 0x80, 0, 0, 0, 0];
        undo_prediction(32, &mut floats);
        assert_eq!(floats[..2], [0x3f, 0x80]);
        assert_eq!(floats[4..6], [0x40, 0]);
    }
}
