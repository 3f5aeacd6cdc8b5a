//! How unlike the borders of the picture each pixel's colour is.

use crate::plane::Plane;

/// How wide a border is, as part of the picture.
const WIDE: f32 = 0.1;

/// The Mahalanobis distance of each colour to those of the four borders, each scaled to 1 where
/// it is greatest; the border that is most unlike does not count, since the subject may touch it.
pub fn unlike(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    let (across, down) =
        ((width as f32 * WIDE).max(1.0) as usize, (height as f32 * WIDE).max(1.0) as usize);
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
        let spread = Spread::new(&colours);
        Plane::new(width, height, |at| spread.distance(lab[at])).normalised(1.0)
    });
    Plane::new(width, height, |at| {
        let values = planes.each_ref().map(|plane| plane.values[at]);
        values.iter().sum::<f32>() - values.iter().copied().fold(0.0, f32::max)
    })
}

/// A mean, and how colours spread around it.
struct Spread {
    mean: [f32; 3],
    /// The inverse of their covariance.
    inverse: [[f32; 3]; 3],
}

impl Spread {
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
        // Noise that is always there; without it a border of one colour has no inverse.
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

/// The inverse of a matrix that has one, by its cofactors.
fn inverse(m: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let minor = |i: usize, j: usize| {
        let [a, b] = [(i + 1) % 3, (i + 2) % 3];
        let [c, d] = [(j + 1) % 3, (j + 2) % 3];
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f32 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    [0, 1, 2].map(|i| [0, 1, 2].map(|j| minor(j, i) / determinant))
}
