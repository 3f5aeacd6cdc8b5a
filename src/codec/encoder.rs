//! The encoders, by the rows of their formats.

use super::EncodeOptions;
use crate::{
    error::{Error, Result},
    raster::Raster,
    time_slice::TimeSlice,
};

/// Encodes a raster with the encoder of its format.
pub async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let format = options.format;
    if raster.width.max(raster.height) > format.largest_side {
        return Err(Error::too_large(format!(
            "fmt={}: a {} has at most {} pixels a side",
            format.names.first().unwrap_or(&""),
            format.name,
            format.largest_side
        )));
    }
    (format.encode)(options, raster, slice).await
}

/// A file without the room that it did not need. It is copied for that, so only where the `freed`
/// bytes of its raster have room for it.
pub fn trimmed(mut file: Vec<u8>, freed: usize) -> Vec<u8> {
    if file.len() <= freed {
        file.shrink_to_fit();
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        codec::{FORMATS, Format, Subsampling},
        raster::ColorModel,
        time_slice::at_once,
    };

    /// A row of so many pixels, encoded.
    fn encoded(format: &'static Format, width: u32) -> Result<Vec<u8>> {
        let options = EncodeOptions {
            format,
            alpha: false,
            model: ColorModel::Grey,
            quality: 80,
            subsampling: Subsampling::Yuv420,
            print_resolution: 72.0,
        };
        let raster = Raster::new(width, 1, 1);
        at_once(async |slice| encode(&options, raster, slice).await)
    }

    #[test]
    fn a_side_that_a_format_cannot_have_is_refused() {
        for format in FORMATS.into_iter().filter(|format| format.largest_side < 1 << 20) {
            assert!(encoded(format, format.largest_side).is_ok(), "{format:?}");
            let error = encoded(format, format.largest_side + 1).unwrap_err();
            let wanted = format!("has at most {} pixels a side", format.largest_side);
            assert!(error.message.ends_with(&wanted), "{error}");
        }
        let error = encoded(<&Format>::default(), 65536).unwrap_err();
        assert_eq!(error.message, "fmt=jpeg: a JPEG has at most 65535 pixels a side");
    }
}
