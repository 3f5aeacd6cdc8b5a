//! The marker segments before the first scan (ITU-T T.81, annex B).

use super::tables::Tables;

/// What is known of a stream before its first scan.
pub struct Header<'a> {
    /// The frame header.
    pub frame: Frame,
    /// The tables that are set, those that tiles share included.
    pub tables: Tables,
    /// MCUs between restart markers; 0: there are none.
    pub interval: usize,
    /// For each component of the first scan, which Huffman tables it uses (DC, AC).
    pub scan: Vec<(usize, usize)>,
    /// What follows the scan's header.
    pub data: &'a [u8],
}

/// A frame header (B.2.2).
pub struct Frame {
    /// Whether it is sequential with Huffman coding (SOF0, SOF1).
    pub sequential: bool,
    /// Bits a sample.
    pub bits: u8,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// The components, in the order of the scan.
    pub components: Vec<Component>,
}

/// A component of a frame.
#[derive(Clone, Copy)]
pub struct Component {
    /// The name that scans call it by.
    pub id: u8,
    /// Sampling factors, across and down.
    pub factors: [u8; 2],
    /// Number of its quantisation table.
    pub steps: usize,
}

impl<'a> Header<'a> {
    /// Reads a stream up to its first scan; `None` where it is damaged before it.
    pub fn read(stream: &'a [u8], shared: &Tables) -> Option<Self> {
        let mut tables = shared.clone();
        let (mut frame, mut interval) = (None, 0);
        let mut segments = Segments { rest: stream };
        while let Some((marker, body)) = segments.next() {
            match marker {
                0xc4 => tables.huffman(body)?,
                0xdb => tables.quantisation(body)?,
                0xdd => interval = usize::from(u16::from_be_bytes(*body.first_chunk()?)),
                0xda => {
                    let frame: Frame = frame?;
                    let scan = scan(body, &frame)?;
                    return Some(Self { frame, tables, interval, scan, data: segments.rest });
                }
                0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                    frame = Some(Frame::read(marker, body)?);
                }
                _ => {}
            }
        }
        None
    }
}

/// Whether a file holds Adobe's segment: its inks are stored reversed then.
pub fn is_adobe(stream: &[u8]) -> bool {
    let mut segments = Segments { rest: stream }.take_while(|(marker, _)| *marker != 0xda);
    segments.any(|(marker, body)| marker == 0xee && body.starts_with(b"Adobe"))
}

impl Tables {
    /// The tables of a stream that holds nothing else (TIFF technical note 2). What is damaged
    /// in it is not set; a tile that needs it says so.
    pub fn read(stream: &[u8]) -> Self {
        let mut tables = Self::default();
        for (marker, body) in (Segments { rest: stream }) {
            let _damaged = match marker {
                0xc4 => tables.huffman(body),
                0xdb => tables.quantisation(body),
                _ => Some(()),
            };
        }
        tables
    }
}

impl Frame {
    fn read(marker: u8, body: &[u8]) -> Option<Self> {
        let (&[bits, h1, h0, w1, w0, count], rest) = body.split_first_chunk::<6>()?;
        let components = rest.chunks_exact(3).take(usize::from(count)).map(|part| Component {
            id: part[0],
            factors: [part[1] >> 4, part[1] & 15],
            steps: usize::from(part[2]),
        });
        let components: Vec<Component> = components.collect();
        (components.len() == usize::from(count)).then_some(Self {
            sequential: matches!(marker, 0xc0 | 0xc1),
            bits,
            width: u16::from_be_bytes([w1, w0]),
            height: u16::from_be_bytes([h1, h0]),
            components,
        })
    }
}

/// The tables of a scan's components; none where the scan is not of all of them, in order.
fn scan(body: &[u8], frame: &Frame) -> Option<Vec<(usize, usize)>> {
    let (&count, rest) = body.split_first()?;
    let parts = rest.chunks_exact(2).take(usize::from(count));
    let all = usize::from(count) == frame.components.len()
        && parts.clone().map(|part| part[0]).eq(frame.components.iter().map(|part| part.id));
    let tables = parts.map(|part| (usize::from(part[1] >> 4), usize::from(part[1] & 15)));
    Some(if all { tables.collect() } else { Vec::new() })
}

/// Marker segments with their bodies, up to the end; behind a scan's header come its data.
struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rest {
                [0xff, 0xff, ..] => self.rest = self.rest.get(1..)?,
                // Start of image, restarts and the temporary marker have no body.
                [0xff, 0xd0..=0xd8 | 0x01, behind @ ..] => self.rest = behind,
                [0xff, 0xd9, ..] => return None,
                [0xff, marker, behind @ ..] => {
                    let len = usize::from(u16::from_be_bytes(*behind.first_chunk()?));
                    self.rest = behind.get(len..)?;
                    return Some((*marker, behind.get(2..len)?));
                }
                _ => return None,
            }
        }
    }
}
