//! Where the samples of a frame's components lie: MCUs, blocks, sizes (ITU-T T.81, A.1 and A.2).

use super::header::Frame;

/// The geometry of a frame.
pub struct Layout {
    /// MCUs of a scan of all components, across and down.
    pub mcus: [usize; 2],
    /// The components.
    pub parts: Vec<PartLayout>,
}

/// The geometry of a component.
pub struct PartLayout {
    /// Blocks of an MCU, across and down.
    pub blocks: [usize; 2],
    /// Samples of the picture, across and down; what lies beyond is padding.
    pub size: [usize; 2],
}

/// The samples of one component, or some rows of them.
#[derive(Default)]
pub struct Plane {
    /// `stride` × rows; there are more of both than of the picture, up to whole MCUs.
    pub samples: Vec<u8>,
    /// Samples in a row.
    pub stride: usize,
    /// The component's row that stands in row [`Plane::above`] of the samples.
    pub first: usize,
    /// Rows that are kept above it.
    pub above: usize,
}

impl Layout {
    /// The geometry of a frame.
    pub fn new(frame: &Frame) -> Self {
        let most = frame.factors().map(usize::from);
        let size = [frame.width, frame.height].map(usize::from);
        // The blocks of a single component are not grouped, whatever its factors are (A.2.2).
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

    /// The work of a row of MCUs, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        self.samples() / (self.mcus[1] as u64).max(1) / 2
    }

    /// Samples in a row of a component.
    pub fn stride(&self, part: &PartLayout) -> usize {
        self.mcus[0] * part.blocks[0] * 8
    }

    /// Bytes of all samples.
    pub fn samples(&self) -> u64 {
        let samples = |part: &PartLayout| (self.stride(part) * part.blocks[1] * 8) as u64;
        self.parts.iter().map(samples).sum::<u64>() * self.mcus[1] as u64
    }
}

impl Plane {
    /// Row `y` of the component; empty where it is not here.
    pub fn row(&self, y: usize) -> &[u8] {
        let row = (y + self.above).checked_sub(self.first);
        let start = row.map(|row| row * self.stride);
        start.and_then(|start| self.samples.get(start..start + self.stride)).unwrap_or_default()
    }

    /// Row `y` and all that follow, to write.
    pub fn from_row(&mut self, y: usize) -> &mut [u8] {
        let row = (y + self.above).saturating_sub(self.first);
        self.samples.get_mut(row * self.stride..).unwrap_or_default()
    }
}
