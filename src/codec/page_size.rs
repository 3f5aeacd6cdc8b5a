//! The size of an image on paper, for PDF and EPS.

/// The length of a side in points, of which an inch has 72.
pub fn points(pixels: u32, pixels_per_inch: f64) -> f64 {
    f64::from(pixels) * 72.0 / pixels_per_inch.max(1.0)
}

/// A length with at most four decimals.
pub fn decimal(length: f64) -> String {
    let text = format!("{length:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_no_more_decimals_than_they_need() {
        assert_eq!(decimal(points(300, 300.0)), "72");
        assert_eq!(decimal(points(1, 300.0)), "0.24");
        assert_eq!(decimal(points(100, 7.0)), "1028.5714");
        assert_eq!(decimal(points(10, 0.0)), "720");
    }
}
