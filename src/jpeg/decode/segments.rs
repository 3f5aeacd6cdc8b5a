//! The marker segments of a stream (ITU-T T.81, annex B).

/// Start of a scan.
pub const SCAN: u8 = 0xda;
/// End of image.
pub const END: u8 = 0xd9;

/// Marker segments with their bodies, and the end marker; behind a scan's header come its data.
pub struct Segments<'a> {
    /// What follows the last segment.
    pub rest: &'a [u8],
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // What stands between segments is passed over, as every reader does.
            let at = self.rest.iter().position(|&byte| byte == 0xff)?;
            self.rest = self.rest.get(at..)?;
            match self.rest {
                // Start of image, restarts and the temporary marker have no body.
                [0xff, 0xd0..=0xd8 | 0x00 | 0x01, behind @ ..] => self.rest = behind,
                [0xff, 0xff, ..] => self.rest = self.rest.get(1..)?,
                [0xff, END, behind @ ..] => {
                    self.rest = behind;
                    return Some((END, &[]));
                }
                [0xff, marker, behind @ ..] => {
                    let len = usize::from(u16::from_be_bytes(*behind.first_chunk()?));
                    let body = behind.get(2..len)?;
                    self.rest = behind.get(len..)?;
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
        let stream = [0xff, 0xd8, 7, 0xff, 0, 0xff, 0xff, 0xdd, 0, 4, 1, 2, 9, 0xff, END, 5];
        let mut segments = Segments { rest: &stream };
        assert_eq!(segments.next(), Some((0xdd, &[1, 2][..])));
        assert_eq!(segments.next(), Some((END, &[][..])));
        assert_eq!((segments.rest, segments.next()), (&[5][..], None));
    }

    #[test]
    fn a_segment_that_is_cut_off_is_none() {
        assert_eq!(Segments { rest: &[0xff, 0xdd, 0, 4, 1] }.next(), None);
        assert_eq!(Segments { rest: &[0xff, 0xdd, 0, 1, 1] }.next(), None, "it is no length");
    }
}
