//! The geometry of a frame's components: MCUs, blocks, sizes (ITU-T T.81, A.1 and A.2).

use std::ops::Range;

use super::header::Frame;

/// The geometry of a frame.
pub struct Layout {
    /// MCUs of an interleaved scan of all components, across and down.
    pub mcus: [usize; 2],
    /// The geometry of each component.
    pub parts: Vec<PartLayout>,
}

/// The geometry of a component.
pub struct PartLayout {
    /// Blocks per MCU, across and down.
    pub blocks: [usize; 2],
    /// Width and height of the component in samples, without padding.
    pub size: [usize; 2],
}

/// The pixels of an image whose samples are needed.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Columns of pixels.
    pub columns: Range<u32>,
    /// Rows of pixels.
    pub rows: Range<u32>,
}

impl Seen {
    /// All pixels.
    pub const ALL: Self = Self { columns: 0..u32::MAX, rows: 0..u32::MAX };

    /// The same with some pixels more at each side.
    pub fn grow(&self, by: u32) -> Self {
        let grown =
            |range: &Range<u32>| range.start.saturating_sub(by)..range.end.saturating_add(by);
        Self { columns: grown(&self.columns), rows: grown(&self.rows) }
    }

    /// The same pixels of an image that begins at this column and row.
    pub fn within(&self, left: u32, top: u32) -> Self {
        let within = |seen: &Range<u32>, edge: u32| {
            seen.start.saturating_sub(edge)..seen.end.saturating_sub(edge)
        };
        Self { columns: within(&self.columns, left), rows: within(&self.rows, top) }
    }
}

/// The samples of one component, or of a range of its rows.
#[derive(Default)]
pub struct Plane {
    /// `stride` × rows samples; both include padding to whole MCUs.
    pub samples: Vec<u8>,
    /// Samples per row, including padding.
    pub stride: usize,
    /// The component's row that is stored in row [`Plane::above`] of the samples.
    pub first: usize,
    /// The number of rows stored above it.
    pub above: usize,
}

impl Layout {
    /// The geometry of a frame.
    pub fn new(frame: &Frame) -> Self {
        let most = frame.factors().map(usize::from);
        let size = [frame.width, frame.height].map(usize::from);
        // A frame of one component does not group its blocks, whatever its factors are (A.2.2).
        let alone = frame.components.len() == 1;
        let unit = if alone { [1, 1] } else { most };
        let parts = frame.components.iter().map(|part| {
            let factors = part.factors.map(usize::from);
            PartLayout {
                blocks: if alone { [1, 1] } else { factors },
                size: [0, 1].map(|axis| (size[axis] * factors[axis]).div_ceil(most[axis])),
            }
        });
        Self {
            mcus: [0, 1].map(|axis| size[axis].div_ceil(8 * unit[axis])),
            parts: parts.collect(),
        }
    }

    /// The MCUs that contain certain columns and rows of pixels.
    pub fn mcus_of(&self, seen: &Seen) -> [Range<usize>; 2] {
        let ranges = [&seen.columns, &seen.rows];
        [0, 1].map(|axis| {
            let blocks = self.parts.iter().map(|part| part.blocks[axis]).max().unwrap_or(1);
            let (start, end) = (ranges[axis].start as usize, ranges[axis].end as usize);
            start / (8 * blocks)..end.div_ceil(8 * blocks).min(self.mcus[axis])
        })
    }

    /// The work per row of MCUs, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        self.samples() / (self.mcus[1] as u64).max(1) / 2
    }

    /// Samples per row of a component, including padding.
    pub fn stride(&self, part: &PartLayout) -> usize {
        self.mcus[0] * part.blocks[0] * 8
    }

    /// The number of samples of all components, including padding.
    pub fn samples(&self) -> u64 {
        let samples = |part: &PartLayout| (self.stride(part) * part.blocks[1] * 8) as u64;
        self.parts.iter().map(samples).sum::<u64>() * self.mcus[1] as u64
    }
}

impl Plane {
    /// Row `y` of the component; empty if it is not stored.
    pub fn row(&self, y: usize) -> &[u8] {
        let row = (y + self.above).checked_sub(self.first);
        let start = row.map(|row| row * self.stride);
        start.and_then(|start| self.samples.get(start..start + self.stride)).unwrap_or_default()
    }

    /// The samples from row `y` on, mutable.
    pub fn from_row(&mut self, y: usize) -> &mut [u8] {
        let row = (y + self.above).saturating_sub(self.first);
        self.samples.get_mut(row * self.stride..).unwrap_or_default()
    }
}
