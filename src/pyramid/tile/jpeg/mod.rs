//! JPEG tiles: streams of their own, or with tables that all tiles of a level share.

mod baseline;
mod bits;
mod general;
mod header;
mod inverse_dct;
mod tables;

pub use baseline::Plane;

use header::Header;
use tables::Tables;

use crate::{
    color::ycbcr,
    error::{Error, Result},
    pyramid::index::{Level, Photometric},
};

/// What the header of a whole file tells of its frame.
pub struct JpegShape {
    /// Pixels across and down.
    pub size: [u32; 2],
    /// Bits a sample.
    pub bits: u8,
    /// The names of its components.
    pub components: Vec<u8>,
    /// How much smaller its colours are, where it can be had in planes.
    pub shrink: Option<[u8; 2]>,
}

/// Reads the header of a file up to its first scan; `None` where it is damaged.
pub fn jpeg_shape(head: &[u8]) -> Option<JpegShape> {
    let header = Header::read(head, &Tables::default())?;
    let frame = &header.frame;
    Some(JpegShape {
        size: [u32::from(frame.width), u32::from(frame.height)],
        bits: frame.bits,
        components: frame.components.iter().map(|component| component.id).collect(),
        shrink: subsampling(&header).map(|shrink| shrink.map(|by| by as u8)),
    })
}

/// Decodes the JPEG tiles of one level; its buffers are used again for each.
pub struct Jpeg<'a> {
    level: &'a Level,
    /// The tables that all tiles share.
    shared: Tables,
    /// Bits of the scan, as they are read.
    segment: Vec<u8>,
    planes: Vec<Plane>,
    /// The tables and the stream of a tile, joined.
    stream: Vec<u8>,
}

impl<'a> Jpeg<'a> {
    /// A decoder for the tiles of `level`.
    pub fn new(level: &'a Level) -> Self {
        let shared = level.jpeg_tables.as_deref().map(Tables::read).unwrap_or_default();
        let [segment, stream] = [const { Vec::new() }; 2];
        Self { level, shared, segment, planes: Vec::new(), stream }
    }

    /// Decodes a tile into exactly `rows` rows of the level's samples, YCbCr as RGB. A tile
    /// whose own size is another gives the part that both have.
    pub fn decode(&mut self, bytes: &[u8], rows: u32, out: &mut Vec<u8>) -> Result<()> {
        let level = self.level;
        let header = self.header(bytes)?;
        let samples = usize::from(level.samples);
        let want = level.tile_width as usize * samples;
        out.clear();
        out.resize(want * rows as usize, 0);
        let targets = out.chunks_exact_mut(want);
        let (width, height) = (usize::from(header.frame.width), usize::from(header.frame.height));
        let even = header.frame.components.iter().all(|part| part.factors == [1, 1]);
        if baseline::is_read(&header) && (samples == 1 || samples < 4 && even) {
            self.components(&header)?;
            for (y, target) in targets.take(height).enumerate() {
                for (nth, plane) in self.planes.iter().enumerate() {
                    let source = plane.samples.get(y * plane.stride..).unwrap_or_default();
                    let targets = target.iter_mut().skip(nth).step_by(samples).take(width);
                    targets.zip(source).for_each(|(target, source)| *target = *source);
                }
            }
        } else {
            let pixels = general::decode(level, bytes, &mut self.stream)?;
            let shared = want.min(width * samples);
            for (target, source) in targets.zip(pixels.chunks_exact((width * samples).max(1))) {
                target[..shared].copy_from_slice(&source[..shared]);
            }
        }
        if level.photometric == Photometric::YCbCr && samples == 3 {
            ycbcr::to_rgb(out);
        }
        Ok(())
    }

    /// How much smaller than the first component of a tile the two others are, across and down:
    /// 1 or 2. `None` where it is not of three components, or not to be had in planes.
    pub fn subsampling(&self, bytes: &[u8]) -> Option<[u32; 2]> {
        subsampling(&self.header(bytes).ok()?)
    }

    /// Decodes a tile of YCbCr into its planes, the colours smaller by `shrink`.
    pub fn planes(&mut self, bytes: &[u8], shrink: [u32; 2]) -> Result<&[Plane]> {
        let header = self.header(bytes)?;
        if subsampling(&header) == Some(shrink) {
            self.components(&header)?;
            return Ok(&self.planes);
        }
        // A tile that is made otherwise than its neighbours: rare, and only to be right.
        let pixels = general::decode(self.level, bytes, &mut self.stream)?;
        let (width, height) = (usize::from(header.frame.width), usize::from(header.frame.height));
        let shrinks = [[1, 1], shrink, shrink].map(|shrink| shrink.map(|by| by as usize));
        self.planes.clear();
        for (nth, [across, down]) in shrinks.into_iter().enumerate() {
            let sample = |x: usize, y: usize| {
                let (x, y) = (x.min(width - 1), y.min(height - 1));
                u32::from(pixels.get((y * width + x) * 3 + nth).copied().unwrap_or(0))
            };
            let mean = |x: usize, y: usize| {
                let places = (0..across * down).map(|n| (x + n % across, y + n / across));
                let sum: u32 = places.map(|(x, y)| sample(x, y)).sum();
                ((sum + (across * down) as u32 / 2) / (across * down) as u32) as u8
            };
            let rows = (0..height).step_by(down);
            let samples = rows.flat_map(|y| (0..width).step_by(across).map(move |x| (x, y)));
            let samples = samples.map(|(x, y)| mean(x, y)).collect();
            self.planes.push(Plane { samples, stride: width.div_ceil(across).max(1) });
        }
        Ok(&self.planes)
    }

    /// Reads the header, and refuses what would be far too large or is no tile of the level.
    fn header<'b>(&self, bytes: &'b [u8]) -> Result<Header<'b>> {
        let level = self.level;
        let header = Header::read(bytes, &self.shared)
            .ok_or_else(|| Error::bad_source("the header of a JPEG tile is damaged"))?;
        let (bits, components) = (header.frame.bits, header.frame.components.len());
        if components != usize::from(level.samples) || bits != 8 {
            return Err(Error::bad_source(format!("a JPEG tile of {components} × {bits} bits")));
        }
        let (width, height) = (u64::from(header.frame.width), u64::from(header.frame.height));
        // Some writers round up to whole blocks; more than that the plan has not counted.
        let most = |side: u32| u64::from(side.next_multiple_of(16)) + 16;
        if width > most(level.tile_width) || height > most(level.tile_height) {
            return Err(Error::bad_source(format!(
                "a JPEG tile of {width} × {height} pixels is larger than its place"
            )));
        }
        Ok(header)
    }

    fn components(&mut self, header: &Header) -> Result<()> {
        baseline::decode(header, &mut self.segment, &mut self.planes)
            .map_err(|words| Error::bad_source("a JPEG tile is damaged").with_detail(words))
    }
}

fn subsampling(header: &Header) -> Option<[u32; 2]> {
    match header.frame.components.as_slice() {
        [first, cb, cr] if cb.factors == [1, 1] && cr.factors == [1, 1] => {
            baseline::is_read(header).then_some(first.factors.map(u32::from))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
