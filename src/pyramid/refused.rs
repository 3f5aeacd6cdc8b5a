//! What a TIFF holds that is not read: its cause, and a command that makes it readable.

use crate::error::{Error, ErrorKind};

/// Of what libvips reads.
const VIPS: &str = "vips tiffsave IN.tif OUT.tif --tile --pyramid --compression jpeg";
/// Of YCbCr that is subsampled outside JPEG, and of JPEG of before 1995; libtiff's own.
const RGBA: &str = "tiff2rgba IN.tif OUT.tif";
/// Of colours that are no screen's.
const TO_SRGB: &str = "vips colourspace IN.tif OUT.tif srgb";
/// Of samples that are no colours of a screen.
const SCALED: &str = "gdal_translate -of COG -ot Byte -scale -co COMPRESS=JPEG IN.tif OUT.tif";
/// Of what geographers' tools write.
const GDAL: &str = "gdal_translate -of COG -co COMPRESS=JPEG IN.tif OUT.tif";

/// A compression, by its number and its name.
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

/// What samples mean, by the number of the tag.
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

/// Samples that are not unsigned integers of up to 32 bits.
pub fn samples(message: String) -> Error {
    refused(message, SCALED)
}

/// Anything else.
pub fn other(message: impl Into<String>) -> Error {
    refused(message.into(), VIPS)
}

fn refused(message: String, command: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{message}; convert it: {command}"))
}
