//! Converts between sRGB and CIE L*a*b* (D65), in which distances match perceived differences.

use std::sync::OnceLock;

/// The white point of sRGB.
const WHITE: [f32; 3] = [0.950_47, 1.0, 1.088_83];

/// Converts an sRGB colour. L is 0 to 100; a and b are 0 for greys.
pub fn from_rgb([red, green, blue]: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = [red, green, blue].map(|value| linear()[usize::from(value)]);
    let x = 0.412_456 * r + 0.357_576 * g + 0.180_438 * b;
    let y = 0.212_673 * r + 0.715_152 * g + 0.072_175 * b;
    let z = 0.019_334 * r + 0.119_192 * g + 0.950_304 * b;
    let [x, y, z] = [x / WHITE[0], y / WHITE[1], z / WHITE[2]]
        .map(|t| if t > 0.008_856 { libm::cbrtf(t) } else { 7.787 * t + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Converts to the nearest 8-bit sRGB colour.
pub fn to_rgb([l, a, b]: [f32; 3]) -> [u8; 3] {
    let y = (l + 16.0) / 116.0;
    let [x, y, z] = [y + a / 500.0, y, y - b / 200.0].map(|t| {
        let cube = t * t * t;
        if cube > 0.008_856 { cube } else { (t - 16.0 / 116.0) / 7.787 }
    });
    let [x, y, z] = [x * WHITE[0], y * WHITE[1], z * WHITE[2]];
    let rgb = [
        3.240_454 * x - 1.537_139 * y - 0.498_532 * z,
        -0.969_266 * x + 1.876_011 * y + 0.041_556 * z,
        0.055_643 * x - 0.204_026 * y + 1.057_225 * z,
    ];
    // Searches the table of `from_rgb`, so that a round trip is exact.
    rgb.map(|value| {
        let at = linear().partition_point(|&linear| linear < value);
        let below = linear().get(at.wrapping_sub(1)).copied().unwrap_or(f32::MIN);
        let here = linear().get(at).copied().unwrap_or(f32::MAX);
        if value - below < here - value { (at - 1) as u8 } else { at as u8 }
    })
}

/// The Euclidean distance of two colours.
pub fn distance(one: [f32; 3], other: [f32; 3]) -> f32 {
    let square = |at: usize| (one[at] - other[at]) * (one[at] - other[at]);
    (square(0) + square(1) + square(2)).sqrt()
}

fn linear() -> &'static [f32; 256] {
    static TABLE: OnceLock<[f32; 256]> = OnceLock::new();
    TABLE.get_or_init(|| {
        std::array::from_fn(|code| {
            let value = code as f32 / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { libm::powf((value + 0.055) / 1.055, 2.4) }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_is_exact() {
        for rgb in [[0, 0, 0], [255, 255, 255], [200, 30, 90], [1, 128, 254]] {
            assert_eq!(to_rgb(from_rgb(rgb)), rgb);
        }
        let [l, a, b] = from_rgb([255, 0, 0]);
        assert!((l - 53.24).abs() < 0.1 && (a - 80.09).abs() < 0.1 && (b - 67.2).abs() < 0.1);
    }
}
