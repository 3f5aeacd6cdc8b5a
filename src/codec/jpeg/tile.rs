//! Decodes JPEG tiles: complete streams, or streams that use tables shared by all tiles of a
//! level.

use super::decode::{
    Decoder, Fault, Header, OnDamage, Plane, Seen, Segment, Tables, Transform, Upsampler,
};
use crate::{
    codec::TileSpec,
    error::{Error, Result},
    time_slice::{TimeSlice, Work},
};

/// The container of a level's streams. It determines how the colours are interpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A TIFF, whose directory gives the colour transform.
    Tiff(Transform),
    /// A JPEG file, whose markers give the colour transform.
    File,
}

/// Decodes the JPEG tiles of one level, and reuses its buffers.
pub struct TileDecoder {
    spec: TileSpec,
    origin: Origin,
    /// The tables shared by all tiles.
    shared: Tables,
    /// The buffer for the entropy-coded data of a scan.
    segment: Segment,
    planes: Vec<Plane>,
}

impl TileDecoder {
    /// A decoder for tiles that may share a stream of tables.
    pub fn new(spec: TileSpec, origin: Origin, tables: Option<&[u8]>) -> Self {
        let shared = tables.map(Tables::read).unwrap_or_default();
        Self { spec, origin, shared, segment: Segment::default(), planes: Vec::new() }
    }

    /// Decodes a tile into exactly `rows` rows of [`TileSpec::samples`], and applies the colour
    /// transform. A larger tile is cut; a smaller one leaves the rest 0. `inside` is the width and
    /// height of the image within the tile; the rest of the tile is padding. Pixels that are not
    /// `seen` may be arbitrary.
    pub async fn decode(
        &mut self,
        bytes: &[u8],
        rows: u32,
        (inside, seen): ([u32; 2], &Seen),
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<()> {
        let header = self.header(bytes)?;
        let transform = match self.origin {
            Origin::File => header.colors().map_err(|fault| self.error(fault))?.into(),
            Origin::Tiff(transform) => transform,
        };
        self.pixels(header, transform, rows, (inside, seen), out, slice).await
    }

    /// The chroma subsampling factors of a tile, across and down: 1 or 2 each. `None` if the tile
    /// does not have three components, if its ratio is another, or if its header is damaged.
    pub fn subsampling(&self, bytes: &[u8]) -> Option<[u32; 2]> {
        Some(self.header(bytes).ok()?.subsampling()?.map(u32::from))
    }

    /// Decodes a YCbCr tile into planes, with the chroma subsampled by `subsampling`. `inside` is
    /// the width and height of the image within the tile; the rest is padding. Samples that are not
    /// `seen` may be arbitrary.
    pub async fn planes(
        &mut self,
        bytes: &[u8],
        subsampling: [u32; 2],
        inside: [u32; 2],
        seen: &Seen,
        slice: &mut TimeSlice<'_>,
    ) -> Result<&[Plane]> {
        let header = self.header(bytes)?;
        if header.subsampling().map(|by| by.map(u32::from)) == Some(subsampling) {
            self.components(header, seen, slice).await?;
            return Ok(&self.planes);
        }
        // The tile's subsampling differs from its neighbours'. This is rare, so it may be slow.
        let (width, height) = (self.spec.width as usize, usize::from(header.frame.height));
        let [right, bottom] =
            [(inside[0] as usize).min(header.frame.width.into()), (inside[1] as usize).min(height)];
        let mut pixels = Vec::new();
        let all = (inside, &Seen::ALL);
        self.pixels(header, Transform::Identity, height as u32, all, &mut pixels, slice).await?;
        let ratios = [[1, 1], subsampling, subsampling].map(|ratio| ratio.map(|by| by as usize));
        self.planes.clear();
        for (nth, [across, down]) in ratios.into_iter().enumerate() {
            let sample = |x: usize, y: usize| {
                let (x, y) = (x.min(right.saturating_sub(1)), y.min(bottom.saturating_sub(1)));
                u32::from(pixels.get((y * width + x) * 3 + nth).copied().unwrap_or(0))
            };
            let mean = |x: usize, y: usize| {
                let places = (0..across * down).map(|n| (x + n % across, y + n / across));
                let sum: u32 = places.map(|(x, y)| sample(x, y)).sum();
                ((sum + (across * down) as u32 / 2) / (across * down) as u32) as u8
            };
            let rows = (0..height).step_by(down);
            let samples = rows.flat_map(|y| (0..right).step_by(across).map(move |x| (x, y)));
            let samples = samples.map(|(x, y)| mean(x, y)).collect();
            let stride = right.div_ceil(across).max(1);
            self.planes.push(Plane { samples, stride, ..Plane::default() });
        }
        Ok(&self.planes)
    }

    /// Reads the header. Fails if the tile is far too large or has the wrong number of components.
    fn header<'b>(&self, bytes: &'b [u8]) -> Result<Header<'b>> {
        let spec = self.spec;
        let header = Header::read(bytes, &self.shared)
            .and_then(|header| header.ok_or(Fault::Damaged("its header ends early")))
            .map_err(|fault| self.error(fault))?;
        let components = header.frame.components.len();
        if components != usize::from(spec.samples) {
            return Err(Error::bad_source(format!(
                "a JPEG tile has {components} components, but its directory says {} samples",
                spec.samples
            )));
        }
        let (width, height) = (u64::from(header.frame.width), u64::from(header.frame.height));
        // Some writers round up to whole blocks; the plan counts memory for no more than that.
        let most = |side: u32| u64::from(side.next_multiple_of(16)) + 16;
        if width > most(spec.width) || height > most(spec.height) {
            return Err(Error::bad_source(format!(
                "a JPEG tile of {width} × {height} pixels is larger than its place in the level"
            )));
        }
        Ok(header)
    }

    /// Decodes all components into `rows` rows of interleaved samples.
    async fn pixels(
        &mut self,
        header: Header<'_>,
        transform: Transform,
        rows: u32,
        (inside, seen): ([u32; 2], &Seen),
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<()> {
        let samples = usize::from(self.spec.samples);
        let stride = self.spec.width as usize * samples;
        let [width, height] = [header.frame.width, header.frame.height].map(usize::from);
        let inside = [width.min(inside[0] as usize), height.min(inside[1] as usize)];
        let mut upsampler = Upsampler::new(&header.frame, inside);
        // Subsampled components are interpolated from the next sample, too, which spans two pixels.
        self.components(header, &seen.grow(2), slice).await?;
        out.clear();
        out.resize(stride * rows as usize, 0);
        let shared = width.min(self.spec.width as usize);
        let lines = out.chunks_exact_mut(stride).take(height).enumerate();
        for (y, target) in lines.filter(|(y, _)| seen.rows.contains(&(*y as u32))) {
            let lines = upsampler.row(&self.planes, y, shared);
            transform.pixels(lines, samples, &mut target[..shared * samples]);
            slice.spend(shared as u64 / 4).await;
        }
        Ok(())
    }

    fn components<'f>(
        &'f mut self,
        header: Header<'f>,
        seen: &'f Seen,
        slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<()>> {
        Box::pin(async move {
            let segment = std::mem::take(&mut self.segment);
            let decoded = match Decoder::new(header, OnDamage::Refuse, segment, slice).await {
                Ok(decoder) => decoder.planes(&mut self.planes, seen, slice).await,
                Err(fault) => Err(fault),
            };
            self.segment = decoded.map_err(|fault| self.error(fault))?;
            Ok(())
        })
    }

    fn error(&self, fault: Fault) -> Error {
        fault.error(match self.origin {
            Origin::File => "the JPEG file",
            Origin::Tiff(_) => "a JPEG tile",
        })
    }
}

#[cfg(test)]
mod tests;
