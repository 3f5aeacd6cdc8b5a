//! The encoder of AVIF, on a thread for blocking calls. It takes a picture in one call, and would
//! hold up all other requests of its worker.

use avif_encoder::Picture;
use azulejo::{
    codec::{EncodeOptions, Encoder, Subsampling},
    error::{Error, Result},
    pixel::Raster,
    time_slice::{TimeSlice, Work},
};
use tokio::task::spawn_blocking;

/// The encoder.
pub struct OffThread;

impl Encoder for OffThread {
    fn encode<'f>(
        &'f self,
        options: &'f EncodeOptions,
        raster: Raster,
        _slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<Vec<u8>>> {
        let (quality, full_chroma) = (options.quality, options.subsampling == Subsampling::Yuv444);
        Box::pin(async move {
            let Raster { data: pixels, width, height, pixel } = raster;
            let picture = Picture { pixels, width, height, channels: pixel.samples() as u8 };
            let encode = move || avif_encoder::encode(picture, quality, full_chroma);
            let failed = |detail| Error::bug("the AVIF encoder failed").with_detail(detail);
            let encoded =
                spawn_blocking(encode).await.map_err(|error| failed(error.to_string()))?;
            encoded.map_err(|error| failed(error.to_string()))
        })
    }
}
