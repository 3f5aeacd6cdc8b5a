//! What a client tells about itself: the formats it accepts, its screen and its connection.

use crate::ratio::Ratio;

/// The headers of a request that describe its client. All are optional.
///
/// A browser sends the hints only after the page has asked for them by `Accept-CH` (RFC 8942), and
/// to another origin only where the page's `Permissions-Policy` permits it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHints {
    /// `Accept`
    pub accept: Option<String>,
    /// `Sec-CH-DPR`, or the older `DPR`: device pixels per CSS pixel.
    pub pixel_ratio: Option<String>,
    /// `Save-Data`: `on` if the user wants to save data.
    pub save_data: Option<String>,
    /// `ECT`, the effective connection type: `slow-2g`, `2g`, `3g` or `4g`.
    pub connection: Option<String>,
}

/// Pixel ratios for which replies are made, ascending. A screen gets the first that is at least its
/// own, so that a cache holds few copies of an image.
const PIXEL_RATIOS: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];

/// How far a pixel ratio may exceed one of [`PIXEL_RATIOS`] and still get it. Browsers report zoomed
/// pages with ratios slightly above a usual one.
const TOLERANCE: f64 = 1.05;

impl ClientHints {
    /// The hints in the headers of a request.
    pub fn of<E>(header: impl Fn(&str) -> Result<Option<String>, E>) -> Result<Self, E> {
        let ratio = header("sec-ch-dpr")?;
        Ok(Self {
            accept: header("accept")?,
            pixel_ratio: if ratio.is_some() { ratio } else { header("dpr")? },
            save_data: header("save-data")?,
            connection: header("ect")?,
        })
    }

    /// Whether `Accept` names this media type, and does not refuse it by `q=0` (RFC 9110, 12.5.1).
    /// A range such as `image/*` does not count: browsers sent it before they knew newer formats.
    pub fn accepts(&self, media_type: &str) -> bool {
        let names = |entry: &str| {
            let mut parts = entry.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media_type))
                && !parts.any(is_zero_weight)
        };
        self.accept.as_deref().is_some_and(|accept| accept.split(',').any(names))
    }

    /// The pixel ratio to make a reply for. 1 if the client tells none or the header is invalid.
    pub fn usual_pixel_ratio(&self) -> Ratio {
        let ratio = self.pixel_ratio.as_deref().and_then(|ratio| ratio.trim().parse().ok());
        let ratio = ratio.filter(|ratio: &f64| ratio.is_finite()).unwrap_or(1.0);
        let [.., largest] = PIXEL_RATIOS;
        let enough = |usual: &f64| usual * TOLERANCE >= ratio;
        let usual = PIXEL_RATIOS.into_iter().find(enough).unwrap_or(largest);
        Ratio::written(usual).unwrap_or(Ratio::ONE)
    }

    /// Whether the client wants to save data, or has a connection slower than 4G.
    pub fn is_slow(&self) -> bool {
        let is = |header: &Option<String>, values: &[&str]| {
            let value = header.as_deref().unwrap_or_default().trim();
            values.iter().any(|wanted| value.eq_ignore_ascii_case(wanted))
        };
        is(&self.save_data, &["on"]) || is(&self.connection, &["slow-2g", "2g", "3g"])
    }
}

/// Whether a parameter is a weight of zero: `q=0`, `q=0.0` and so on.
fn is_zero_weight(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    name.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(accept: &str) -> ClientHints {
        ClientHints { accept: Some(accept.to_owned()), ..ClientHints::default() }
    }

    #[test]
    fn a_type_is_accepted_by_its_name_unless_its_weight_is_zero() {
        let chromium = accepting("image/avif,image/webp,image/apng,image/*,*/*;q=0.8");
        assert!(chromium.accepts("image/webp") && chromium.accepts("image/avif"));
        assert!(!chromium.accepts("image/jxl"), "a range does not count");
        assert!(accepting("Image/WebP ; q=0.5").accepts("image/webp"));
        for refused in ["image/webp;q=0", "image/webp; level=1; Q=0.000", "image/webpx", "", "*/*"]
        {
            assert!(!accepting(refused).accepts("image/webp"), "{refused}");
        }
        assert!(!ClientHints::default().accepts("image/webp"));
    }

    #[test]
    fn screens_share_a_few_pixel_ratios() {
        let usual = |ratio: &str| {
            let hints = ClientHints { pixel_ratio: Some(ratio.to_owned()), ..Default::default() };
            hints.usual_pixel_ratio().to_f64()
        };
        for (ratio, wanted) in [
            ("1", 1.0),
            ("1.05", 1.0),
            ("1.25", 1.5),
            (" 2.0 ", 2.0),
            ("2.1", 2.0),
            ("2.625", 3.0),
            ("3.5", 4.0),
            ("99", 4.0),
            ("0.5", 1.0),
        ] {
            assert!((usual(ratio) - wanted).abs() < 1e-9, "{ratio}: {}", usual(ratio));
        }
        for invalid in ["", "two", "inf", "NaN", "-3"] {
            assert!((usual(invalid) - 1.0).abs() < 1e-9, "{invalid}");
        }
    }

    #[test]
    fn a_connection_is_slow_below_4g_or_to_save_data() {
        let ect =
            |ect: &str| ClientHints { connection: Some(ect.to_owned()), ..Default::default() };
        let of = ["slow-2g", "2G", " 3g", "4g", "5g", ""].map(|name| ect(name).is_slow());
        assert_eq!(of, [true, true, true, false, false, false]);
        let saves = |on: &str| ClientHints { save_data: Some(on.to_owned()), ..Default::default() };
        assert_eq!(
            ["on", "On", "off", "1"].map(|on| saves(on).is_slow()),
            [true, true, false, false]
        );
    }

    #[test]
    fn the_newer_name_of_a_hint_wins() {
        let of = |headers: &[(&str, &str)]| {
            let header = |name: &str| {
                let found = headers.iter().find(|(other, _)| *other == name);
                Ok::<_, ()>(found.map(|(_, value)| (*value).to_owned()))
            };
            ClientHints::of(header).unwrap().pixel_ratio
        };
        assert_eq!(of(&[("dpr", "2"), ("sec-ch-dpr", "3")]).as_deref(), Some("3"));
        assert_eq!(of(&[("dpr", "2")]).as_deref(), Some("2"));
        assert_eq!(of(&[]), None);
    }
}
