//! Upsamples the rows of subsampled components to the size of the image.
//!
//! If a component has half the samples, across, down or both, each output is ¾ of the nearer and
//! ¼ of the farther sample. This equals libjpeg's "fancy upsampling" to the bit. At any other
//! ratio samples are repeated, as in libjpeg. Samples beyond the image are padding with arbitrary
//! content (black from libvips and tifffile), so the last sample of the image replaces them.

use super::{
    header::Frame,
    layout::{Layout, Plane},
};

/// Upsamples rows of all components of a frame.
pub struct Upsampler {
    parts: Vec<Part>,
    /// Weighted sums of two rows, with one more sum at each end.
    sums: Vec<u16>,
}

/// The upsampling of one component.
struct Part {
    axes: [Axis; 2],
    /// The upsampled row; unused if the component's own row serves.
    line: Vec<u8>,
}

/// The upsampling of a component along one axis.
#[derive(Clone, Copy)]
struct Axis {
    ratio: Ratio,
    /// The index of the last sample within the image; later ones are padding.
    last: usize,
}

/// The ratio of image samples to component samples.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ratio {
    /// One image sample per component sample.
    Same,
    /// Two image samples per component sample, interpolated.
    Double,
    /// `to` image samples for `from` component samples, repeated.
    Repeated { from: usize, to: usize },
}

impl Ratio {
    /// The component sample nearest to image sample `at`.
    fn nearest(self, at: usize) -> usize {
        match self {
            Self::Same => at,
            Self::Double => at / 2,
            Self::Repeated { from, to } => at * from / to,
        }
    }
}

impl Upsampler {
    /// An upsampler for a frame, of which `size` (width and height) is not padding.
    pub fn new(frame: &Frame, size: [usize; 2]) -> Self {
        let most = frame.factors();
        let parts = frame.components.iter().map(|part| {
            let ends = |axis: usize| (usize::from(part.factors[axis]), usize::from(most[axis]));
            let doubled = [0, 1].map(ends).iter().all(|(from, to)| *to == *from || *to == 2 * from);
            let axes = [0, 1].map(|axis| {
                let (from, to) = ends(axis);
                let ratio = match to {
                    _ if from == to => Ratio::Same,
                    _ if doubled => Ratio::Double,
                    _ => Ratio::Repeated { from, to },
                };
                Axis { ratio, last: (size[axis] * from).div_ceil(to).saturating_sub(1) }
            });
            Part { axes, line: Vec::new() }
        });
        Self { parts: parts.collect(), sums: Vec::new() }
    }

    /// Memory for rows of this width, in bytes.
    pub fn memory(width: u64) -> u64 {
        (4 + 2) * width
    }

    /// The rows of a component to store above the next row of MCUs. The last image rows above it,
    /// one per sampling factor, are not upsampled yet and need them.
    pub(super) fn above(layout: &Layout, part: usize) -> usize {
        layout.parts.get(part).map_or(0, |part| part.blocks[1] + 1)
    }

    /// Returns row `y` of the image: a line of `width` samples of each component.
    pub fn row<'p>(&'p mut self, planes: &'p [Plane], y: usize, width: usize) -> [&'p [u8]; 4] {
        for (part, plane) in self.parts.iter_mut().zip(planes) {
            part.fill(plane, y, width, &mut self.sums);
        }
        let mut lines = [&[][..]; 4];
        for ((part, plane), made) in self.parts.iter().zip(planes).zip(&mut lines) {
            let [across, down] = part.axes;
            let line = match (across.ratio, down.ratio) {
                (Ratio::Same, Ratio::Same | Ratio::Repeated { .. }) => {
                    plane.row(down.ratio.nearest(y))
                }
                _ => &part.line,
            };
            *made = line.get(..width).unwrap_or(line);
        }
        lines
    }
}

impl Part {
    fn fill(&mut self, plane: &Plane, y: usize, width: usize, sums: &mut Vec<u16>) {
        let [across, down] = self.axes;
        let near = plane.row(down.ratio.nearest(y).min(down.last));
        let far = match (down.ratio, y % 2) {
            (Ratio::Double, 0) => Some(plane.row((y / 2).saturating_sub(1).min(down.last))),
            (Ratio::Double, _) => Some(plane.row((y / 2 + 1).min(down.last))),
            _ => None,
        };
        let samples = match across.ratio {
            Ratio::Same if far.is_none() => return,
            Ratio::Same => near.len().min(width),
            Ratio::Double | Ratio::Repeated { .. } => near.len().min(across.last + 1),
        };
        let near = near.get(..samples).unwrap_or_default();
        let far = far.map(|far| far.get(..samples).unwrap_or_default());
        match (across.ratio, far) {
            (Ratio::Double, far) => {
                sum(near, far, sums);
                double(sums, far.is_some(), &mut self.line);
            }
            (ratio, far) => {
                let blended = |at: usize| {
                    let at = ratio.nearest(at).min(samples.saturating_sub(1));
                    let near = near.get(at).copied().unwrap_or_default();
                    let Some(far) = far.and_then(|far| far.get(at)) else { return near };
                    let rounding = 1 + (y % 2) as u16;
                    ((3 * u16::from(near) + u16::from(*far) + rounding) >> 2) as u8
                };
                self.line.clear();
                self.line.extend((0..width).map(blended));
            }
        }
        let last = self.line.last().copied().unwrap_or_default();
        self.line.resize(width.max(self.line.len()), last);
    }
}

/// Computes ¾ of the nearer and ¼ of the farther row, times four; or copies the row if `far` is
/// `None`. The samples at both ends are duplicated.
fn sum(near: &[u8], far: Option<&[u8]>, sums: &mut Vec<u16>) {
    let weighted = |(near, far): (&u8, &u8)| 3 * u16::from(*near) + u16::from(*far);
    sums.clear();
    sums.push(0);
    match far {
        Some(far) => sums.extend(near.iter().zip(far).map(weighted)),
        None => sums.extend(near.iter().map(|&near| u16::from(near))),
    }
    sums.push(sums.last().copied().unwrap_or_default());
    if let [first, second, ..] = sums.as_mut_slice() {
        *first = *second;
    }
}

/// Doubles the samples horizontally. If `blended`, the sums are four times as large.
fn double(sums: &[u16], blended: bool, line: &mut Vec<u8>) {
    let samples = sums.len().saturating_sub(2);
    line.resize(2 * samples, 0);
    // Halves round up and down alternately, so that the image does not get brighter.
    let (shift, rounding) = if blended { (4, [8, 7]) } else { (2, [1, 2]) };
    let pairs = line.as_chunks_mut::<2>().0.iter_mut();
    let neighbours = sums.iter().zip(&sums[1..]).zip(&sums[2..]);
    for (pair, ((before, here), after)) in pairs.zip(neighbours) {
        let here = 3 * here;
        *pair = [
            ((here + before + rounding[0]) >> shift) as u8,
            ((here + after + rounding[1]) >> shift) as u8,
        ];
    }
}
