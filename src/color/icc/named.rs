//! The profiles that Image Serving includes (r-color-management), and Display P3.
//!
//! RGB spaces are defined by their primaries, their white and their response, so their profiles are
//! made here. Those of presses are measured, and most of them belong to Adobe: a bucket can hold
//! them.

use std::hash::{Hash, Hasher};

/// An RGB space.
#[derive(Debug)]
pub struct RgbSpace {
    /// The identifier of the protocol.
    pub id: &'static str,
    /// The name that Photoshop shows.
    pub common_name: &'static str,
    /// The chromaticities x and y of red, green and blue.
    pub(super) primaries: [[f64; 2]; 3],
    /// The chromaticity of white.
    pub(super) white: [f64; 2],
    pub(super) response: Response,
}

/// How linear light follows from the numbers of a pixel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Response {
    /// A power.
    Gamma(f64),
    /// The curve of IEC 61966-2-1.
    Srgb,
}

const D50: [f64; 2] = [0.3457, 0.3585];
const D65: [f64; 2] = [0.3127, 0.329];
const C: [f64; 2] = [0.3101, 0.3162];
const E: [f64; 2] = [1.0 / 3.0, 1.0 / 3.0];

const fn space(
    [id, common_name]: [&'static str; 2],
    primaries: [[f64; 2]; 3],
    white: [f64; 2],
    response: Response,
) -> RgbSpace {
    RgbSpace { id, common_name, primaries, white, response }
}

/// sRGB (IEC 61966-2-1).
pub static SRGB: RgbSpace = space(
    ["sRGB", "sRGB IEC61966-2.1"],
    [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06]],
    D65,
    Response::Srgb,
);

/// The other spaces: from Adobe RGB (1998) Color Image Encoding, ISO 22028-2 (ProPhoto), SMPTE EG
/// 432-1 (Display P3), and B. Lindbloom's list of RGB working spaces.
static SPACES: [RgbSpace; 10] = [
    space(
        ["AdobeRGB", "Adobe RGB (1998)"],
        [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]],
        D65,
        Response::Gamma(563.0 / 256.0),
    ),
    space(
        ["AppleRGB", "Apple RGB"],
        [[0.625, 0.34], [0.28, 0.595], [0.155, 0.07]],
        D65,
        Response::Gamma(1.8),
    ),
    space(
        ["CIERGB", "CIE RGB"],
        [[0.735, 0.265], [0.274, 0.717], [0.167, 0.009]],
        E,
        Response::Gamma(2.2),
    ),
    space(
        ["ColorMatchRGB", "ColorMatch RGB"],
        [[0.63, 0.34], [0.295, 0.605], [0.15, 0.075]],
        D50,
        Response::Gamma(1.8),
    ),
    space(
        ["NTSC", "NTSC (1953)"],
        [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08]],
        C,
        Response::Gamma(2.2),
    ),
    space(
        ["PAL", "PAL/SECAM"],
        [[0.64, 0.33], [0.29, 0.6], [0.15, 0.06]],
        D65,
        Response::Gamma(2.2),
    ),
    space(
        ["ProPhoto", "ProPhoto RGB"],
        [[0.7347, 0.2653], [0.1596, 0.8404], [0.0366, 0.0001]],
        D50,
        Response::Gamma(1.8),
    ),
    space(
        ["SMPTE", "SMPTE-C"],
        [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07]],
        D65,
        Response::Gamma(2.2),
    ),
    space(
        ["WideGamutRGB", "Wide Gamut RGB"],
        [[0.735, 0.265], [0.115, 0.826], [0.157, 0.018]],
        D50,
        Response::Gamma(2.2),
    ),
    space(
        ["DisplayP3", "Display P3"],
        [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06]],
        D65,
        Response::Srgb,
    ),
];

/// Identifiers of the profiles of presses, and the names that Photoshop shows.
const PRESSES: [[&str; 2]; 22] = [
    ["CoatedFogra27", "Coated FOGRA27 (ISO 12647-2:2004)"],
    ["CoatedFogra39", "Coated FOGRA39 (ISO 12647-2:2004)"],
    ["CoatedGraCol", "Coated GRACoL 2006 (ISO 12647-2:2004)"],
    ["EuropeISOCoated", "Europe ISO Coated FOGRA27"],
    ["EuroscaleCoated", "Euroscale Coated v2"],
    ["EuroscaleUncoated", "Euroscale Uncoated v2"],
    ["JapanColorCoated", "Japan Color 2001 Coated"],
    ["JapanColorNewspaper", "Japan Color 2002 Newspaper"],
    ["JapanColorUncoated", "Japan Color 2001 Uncoated"],
    ["JapanColorWebCoated", "Japan Color 2003 Web Coated"],
    ["JapanWebCoated", "Japan Web Coated (Ad)"],
    ["NewsprintSNAP2007", "US Newsprint (SNAP 2007)"],
    ["PS4Default", "Photoshop 4 Default CMYK"],
    ["PS5Default", "Photoshop 5 Default CMYK"],
    ["SheetfedCoated", "U.S. Sheetfed Coated v2"],
    ["SheetfedUncoated", "U.S. Sheetfed Uncoated v2"],
    ["UncoatedFogra29", "Uncoated FOGRA29 (ISO 12647-2:2004)"],
    ["WebCoated", "U.S. Web Coated (SWOP) v2"],
    ["WebCoatedFogra28", "Web Coated FOGRA28 (ISO 12647-2:2004)"],
    ["WebCoatedGrade3", "Web Coated SWOP 2006 Grade 3 Paper"],
    ["WebCoatedGrade5", "Web Coated SWOP 2006 Grade 5 Paper"],
    ["WebUncoated", "U.S. Web Uncoated v2"],
];

/// Other spellings in the tables of the reference.
const ALIASES: [[&str; 2]; 2] =
    [["EuroscaleCoated", "Euroscale Coated"], ["WebCoatedGrade5", "Web Coated SWOP Grade 5 Paper"]];

/// The RGB space of an identifier or a common name.
pub fn rgb_space(name: &str) -> Option<&'static RgbSpace> {
    let is_named = |space: &&RgbSpace| {
        [space.id, space.common_name].iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    std::iter::once(&SRGB).chain(&SPACES).find(is_named)
}

/// The identifier of a press, for its identifier or its common name; other names stay what they are.
pub fn identifier(name: &str) -> &str {
    let presses = PRESSES.iter().chain(&ALIASES);
    let mut named = presses
        .filter(|names| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
        .map(|[id, _]| *id);
    named.next().unwrap_or(name)
}

/// Names are unique.
impl PartialEq for RgbSpace {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for RgbSpace {}

impl Hash for RgbSpace {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{color::icc::Profile, pixel::ColorModel};

    #[test]
    fn both_names_of_a_profile_lead_to_it() {
        assert_eq!(rgb_space("srgb"), Some(&SRGB));
        assert_eq!(rgb_space("Adobe RGB (1998)").map(|space| space.id), Some("AdobeRGB"));
        assert_eq!(rgb_space("ProPhoto RGB"), rgb_space("ProPhoto"));
        assert_eq!(rgb_space("WebCoated"), None);
        assert_eq!(identifier("U.S. Web Coated (SWOP) v2"), "WebCoated");
        assert_eq!(identifier("Web Coated SWOP Grade 5 Paper"), "WebCoatedGrade5");
        assert_eq!(identifier("house/press"), "house/press");
    }

    /// The colorants of sRGB as in the profile of the standard, and those of Adobe RGB as its
    /// specification prints them (annex C).
    #[test]
    fn colorants_are_those_of_the_specifications() {
        for (space, wanted) in [
            (&SRGB, [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141]]),
            (
                rgb_space("AdobeRGB").unwrap(),
                [[0.6097, 0.3111, 0.0195], [0.2053, 0.6257, 0.0609], [0.1492, 0.0632, 0.7446]],
            ),
        ] {
            let bytes = space.profile();
            let profile = Profile::read(&bytes).unwrap();
            for (tag, wanted) in [b"rXYZ", b"gXYZ", b"bXYZ"].into_iter().zip(wanted) {
                let found = profile.xyz(tag).unwrap();
                let near = |(a, b): (&f64, &f64)| (a - b).abs() < 5e-4;
                assert!(found.iter().zip(&wanted).all(near), "{} {found:?} {wanted:?}", space.id);
            }
        }
    }

    #[test]
    fn each_space_has_a_sound_profile() {
        for space in std::iter::once(&SRGB).chain(&SPACES) {
            let bytes = space.profile();
            assert_eq!(bytes[..4], (bytes.len() as u32).to_be_bytes());
            let profile = Profile::read(&bytes).unwrap();
            assert_eq!((profile.model, profile.version), (ColorModel::Rgb, 2));
            assert!(profile.is_shaper(), "{}", space.id);
        }
    }
}
