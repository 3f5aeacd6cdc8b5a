//! One channel of a picture, as floats.

/// Values of 0 to 255, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Its width in pixels.
    pub width: usize,
    /// Its height in pixels.
    pub height: usize,
    values: Vec<f32>,
}

/// The binomial filter of five taps: a blur with a standard deviation of one pixel.
const BINOMIAL: [f32; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];

impl Plane {
    /// A plane of these values.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        debug_assert_eq!(width * height, values.len());
        Self { width, height, values }
    }

    /// A row; empty outside the plane.
    pub fn row(&self, y: usize) -> &[f32] {
        let start = y * self.width;
        self.values.get(start..start + self.width).unwrap_or_default()
    }

    /// All values.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The plane, blurred by about `step` pixels. At its edges the outermost pixels are repeated.
    pub fn blurred(&self, step: usize) -> Self {
        self.filtered_rows(step).transposed().filtered_rows(step).transposed()
    }

    /// What is left when another plane is taken away.
    pub fn without(&self, other: &Self) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(own, other)| own - other);
        Self { values: values.collect(), ..*self }
    }

    fn filtered_rows(&self, step: usize) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        for row in self.values.chunks(self.width.max(1)) {
            let last = row.len() - 1;
            for x in 0..row.len() {
                let tap = |(nth, weight): (usize, &f32)| {
                    weight * row[(x + nth * step).saturating_sub(2 * step).min(last)]
                };
                values.push(BINOMIAL.iter().enumerate().map(tap).sum());
            }
        }
        Self { values, ..*self }
    }

    fn transposed(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut values = Vec::with_capacity(self.values.len());
        for x in 0..self.width {
            values.extend((0..self.height).map(|y| self.values[y * self.width + x]));
        }
        Self { width, height, values }
    }
}
