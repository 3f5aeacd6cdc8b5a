//! Reads the segments before each scan: the frame header, the tables and the scan header.

use super::{damage::Fault, tables::Tables};
use crate::codec::jpeg::{
    application::Application,
    segments::{
        Segments,
        marker::{APP0, APP14, DHT, DNL, DQT, DRI, EOI, SOF0, SOF2, SOS},
    },
};

/// The state of a stream before one of its scans.
pub struct Header<'a> {
    /// The frame header.
    pub frame: Frame,
    /// The current tables, including the shared ones of tiles.
    pub tables: Tables,
    /// MCUs between restart markers; 0 if there are no restart markers.
    pub interval: usize,
    /// The scan header.
    pub scan: Scan,
    /// The bytes after the scan header.
    pub data: &'a [u8],
    /// Whether the stream has a JFIF segment.
    pub jfif: bool,
    /// The colour transform of Adobe's segment; `None` without the segment.
    pub adobe: Option<u8>,
}

/// A frame header (B.2.2).
pub struct Frame {
    /// Whether the frame is progressive, else sequential.
    pub progressive: bool,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// The components, 1 to 4.
    pub components: Vec<Component>,
}

/// A component of a frame.
#[derive(Clone, Copy)]
pub struct Component {
    /// The component identifier, to which scan headers refer.
    pub id: u8,
    /// Sampling factors, across and down, 1 to 4.
    pub factors: [u8; 2],
    /// The number of its quantisation table.
    pub steps: usize,
}

/// A scan header (B.2.3).
#[derive(Default)]
pub struct Scan {
    /// The components of the scan.
    pub parts: Vec<Part>,
    /// The first coefficient, in zigzag order.
    pub start: u8,
    /// The last coefficient, in zigzag order, included.
    pub end: u8,
    /// Whether the scan refines coefficients of earlier scans.
    pub refines: bool,
    /// The number of low bits of each coefficient that later scans add.
    pub low: u8,
}

/// A component of a scan.
#[derive(Clone, Copy)]
pub struct Part {
    /// The index of the component in the frame.
    pub component: usize,
    /// The number of its Huffman table for DC coefficients.
    pub dc: usize,
    /// The number of its Huffman table for AC coefficients.
    pub ac: usize,
}

/// What follows a scan in the stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Another scan.
    Scan,
    /// The end marker.
    End,
    /// Neither: the bytes end.
    Nothing,
}

const DAMAGED: Fault = Fault::Damaged("its header is invalid");

impl<'a> Header<'a> {
    /// Reads a stream up to its first scan header; `None` if it ends before.
    pub fn read(stream: &'a [u8], shared: &Tables) -> Result<Option<Self>, Fault> {
        let mut tables = shared.clone();
        let (mut frame, mut interval, mut jfif, mut adobe) = (None, 0, false, None);
        let mut segments = Segments { rest: stream };
        while let Some((marker, body)) = segments.next() {
            match (marker, body) {
                (SOF0..=SOF2, _) if frame.is_none() => frame = Some(Frame::read(marker, body)?),
                (DHT | DQT | DRI, _) => setting(marker, body, &mut tables, &mut interval)?,
                // DHT, the reserved JPG, and DAC have numbers between those of the frame markers.
                (0xc0..=0xcf, _) if !matches!(marker, 0xc8 | 0xcc) => {
                    return Err(other_kind(marker));
                }
                (APP0 | APP14, _) => match Application::read(marker, body) {
                    Some(Application::Jfif { .. }) => jfif = true,
                    Some(Application::Adobe { transform }) => adobe = Some(transform),
                    _ => {}
                },
                (SOS, body) => {
                    let mut frame: Frame = frame.ok_or(DAMAGED)?;
                    let (scan, data) = (Scan::read(body, &frame)?, segments.rest);
                    if frame.height == 0 {
                        let Some(height) = height_after(data) else { return Ok(None) };
                        frame.height = height;
                    }
                    return Ok(Some(Self { frame, tables, interval, scan, data, jfif, adobe }));
                }
                (EOI, _) => return Err(DAMAGED),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Reads from the end of a scan up to the next scan. A damaged segment in between is an error.
    pub fn advance(&mut self, rest: &'a [u8]) -> Result<Next, Fault> {
        let mut segments = Segments { rest };
        while let Some((marker, body)) = segments.next() {
            match marker {
                DHT | DQT | DRI => setting(marker, body, &mut self.tables, &mut self.interval)?,
                SOS => {
                    self.scan = Scan::read(body, &self.frame)?;
                    self.data = segments.rest;
                    return Ok(Next::Scan);
                }
                EOI => return Ok(Next::End),
                _ => {}
            }
        }
        Ok(Next::Nothing)
    }
}

/// Applies a segment that sets tables (DHT, DQT) or the restart interval (DRI).
fn setting(
    marker: u8,
    body: &[u8],
    tables: &mut Tables,
    interval: &mut usize,
) -> Result<(), Fault> {
    let set = match marker {
        DHT => tables.huffman(body),
        DQT => tables.quantisation(body),
        _ => body.first_chunk().map(|len| *interval = usize::from(u16::from_be_bytes(*len))),
    };
    set.ok_or(Fault::Damaged("its tables are invalid"))
}

fn other_kind(marker: u8) -> Fault {
    match marker {
        SOF0..=SOF2 => DAMAGED,
        _ => Fault::Unsupported(
            "lossless, hierarchical or arithmetic-coded, which is unsupported; convert it to a \
             baseline or progressive JPEG"
                .to_owned(),
        ),
    }
}

/// The height of the DNL segment (B.2.5), which follows the data of the first scan.
fn height_after(data: &[u8]) -> Option<u16> {
    let (marker, body) = Segments { rest: data }.next()?;
    let height = u16::from_be_bytes(*body.first_chunk()?);
    (marker == DNL && height > 0).then_some(height)
}

impl Tables {
    /// Reads a stream that contains only tables (TIFF technical note 2). A damaged table is not
    /// set; a tile that needs it fails.
    pub fn read(stream: &[u8]) -> Self {
        let mut tables = Self::default();
        for (marker, body) in (Segments { rest: stream }) {
            let _damaged = match marker {
                DHT => tables.huffman(body),
                DQT => tables.quantisation(body),
                _ => Some(()),
            };
        }
        tables
    }
}

impl Frame {
    fn read(marker: u8, body: &[u8]) -> Result<Self, Fault> {
        let (&[bits, h1, h0, w1, w0, count], rest) = body.split_first_chunk().ok_or(DAMAGED)?;
        if bits != 8 {
            return Err(Fault::Unsupported(format!(
                "of {bits} bits a sample, which is unsupported; convert it to 8"
            )));
        }
        let components = rest.as_chunks::<3>().0.iter().take(usize::from(count));
        let components = components.map(|&[id, factors, steps]| Component {
            id,
            factors: [factors >> 4, factors & 15],
            steps: usize::from(steps),
        });
        let frame = Self {
            progressive: marker == SOF2,
            width: u16::from_be_bytes([w1, w0]),
            height: u16::from_be_bytes([h1, h0]),
            components: components.collect(),
        };
        if count > 4 {
            return Err(Fault::Unsupported(format!(
                "of {count} components, which is unsupported; convert it to one, three or four"
            )));
        }
        let legal = |part: &Component| part.factors.iter().all(|factor| (1..=4).contains(factor));
        let sound = frame.width > 0
            && frame.components.len() == usize::from(count)
            && count > 0
            && frame.components.iter().all(legal);
        if sound { Ok(frame) } else { Err(DAMAGED) }
    }

    /// The largest sampling factors, across and down.
    pub fn factors(&self) -> [u8; 2] {
        [0, 1].map(|axis| self.components.iter().map(|part| part.factors[axis]).max().unwrap_or(1))
    }
}

impl Scan {
    fn read(body: &[u8], frame: &Frame) -> Result<Self, Fault> {
        const DAMAGED: Fault = Fault::Damaged("the header of a scan is invalid");
        let (&count, rest) = body.split_first().ok_or(DAMAGED)?;
        let (parts, rest) = rest.split_at_checked(2 * usize::from(count)).ok_or(DAMAGED)?;
        let &[start, end, bits, ..] = rest else { return Err(DAMAGED) };
        let mut scan =
            Self { start, end, refines: bits >> 4 > 0, low: bits & 15, ..Self::default() };
        for &[id, tables] in parts.as_chunks::<2>().0 {
            // Some files give all components the same identifier; then their order counts.
            let is_it = |(nth, part): &(usize, &Component)| {
                part.id == id && scan.parts.iter().all(|part| part.component != *nth)
            };
            let (component, _) = frame.components.iter().enumerate().find(is_it).ok_or(DAMAGED)?;
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            scan.parts.push(Part { component, dc, ac });
        }
        if !frame.progressive {
            // A sequential scan has all coefficients, whatever its header says.
            (scan.start, scan.end, scan.refines, scan.low) = (0, 63, false, 0);
        }
        let first_only = (start, end) == (0, 0);
        let others = (1..64).contains(&start) && (start..64).contains(&end) && count == 1;
        let refinement = bits >> 4 == 0 || bits >> 4 == (bits & 15) + 1;
        let sound = !frame.progressive || (first_only || others) && refinement && scan.low <= 13;
        if sound && count > 0 { Ok(scan) } else { Err(DAMAGED) }
    }

    /// Whether the scan contains the whole image: all components in order, in full precision.
    pub fn is_all(&self, frame: &Frame) -> bool {
        let all = (0..frame.components.len()).eq(self.parts.iter().map(|part| part.component));
        !frame.progressive && all
    }
}
