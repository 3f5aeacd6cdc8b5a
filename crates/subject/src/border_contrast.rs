//! How much the colour of each pixel differs from the colours of the picture's borders.

use crate::plane::Plane;

/// The width of a border as a fraction of the picture.
const BORDER: f32 = 0.1;

/// The sum of the Mahalanobis distances of each colour to three of the four borders, each scaled so
/// that its maximum is 1. The border with the largest distance is left out, since the subject may
/// touch it.
pub fn compute(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    let (across, down) =
        ((width as f32 * BORDER).max(1.0) as usize, (height as f32 * BORDER).max(1.0) as usize);
    let borders: [&dyn Fn(usize, usize) -> bool; 4] =
        [&|x, _| x < across, &|x, _| x + across >= width, &|_, y| y < down, &|_, y| {
            y + down >= height
        }];
    let planes = borders.map(|inside| {
        let colours: Vec<[f32; 3]> = lab
            .iter()
            .enumerate()
            .filter(|(at, _)| inside(at % width, at / width))
            .map(|(_, &colour)| colour)
            .collect();
        let distribution = Distribution::new(&colours);
        Plane::new(width, height, |at| distribution.distance(lab[at])).normalised(1.0)
    });
    Plane::new(width, height, |at| {
        let values = planes.each_ref().map(|plane| plane.values[at]);
        values.iter().sum::<f32>() - values.iter().copied().fold(0.0, f32::max)
    })
}

/// The distribution of colours.
struct Distribution {
    mean: [f32; 3],
    /// The inverse of the covariance matrix.
    inverse: [[f32; 3]; 3],
}

impl Distribution {
    fn new(colours: &[[f32; 3]]) -> Self {
        let count = colours.len().max(1) as f32;
        let mean = [0, 1, 2].map(|nth| colours.iter().map(|lab| lab[nth]).sum::<f32>() / count);
        let mut covariance = [[0.0_f32; 3]; 3];
        for lab in colours {
            for (i, row) in covariance.iter_mut().enumerate() {
                for (j, cell) in row.iter_mut().enumerate() {
                    *cell += (lab[i] - mean[i]) * (lab[j] - mean[j]) / count;
                }
            }
        }
        // Adds noise, since the covariance of a single colour has no inverse.
        for (i, row) in covariance.iter_mut().enumerate() {
            row[i] += 4.0;
        }
        Self { mean, inverse: inverse(covariance) }
    }

    fn distance(&self, colour: [f32; 3]) -> f32 {
        let off = [0, 1, 2].map(|nth| colour[nth] - self.mean[nth]);
        let square: f32 =
            (0..3).map(|i| off[i] * (0..3).map(|j| self.inverse[i][j] * off[j]).sum::<f32>()).sum();
        square.max(0.0).sqrt()
    }
}

/// The inverse of an invertible matrix.
fn inverse(m: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let minor = |i: usize, j: usize| {
        let [a, b] = [(i + 1) % 3, (i + 2) % 3];
        let [c, d] = [(j + 1) % 3, (j + 2) % 3];
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f32 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    [0, 1, 2].map(|i| [0, 1, 2].map(|j| minor(j, i) / determinant))
}
