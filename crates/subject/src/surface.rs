//! Fits a smooth surface through scattered colours, as a model of uneven light on a background.

/// The number of terms of a quadratic surface.
const TERMS: usize = 6;

/// A quadratic surface for each colour component.
pub struct Surface([[f64; TERMS]; 3]);

impl Surface {
    /// The least-squares fit of colours at positions. `None` if the positions do not determine it,
    /// for example if they lie on a line.
    pub fn fit(samples: &[([f64; 2], [f32; 3])]) -> Option<Self> {
        // The normal equations, with the right sides for the three components.
        let mut rows = [[0.0; TERMS + 3]; TERMS];
        for &(place, colour) in samples {
            let terms = terms(place);
            for (row, term) in rows.iter_mut().zip(terms) {
                let sides = terms.into_iter().chain(colour.map(f64::from));
                row.iter_mut().zip(sides).for_each(|(cell, side)| *cell += term * side);
            }
        }
        eliminate(&mut rows)?;
        Some(Self([0, 1, 2].map(|nth| rows.map(|row| row[TERMS + nth]))))
    }

    /// The colour at a position.
    pub fn at(&self, place: [f64; 2]) -> [f32; 3] {
        let terms = terms(place);
        let sum = |factors: [f64; TERMS]| -> f64 {
            factors.iter().zip(terms).map(|(factor, term)| factor * term).sum()
        };
        self.0.map(|factors| sum(factors) as f32)
    }
}

fn terms([x, y]: [f64; 2]) -> [f64; TERMS] {
    [1.0, x, y, x * x, x * y, y * y]
}

/// Gauss-Jordan elimination with partial pivoting. `None` if the matrix is singular.
fn eliminate(rows: &mut [[f64; TERMS + 3]; TERMS]) -> Option<()> {
    for at in 0..TERMS {
        let largest =
            (at..TERMS).max_by(|&a, &b| rows[a][at].abs().total_cmp(&rows[b][at].abs()))?;
        rows.swap(at, largest);
        if rows[at][at].abs() < 1e-6 {
            return None;
        }
        let pivot = rows[at].map(|cell| cell / rows[at][at]);
        for (nth, row) in rows.iter_mut().enumerate() {
            let factor = row[at];
            if nth != at {
                row.iter_mut().zip(pivot).for_each(|(cell, pivot)| *cell -= factor * pivot);
            }
        }
        rows[at] = pivot;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surface_is_recovered_from_its_values() {
        let colour = |[x, y]: [f64; 2]| {
            [(50.0 + 20.0 * x - 8.0 * y * y) as f32, (3.0 * x * y) as f32, (x - y) as f32]
        };
        let grid = (0..25).map(|at| [f64::from(at % 5) / 4.0, f64::from(at / 5) / 4.0]);
        let samples: Vec<_> = grid.map(|place| (place, colour(place))).collect();
        let surface = Surface::fit(&samples).expect("a grid determines a surface");
        for place in [[0.1, 0.9], [0.5, 0.5], [1.0, 0.3]] {
            let near =
                surface.at(place).iter().zip(colour(place)).all(|(a, b)| (a - b).abs() < 1e-3);
            assert!(near, "{place:?}: {:?}", surface.at(place));
        }
        assert!(Surface::fit(&samples[..1]).is_none());
    }
}
