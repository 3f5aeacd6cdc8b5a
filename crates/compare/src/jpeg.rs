//! The headers of JPEG files.

/// What the headers of a JPEG tell.
#[derive(Default)]
pub struct Headers {
    /// The number of its components.
    pub components: u8,
    /// Its quantisation tables and its sampling.
    pub encoding: Option<Vec<u8>>,
}

impl Headers {
    /// Reads the headers up to the first scan.
    pub fn read(file: &[u8]) -> Self {
        let (mut at, mut tables, mut frame) = (2, Vec::new(), None);
        while let Some(&[0xff, marker]) = file.get(at..at + 2) {
            if marker == 0xff {
                at += 1;
                continue;
            }
            let Some(&[high, low]) = file.get(at + 2..at + 4) else { break };
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            let segment = file.get(at + 4..end).unwrap_or_default();
            match marker {
                0xda => break,
                0xdb => tables.extend(segment),
                // After depth, height and width.
                0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => frame = segment.get(5..),
                _ => {}
            }
            at = end;
        }
        let Some([components, sampling @ ..]) = frame else { return Self::default() };
        tables.extend(sampling);
        Self { components: *components, encoding: Some(tables) }
    }
}
