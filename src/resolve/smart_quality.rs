//! The quality at which another format looks as good as a JPEG.
//!
//! `cargo run --release -p calibration` measures it: of photographs at most 800 pixels wide and
//! high, the lowest quality of the other format with at least the JPEG's SSIMULACRA2 score.
//! `docs/smart-imaging.md` has the numbers of each photograph; here are their medians.

use crate::codec::Format;

/// Qualities of a JPEG, ascending, and the equal ones of another format.
type Table = [[u8; 2]; 9];

const AVIF: Table =
    [[1, 1], [50, 47], [60, 50], [70, 57], [75, 62], [80, 67], [85, 76], [90, 85], [100, 100]];

const WEBP: Table =
    [[1, 1], [50, 58], [60, 70], [70, 79], [75, 82], [80, 84], [85, 88], [90, 93], [100, 100]];

/// The quality of `format` for a reply that would be a JPEG of `quality`. The table is interpolated
/// and rounded up.
pub fn equal(format: &Format, quality: u8) -> u8 {
    let table = match format.mime {
        "image/avif" => &AVIF,
        "image/webp" => &WEBP,
        _ => return quality,
    };
    let after = table.iter().position(|[jpeg, _]| *jpeg >= quality).unwrap_or(table.len() - 1);
    let before = after.saturating_sub(1);
    let [from, to] = [before, after].map(|at| table[at].map(u32::from));
    let (step, rise) = (to[0] - from[0], to[1] - from[1]);
    let above = (u32::from(quality).saturating_sub(from[0]) * rise).div_ceil(step.max(1));
    (from[1] + above).min(100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::webp;

    #[test]
    fn a_webp_has_at_least_the_quality_of_the_jpeg() {
        let equal = |quality| equal(&webp::FORMAT, quality);
        assert_eq!([1, 50, 80, 85, 100].map(equal), [1, 58, 84, 88, 100]);
        assert_eq!(equal(82), 86, "between 84 and 88, rounded up");
        let all: Vec<u8> = (1..=100).map(equal).collect();
        assert!(all.iter().zip(1..).all(|(equal, quality)| *equal >= quality));
        assert!(all.is_sorted());
    }

    #[test]
    fn the_scale_of_avif_is_lower() {
        let (avif, _) = Format::named("avif").unwrap();
        let all: Vec<u8> = (1..=100).map(|quality| equal(avif, quality)).collect();
        assert!(all.iter().zip(1..).all(|(equal, quality)| *equal <= quality));
        assert!(all.is_sorted() && all[0] == 1 && all[99] == 100);
    }

    #[test]
    fn a_format_without_a_table_has_the_quality_of_the_jpeg() {
        assert_eq!(equal(<&Format>::default(), 77), 77);
    }
}
