//! Affine transforms of text layers.

/// Smaller scales are 0.
const TINY: f64 = 1e-6;

/// x′ = xx·x + yx·y + x₀, y′ = xy·x + yy·y + y₀.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix {
    pub xx: f64,
    pub xy: f64,
    pub yx: f64,
    pub yy: f64,
    /// x₀
    pub x: f64,
    /// y₀
    pub y: f64,
}

impl Matrix {
    /// Horizontal and vertical scale, before the rotation; both are above 0.
    pub fn scale(&self) -> [f64; 2] {
        let across = libm::hypot(self.xx, self.xy);
        let down = self.area().abs() / across.max(TINY);
        // A text without width or height is not scaled.
        if across < TINY || down < TINY { [1.0; 2] } else { [across, down] }
    }

    /// The area of a unit square; below 0 where the matrix mirrors.
    fn area(&self) -> f64 {
        self.xx * self.yy - self.xy * self.yx
    }

    /// The rotation in degrees, clockwise on the screen.
    pub fn angle(&self) -> f64 {
        libm::atan2(self.xy, self.xx).to_degrees()
    }

    /// Whether it does more than scale, rotate and move.
    pub fn skews(&self) -> bool {
        let [across, down] = self.scale();
        let slant = (self.xx * self.yx + self.xy * self.yy) / (across * down);
        slant.abs() > 1e-3 || self.area() < 0.0
    }

    /// Where it moves a point.
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.xx * x + self.yx * y + self.x, self.xy * x + self.yy * y + self.y]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_taken_apart() {
        let turned = Matrix { xx: 0.0, xy: 2.0, yx: -3.0, yy: 0.0, x: 5.0, y: 7.0 };
        assert_eq!((turned.scale(), turned.angle()), ([2.0, 3.0], 90.0));
        assert_eq!(turned.apply([1.0, 1.0]), [2.0, 9.0]);
        assert!(!turned.skews());
        assert!(Matrix { yx: -2.0, yy: 1.0, ..turned }.skews());
        assert!(Matrix { yx: 3.0, ..turned }.skews(), "it mirrors");
        let flat = Matrix { xx: 0.0, xy: 0.0, ..turned };
        assert_eq!(flat.scale(), [1.0; 2]);
    }
}
