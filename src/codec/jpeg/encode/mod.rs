//! The JPEG encoder: baseline in one interleaved scan, or progressive. Baseline files of moderate size
//! and progressive ones have Huffman tables of their own, all others the standard ones.
//!
//! It encodes both replies and the tiles of pyramids, with the same bytes on every machine.

mod entropy;
mod forward_dct;
mod optimal;
mod planes;
mod progressive;
mod sample;
mod tables;
mod tokens;

use std::ops::{Range, RangeInclusive};

use entropy::Entropy;
use forward_dct::{Divisors, forward_dct};
use planes::Band;
pub use planes::Samples;
pub use sample::{Sample, sample_memory};
use tables::{Codes, HUFFMAN, Quantisation, Specification};
use tokens::Tokens;

use super::{
    application::JFIF,
    segments::{END, START, marker, write_segment},
};
use crate::{
    codec::Subsampling,
    pixel::ColorModel,
    time_slice::{TimeSlice, at_once},
};

/// The components of an image, and how they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Components {
    /// One component, stored unchanged.
    Gray,
    /// Red, green and blue, stored as Y, Cb and Cr.
    YCbCr(Subsampling),
    /// Cyan, magenta, yellow and black, stored unchanged, all quantised like luma.
    Cmyk,
}

impl Components {
    /// The components for a colour model.
    pub fn of(model: ColorModel, subsampling: Subsampling) -> Self {
        match model {
            ColorModel::Gray => Self::Gray,
            ColorModel::Rgb => Self::YCbCr(subsampling),
            ColorModel::Cmyk => Self::Cmyk,
        }
    }

    /// The number of components.
    pub fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::YCbCr(_) => 3,
            Self::Cmyk => 4,
        }
    }

    /// Blocks of a component per unit (MCU) of an interleaved scan, in each direction.
    fn blocks(self, component: usize) -> usize {
        if self == Self::YCbCr(Subsampling::Yuv420) && component == 0 { 2 } else { 1 }
    }

    /// The class of tables that a component uses: 0 for luma, 1 for chroma.
    fn class(self, component: usize) -> usize {
        usize::from(matches!(self, Self::YCbCr(_)) && component > 0)
    }

    /// The classes in use.
    fn classes(self) -> Range<usize> {
        0..self.class(self.count() - 1) + 1
    }
}

/// The most pixels of an image whose Huffman tables are chosen for it.
const OPTIMISED: usize = 2 << 20;

/// Symbols that are written between two looks at the time.
const TOKENS: usize = 16 << 10;

/// Symbols that there is room for: one for four samples, which suffices up to a quality of about 90,
/// and some more for tiny images. `None` for an image that is too large.
fn tokens_of(components: Components, (width, height): (usize, usize)) -> Option<usize> {
    let samples = match components {
        Components::YCbCr(Subsampling::Yuv420) => width * height * 3 / 2,
        Components::Gray | Components::YCbCr(Subsampling::Yuv444) | Components::Cmyk => {
            width * height * components.count()
        }
    };
    (width * height <= OPTIMISED).then_some(samples / 4 + 1024)
}

/// Bytes of the memory that choosing the Huffman tables of a baseline file takes.
pub fn tokens_memory(components: Components, size: (usize, usize)) -> u64 {
    tokens_of(components, size).map_or(0, |tokens| 4 * tokens as u64 + (12 << 10))
}

/// Encodes images with the same components at one quality.
pub struct Encoder {
    components: Components,
    quantisation: [Quantisation; 2],
    divisors: [Divisors; 2],
    /// Bytes of a file after which a scan stops early.
    longest: usize,
}

impl Encoder {
    /// `quality` is 1 to 100, on libjpeg's scale.
    pub fn new(components: Components, quality: u8) -> Self {
        let quantisation = Quantisation::of(quality);
        let divisors = [0, 1].map(|class| Divisors::new(&quantisation[class].steps));
        Self { components, quantisation, divisors, longest: usize::MAX }
    }

    /// Stops early where a file gets longer than this many bytes; it is then useless.
    pub fn up_to(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// The length after which it stops.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Appends a baseline JFIF file of width × height pixels, with this many pixels per inch. Inks
    /// are inverted. Returns the length of the file; it is not complete if that exceeds
    /// [`Self::longest`], and may then be an estimate.
    pub async fn file(
        &self,
        samples: Samples<'_>,
        size: (u16, u16),
        pixels_per_inch: u16,
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) -> usize {
        let start = out.len();
        let tokens = self.tokens(samples, size, slice).await;
        let tables = tokens.as_ref().map(Tokens::tables);
        self.head(pixels_per_inch, out);
        self.write_tables(tables.as_ref().unwrap_or(&HUFFMAN), out);
        self.frame(marker::SOF0, size, out);
        match (tokens, tables) {
            (Some(tokens), Some(tables)) => {
                self.scan_header(0..self.components.count(), 0..=63, out);
                let codes = tables.each_ref().map(|[first, others]| Codes::new(first, others));
                let len = out.len() - start + tokens.bytes(&codes) + END.len();
                if len > self.longest {
                    return len;
                }
                let mut entropy = Entropy::new(out);
                for start in (0..tokens.len()).step_by(TOKENS) {
                    tokens.write(start..(start + TOKENS).min(tokens.len()), &codes, &mut entropy);
                    slice.spend(TOKENS as u64 / 2).await;
                }
                entropy.finish();
                out.extend_from_slice(&END);
                out.len() - start
            }
            (Some(_), None) | (None, _) => self.scan(samples, size, out, slice).await - start,
        }
    }

    /// Collects the symbols of a file, to choose its Huffman tables; `None` for an image that is too
    /// large, or has too many symbols, for their memory.
    async fn tokens(
        &self,
        samples: Samples<'_>,
        (width, height): (u16, u16),
        slice: &mut TimeSlice<'_>,
    ) -> Option<Tokens> {
        let size = (usize::from(width), usize::from(height));
        let mut tokens = Tokens::new(tokens_of(self.components, size)?);
        let codes = [0, 1].map(Codes::symbols);
        let (mut band, mut last, mut none) =
            (Band::new(self.components, size.0), [0; 4], Vec::new());
        for top in (0..size.1).step_by(band.height()) {
            band.fill(samples, size, top);
            let mut entropy = Entropy::collecting(&mut tokens, &mut none);
            self.row_of_units(&band, &mut last, &codes, &mut entropy);
            if tokens.is_full {
                return None;
            }
            slice.spend((size.0 * band.height()) as u64).await;
        }
        Some(tokens)
    }

    /// Appends a baseline file with tables and without application segments, as PDF embeds it.
    pub async fn bare_file(
        &self,
        pixels: &[u8],
        size: (u16, u16),
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) {
        out.extend_from_slice(&START);
        self.write_tables(&HUFFMAN, out);
        self.frame(marker::SOF0, size, out);
        let _ = self.scan(pixels.into(), size, out, slice).await;
    }

    /// Encodes a progressive file, which shows the whole picture in as many passes (`pscan=`). It
    /// buffers all coefficients, two bytes per sample, and writes the file into the memory of the
    /// pixels.
    pub async fn progressive_file(
        &self,
        pixels: Vec<u8>,
        size: (u16, u16),
        (pixels_per_inch, passes): (u16, Option<u8>),
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) {
        self.head(pixels_per_inch, out);
        self.write_quantisation(out);
        self.frame(marker::SOF2, size, out);
        self.progressive_scans(pixels, (size.0.into(), size.1.into()), passes, out, slice).await;
        out.extend_from_slice(&END);
    }

    /// Appends a stream of width × height × samples without tables, which needs [`Self::tables`].
    pub fn tile(&self, pixels: &[u8], size: (u16, u16), out: &mut Vec<u8>) {
        out.extend_from_slice(&START);
        self.frame(marker::SOF0, size, out);
        let _ = at_once(async |slice| self.scan(pixels.into(), size, out, slice).await);
    }

    /// Returns a stream of tables only, as the field `JPEGTables` (347) of TIFF requires it.
    pub fn tables(&self) -> Vec<u8> {
        let mut out = START.to_vec();
        self.write_tables(&HUFFMAN, &mut out);
        out.extend_from_slice(&END);
        out
    }

    /// Appends all quantisation tables in one segment, and all Huffman tables in another.
    fn write_tables(&self, tables: &[[Specification; 2]; 2], out: &mut Vec<u8>) {
        self.write_quantisation(out);
        let of_class = |class| {
            (0_u8..).zip(&tables[class]).map(move |(kind, table)| (kind << 4 | class as u8, table))
        };
        write_huffman(self.components.classes().flat_map(of_class), out);
    }

    /// Appends all quantisation tables in one segment.
    fn write_quantisation(&self, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        for class in self.components.classes() {
            body.push(class as u8);
            body.extend(self.quantisation[class].in_zigzag());
        }
        write_segment(marker::DQT, &body, out);
    }

    /// Whether no step of a component is finer than its step of these tables, in zigzag order.
    pub fn is_as_fine_as(&self, component: usize, steps: &[i32; 64]) -> bool {
        let own = &self.quantisation[self.components.class(component)];
        own.in_zigzag().iter().zip(steps).all(|(own, step)| i32::from(*own) <= *step)
    }

    /// Appends what a file begins with: the start marker, and a JFIF segment with this many pixels
    /// per inch. Inks also have Adobe's segment.
    pub fn head(&self, pixels_per_inch: u16, out: &mut Vec<u8>) {
        out.extend_from_slice(&START);
        let [high, low] = pixels_per_inch.to_be_bytes();
        // Version 1.1; a density in pixels per inch, across and down; no thumbnail.
        let body = [1, 1, 1, high, low, high, low, 0, 0];
        write_segment(marker::APP0, &[JFIF, &body].concat(), out);
        if self.components == Components::Cmyk {
            // Adobe's version 100, no flags, no colour transform. Readers take inks as inverted.
            write_segment(marker::APP14, b"Adobe\0\x64\0\0\0\0\0", out);
        }
    }

    fn frame(&self, marker: u8, (width, height): (u16, u16), out: &mut Vec<u8>) {
        let count = self.components.count();
        let [[high, low], [top, bottom]] = [height, width].map(u16::to_be_bytes);
        let mut frame = vec![8, high, low, top, bottom, count as u8];
        for component in 0..count {
            let blocks = self.components.blocks(component) as u8;
            let class = self.components.class(component) as u8;
            frame.extend([component as u8 + 1, blocks << 4 | blocks, class]);
        }
        write_segment(marker, &frame, out);
    }

    /// Appends the header of a scan of some components and a range of coefficients (zigzag order).
    fn scan_header(
        &self,
        components: Range<usize>,
        coefficients: RangeInclusive<u8>,
        out: &mut Vec<u8>,
    ) {
        let mut scan = vec![components.len() as u8];
        for component in components {
            let class = self.components.class(component) as u8;
            scan.extend([component as u8 + 1, class << 4 | class]);
        }
        scan.extend([*coefficients.start(), *coefficients.end(), 0]);
        write_segment(marker::SOS, &scan, out);
    }

    /// Appends the units of a band. It is separate from [`Encoder::scan`], whose code is compiled
    /// once for each function that awaits it.
    #[inline(never)]
    fn row_of_units(
        &self,
        band: &Band,
        last: &mut [i16; 4],
        codes: &[Codes; 2],
        entropy: &mut Entropy<'_>,
    ) {
        for unit in 0..band.units() {
            for (component, last) in last.iter_mut().take(self.components.count()).enumerate() {
                let class = self.components.class(component);
                for block in band.blocks(component, unit) {
                    let coefficients = forward_dct(&block, &self.divisors[class]);
                    entropy.block(&coefficients, last, &codes[class]);
                }
            }
        }
    }

    /// Appends one scan of all components, unit by unit, and the end marker. Returns the length
    /// that `out` has then, or would have if the scan had not stopped early.
    async fn scan(
        &self,
        samples: Samples<'_>,
        (width, height): (u16, u16),
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) -> usize {
        self.scan_header(0..self.components.count(), 0..=63, out);
        let size = (width.into(), height.into());
        let head = out.len();
        let codes = HUFFMAN.each_ref().map(|[first, others]| Codes::new(first, others));
        let mut entropy = Entropy::new(out);
        let mut band = Band::new(self.components, size.0);
        let mut last = [0; 4];
        for top in (0..size.1).step_by(band.height()) {
            if entropy.len() > self.longest {
                return head + (entropy.len() - head) * size.1 / top.max(1);
            }
            band.fill(samples, size, top);
            self.row_of_units(&band, &mut last, &codes, &mut entropy);
            slice.spend((size.0 * band.height()) as u64).await;
        }
        entropy.finish();
        out.extend_from_slice(&END);
        out.len()
    }
}

/// Appends a segment of Huffman tables, each with its class and number as they are stored.
fn write_huffman<'a>(tables: impl Iterator<Item = (u8, &'a Specification)>, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    for (name, table) in tables {
        body.push(name);
        body.extend(table.counts);
        body.extend_from_slice(&table.symbols);
    }
    write_segment(marker::DHT, &body, out);
}

#[cfg(test)]
mod tests;
