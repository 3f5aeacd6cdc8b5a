//! The resampling kernels of `resMode=` (r-is-http-resmode; decisions G1, G3).

/// A resampling kernel, named as in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kernel {
    /// Triangle, widened to the reduction: no aliasing, slightly soft.
    Bilin,
    /// Catmull-Rom cubic, a = −0.5.
    Bicub,
    /// Lanczos with three lobes, unmodified. Superseded by `sharp2`, still supported.
    Sharp,
    /// Lanczos with a slightly narrower window: less ringing, less moiré.
    #[default]
    Sharp2,
    /// Cubic with a = −0.75, close to Photoshop's "bicubic sharper".
    Bisharp,
}

/// The half width of `sharp2`'s window, instead of 3.
const SHARP2_WINDOW: f64 = 2.9;

impl Kernel {
    /// Half the kernel's width: in output pixels when reducing, else in source pixels.
    pub fn support(self) -> f64 {
        match self {
            Self::Bilin => 1.0,
            Self::Bicub | Self::Bisharp => 2.0,
            Self::Sharp => 3.0,
            Self::Sharp2 => SHARP2_WINDOW,
        }
    }

    /// The kernel's value at distance `x` from its centre, in the units of [`Kernel::support`].
    pub fn at(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Bilin => (1.0 - x).max(0.0),
            Self::Bicub => cubic(x, -0.5),
            Self::Bisharp => cubic(x, -0.75),
            Self::Sharp => lanczos(x, 3.0),
            Self::Sharp2 => lanczos(x, SHARP2_WINDOW),
        }
    }
}

/// Keys 1981, "Cubic convolution interpolation for digital image processing", eq. 4.
fn cubic(x: f64, a: f64) -> f64 {
    if x < 1.0 {
        ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        a * (((x - 5.0) * x + 8.0) * x - 4.0)
    } else {
        0.0
    }
}

/// Duchon 1979: sinc windowed by a wider sinc.
fn lanczos(x: f64, window: f64) -> f64 {
    if x >= window { 0.0 } else { sinc(x) * sinc(x / window) }
}

fn sinc(x: f64) -> f64 {
    if x < 1e-8 {
        return 1.0;
    }
    let angle = x * std::f64::consts::PI;
    libm::sin(angle) / angle
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Kernel; 5] =
        [Kernel::Bilin, Kernel::Bicub, Kernel::Sharp, Kernel::Sharp2, Kernel::Bisharp];

    #[test]
    fn every_kernel_interpolates() {
        for kernel in ALL {
            assert!((kernel.at(0.0) - 1.0).abs() < 1e-12, "{kernel:?}");
            for whole in [1.0, 2.0, 3.0] {
                assert!(kernel.at(whole).abs() < 1e-12, "{kernel:?} at {whole}");
            }
        }
    }

    #[test]
    fn every_kernel_ends_at_its_support() {
        for kernel in ALL {
            assert!(kernel.at(kernel.support() + 1e-9).abs() < 1e-9, "{kernel:?}");
        }
    }
}
