//! The errors for unsupported kinds of TIFF. Each gives the cause, and a command that converts the
//! file to a supported kind.

use crate::error::{Error, ErrorKind};

/// The default: converts whatever libvips can read.
const VIPS: &str = "vips tiffsave IN.tif OUT.tif --tile --pyramid --compression jpeg";
/// libtiff's tool: converts YCbCr outside JPEG, and old-style JPEG (compression 6).
const RGBA: &str = "tiff2rgba IN.tif OUT.tif";
/// Converts Lab colours to sRGB.
const TO_SRGB: &str = "vips colourspace IN.tif OUT.tif srgb";
/// Converts signed, floating-point and other unsupported samples: scales them to 8 bits.
const SCALED: &str = "gdal_translate -of COG -ot Byte -scale -co COMPRESS=JPEG IN.tif OUT.tif";
/// Converts LERC, LZMA and JPEG XL, which geographic tools write.
const GDAL: &str = "gdal_translate -of COG -co COMPRESS=JPEG IN.tif OUT.tif";

/// An unsupported TIFF `Compression` (259). The message has its number and name.
pub fn compression(number: u64) -> Error {
    let (name, command) = match number {
        6 => ("JPEG of before 1995", RGBA),
        32809 => ("ThunderScan", VIPS),
        33003 | 33005 | 34712 => ("JPEG 2000", VIPS),
        34661 => ("JBIG", VIPS),
        34676 | 34677 => ("LogLuv", VIPS),
        34887 => ("LERC", GDAL),
        34925 => ("LZMA", GDAL),
        50000 => ("Zstandard, which this reader was built without", VIPS),
        50001 => ("WebP, which this reader was built without", VIPS),
        50002 => ("JPEG XL", GDAL),
        _ => ("unknown", VIPS),
    };
    refused(format!("TIFF compression {number} ({name})"), command)
}

/// An unsupported TIFF `PhotometricInterpretation` (262). The message has its number and name.
pub fn photometric(number: u64) -> Error {
    let (name, command) = match number {
        6 => ("YCbCr outside JPEG", RGBA),
        8 | 9 => ("CIE Lab", TO_SRGB),
        10 => ("ITU Lab", TO_SRGB),
        32803 => ("a sensor's mosaic", VIPS),
        32844 => ("LogL", VIPS),
        32845 => ("LogLuv", VIPS),
        _ => ("unknown", VIPS),
    };
    refused(format!("TIFF photometric {number} ({name})"), command)
}

/// Unsupported samples: not unsigned integers, or of an unsupported number of bits.
pub fn samples(message: String) -> Error {
    refused(message, SCALED)
}

/// Anything else that is unsupported; `message` names it.
pub fn other(message: impl Into<String>) -> Error {
    refused(message.into(), VIPS)
}

fn refused(message: String, command: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{message}; convert it: {command}"))
}
