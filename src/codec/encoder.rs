//! Encodes rasters with built-in encoders, or with modules that a platform loads when a reply
//! first needs them.

use super::{EncodeOptions, Format};
use crate::{
    error::{Error, Result},
    geometry::{ReplySpace, Size},
    pixel::Raster,
    store::MemoryStore,
    time_slice::{TimeSlice, Work},
};

/// Encodes rasters in one format.
pub trait Encoder {
    /// Encodes a raster, whose pixel format is [`EncodeOptions::pixel`], as a complete file.
    fn encode<'f>(
        &'f self,
        options: &'f EncodeOptions,
        raster: Raster,
        slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<Vec<u8>>>;
}

/// A [`Format`] is its own built-in encoder.
impl Encoder for Format {
    fn encode<'f>(
        &'f self,
        options: &'f EncodeOptions,
        raster: Raster,
        slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<Vec<u8>>> {
        (self.encode)(options, raster, slice)
    }
}

/// Provides encoders. The default returns the built-in ones; a platform may load others.
#[expect(async_fn_in_trait, reason = "as for stores: no caller needs Send")]
pub trait Codecs {
    /// Returns the encoder of a format, and loads it first if necessary.
    async fn encoder(&self, format: &'static Format) -> Result<&dyn Encoder> {
        Ok(format)
    }
}

impl Codecs for MemoryStore {}

/// Encodes a raster with the encoder of its format. Fails as [`check_size`] does.
pub async fn encode(
    codecs: &impl Codecs,
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    check_size(options.format, Size::new(raster.width, raster.height))?;
    codecs.encoder(options.format).await?.encode(options, raster, slice).await
}

/// A reply's file.
#[derive(Debug)]
pub struct Encoded {
    /// Its format.
    pub format: &'static Format,
    /// Its bytes.
    pub file: Vec<u8>,
    /// The length of the file in the requested format, and that of the smallest other one, if
    /// several formats were tried.
    pub tried: Option<[usize; 2]>,
}

/// Encodes a raster once for each of `encodings`, and returns the smallest file. The first of them
/// are the requested options, which win a tie.
pub async fn smallest(
    codecs: &impl Codecs,
    encodings: &[EncodeOptions],
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Encoded> {
    let Some((requested, others)) = encodings.split_first() else {
        return Err(Error::bug("there is no format to encode"));
    };
    let mut smallest: Option<Encoded> = None;
    for options in others {
        let file = encode(codecs, options, raster.clone(), slice).await?;
        if smallest.as_ref().is_none_or(|other| file.len() < other.file.len()) {
            smallest = Some(Encoded { format: options.format, file, tried: None });
        }
    }
    let file = encode(codecs, requested, raster, slice).await?;
    let tried = smallest.as_ref().map(|other| [file.len(), other.file.len()]);
    Ok(match smallest {
        Some(other) if other.file.len() < file.len() => Encoded { tried, ..other },
        Some(_) | None => Encoded { format: requested.format, file, tried },
    })
}

/// Fails if a side of an image exceeds [`Format::largest_side`], or its pixels [`Format::pixels`].
pub fn check_size(format: &Format, size: Size<ReplySpace>) -> Result<()> {
    let (name, side) = (format.names.first().unwrap_or(&""), format.largest_side);
    if size.width.max(size.height) > side {
        let message = format!("fmt={name}: a {} has at most {side} pixels a side", format.name);
        return Err(Error::too_large(message));
    }
    let (pixels, most) = (size.pixels(), format.pixels.requested);
    if pixels > most {
        return Err(Error::too_large(format!(
            "fmt={name}: {} × {} are {pixels} pixels, and the limit of {} is {most}; ask for less \
             with wid=, hei= or scl=, or for another format",
            size.width, size.height, format.name
        )));
    }
    Ok(())
}

/// Releases the unused capacity of a file. This may copy the file, so it happens only if the
/// copy fits into the `freed` bytes of its raster.
#[inline(never)]
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
        codec::{Embedded, FORMATS, Quantization, Subsampling},
        pixel::PixelFormat,
        time_slice::at_once,
    };

    /// Encodes one row of `width` grey pixels.
    fn encoded(format: &'static Format, width: u32) -> Result<Vec<u8>> {
        let options = EncodeOptions {
            format,
            pixel: PixelFormat::GRAY,
            quality: 80,
            subsampling: Subsampling::Yuv420,
            print_resolution: 72.0,
            compression: None,
            jpeg_size: None,
            scans: None,
            quantization: Quantization::default(),
            embedded: Embedded::default(),
        };
        let (store, raster) = (MemoryStore::new(), Raster::new(width, 1, PixelFormat::GRAY));
        at_once(async |slice| encode(&store, &options, raster, slice).await)
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
