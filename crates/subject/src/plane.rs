//! Planes: one number for each pixel.

/// One number for each pixel.
#[derive(Debug, Clone)]
pub struct Plane {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// The numbers, row by row.
    pub values: Vec<f32>,
}

impl Plane {
    /// A plane whose values are `of` their index.
    pub fn new(width: usize, height: usize, of: impl FnMut(usize) -> f32) -> Self {
        Self { width, height, values: (0..width * height).map(of).collect() }
    }

    /// Box blur: the average of a square of `radius` pixels to each side, cut at the edges.
    pub fn blurred(&self, radius: usize) -> Self {
        let sums = Sums::new(self);
        let (width, height) = (self.width, self.height);
        Self::new(width, height, |at| {
            let (x, y) = (at % width, at / width);
            let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(height));
            (sums.of(left, top, right, bottom) / ((right - left) * (bottom - top)) as f64) as f32
        })
    }

    /// Scales the values so that the given quantile (0 to 1) becomes 1, and clips at 1.
    pub fn normalised(mut self, quantile: f32) -> Self {
        let mut sorted = self.values.clone();
        sorted.sort_by(f32::total_cmp);
        let place = (sorted.len() as f32 * quantile) as usize;
        let one = sorted.get(place).or(sorted.last()).copied().unwrap_or(0.0);
        if one > 0.0 {
            self.values.iter_mut().for_each(|value| *value = (*value / one).min(1.0));
        }
        self
    }
}

/// A summed-area table: the sum of any rectangle of a plane in four look-ups.
pub struct Sums {
    width: usize,
    sums: Vec<f64>,
}

impl Sums {
    /// The table of a plane.
    pub fn new(plane: &Plane) -> Self {
        let width = plane.width + 1;
        let mut sums = vec![0.0; width * (plane.height + 1)];
        for y in 0..plane.height {
            let mut row = 0.0;
            for x in 0..plane.width {
                row += f64::from(plane.values[y * plane.width + x]);
                sums[(y + 1) * width + x + 1] = sums[y * width + x + 1] + row;
            }
        }
        Self { width, sums }
    }

    /// The sum of the rectangle; `right` and `bottom` are exclusive.
    pub fn of(&self, left: usize, top: usize, right: usize, bottom: usize) -> f64 {
        let at = |x: usize, y: usize| self.sums[y * self.width + x];
        at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top)
    }
}
