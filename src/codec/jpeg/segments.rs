//! Reads and writes the marker segments of a stream (ITU-T T.81, annex B).

/// The markers in use, with their names of the standard (table B.1).
#[expect(missing_docs, reason = "they are the names of the standard")]
pub mod marker {
    pub const SOF0: u8 = 0xc0;
    pub const SOF2: u8 = 0xc2;
    pub const DHT: u8 = 0xc4;
    pub const SOI: u8 = 0xd8;
    pub const EOI: u8 = 0xd9;
    pub const SOS: u8 = 0xda;
    pub const DQT: u8 = 0xdb;
    pub const DNL: u8 = 0xdc;
    pub const DRI: u8 = 0xdd;
    pub const APP0: u8 = 0xe0;
    pub const APP1: u8 = 0xe1;
    pub const APP2: u8 = 0xe2;
    pub const APP13: u8 = 0xed;
    pub const APP14: u8 = 0xee;
}

use marker::{EOI, SOI};

/// The marker at the start of an image.
pub const START: [u8; 2] = [0xff, SOI];
/// The marker at the end of an image.
pub const END: [u8; 2] = [0xff, EOI];

/// Appends a marker segment.
pub fn write_segment(marker: u8, body: &[u8], out: &mut Vec<u8>) {
    let [high, low] = (body.len() as u16 + 2).to_be_bytes();
    out.extend_from_slice(&[0xff, marker, high, low]);
    out.extend_from_slice(body);
}

/// Iterates over the marker segments with their bodies, including the end marker. After a scan
/// header, the rest begins with the data of the scan.
pub struct Segments<'a> {
    /// The bytes after the last segment returned.
    pub rest: &'a [u8],
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // Skip bytes between segments, as all decoders do.
            let at = self.rest.iter().position(|&byte| byte == 0xff)?;
            self.rest = self.rest.get(at..)?;
            match self.rest {
                // Start of image, restarts and the temporary marker have no body.
                [0xff, 0xd0..=0xd8 | 0x00 | 0x01, rest @ ..] => self.rest = rest,
                [0xff, 0xff, ..] => self.rest = self.rest.get(1..)?,
                [0xff, EOI, rest @ ..] => {
                    self.rest = rest;
                    return Some((EOI, &[]));
                }
                [0xff, marker, rest @ ..] => {
                    let len = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
                    let body = rest.get(2..len)?;
                    self.rest = rest.get(len..)?;
                    return Some((*marker, body));
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_between_segments_are_passed_over() {
        let stream = [0xff, 0xd8, 7, 0xff, 0, 0xff, 0xff, 0xdd, 0, 4, 1, 2, 9, 0xff, EOI, 5];
        let mut segments = Segments { rest: &stream };
        assert_eq!(segments.next(), Some((0xdd, &[1, 2][..])));
        assert_eq!(segments.next(), Some((EOI, &[][..])));
        assert_eq!((segments.rest, segments.next()), (&[5][..], None));
    }

    #[test]
    fn segments_are_read_as_they_were_written() {
        let mut stream = START.to_vec();
        write_segment(marker::DRI, &[1, 2], &mut stream);
        write_segment(marker::APP0, &[], &mut stream);
        stream.extend_from_slice(&END);
        let read: Vec<(u8, &[u8])> = Segments { rest: &stream }.collect();
        assert_eq!(read, [(marker::DRI, &[1, 2][..]), (marker::APP0, &[]), (EOI, &[])]);
    }

    #[test]
    fn a_segment_that_is_cut_off_is_none() {
        assert_eq!(Segments { rest: &[0xff, 0xdd, 0, 4, 1] }.next(), None);
        assert_eq!(Segments { rest: &[0xff, 0xdd, 0, 1, 1] }.next(), None, "it is no length");
    }
}
