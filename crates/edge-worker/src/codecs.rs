//! The encoders of the Worker. That of AVIF is a wasm module of its own, because few requests need
//! it; `avif.js` instantiates it.

use azulejo::{
    codec::{self, Codecs, EncodeOptions, Encoder, Format, Subsampling},
    error::{Error, Result},
    pixel::Raster,
    time_slice::{TimeSlice, Work},
};
use wasm_bindgen::prelude::*;

use crate::r2::R2Store;

#[wasm_bindgen(module = "/avif.js")]
extern "C" {
    /// An instance of the module, which holds the samples of one picture.
    type AvifEncoder;

    #[wasm_bindgen(constructor, catch)]
    fn new(samples: &[u8]) -> Result<AvifEncoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn encode(
        this: &AvifEncoder,
        width: u32,
        height: u32,
        channels: u8,
        quality: u8,
        full_chroma: bool,
    ) -> Result<Vec<u8>, JsValue>;
}

/// The module of the encoder of AVIF.
struct AvifModule;

impl Codecs for R2Store<'_> {
    async fn encoder(&self, format: &'static Format) -> Result<&dyn Encoder> {
        Ok(if *format == codec::AVIF { &AvifModule } else { format })
    }
}

impl Encoder for AvifModule {
    fn encode<'f>(
        &'f self,
        options: &'f EncodeOptions,
        raster: Raster,
        slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<Vec<u8>>> {
        Box::pin(async move {
            let Raster { data: samples, width, height, pixel } = raster;
            let module = AvifEncoder::new(&samples).map_err(failed)?;
            // The module has its own copy.
            drop(samples);
            let channels = pixel.samples() as u8;
            let full_chroma = options.subsampling == Subsampling::Yuv444;
            let file = module.encode(width, height, channels, options.quality, full_chroma);
            slice.spend(u64::from(width) * u64::from(height)).await;
            file.map_err(failed)
        })
    }
}

fn failed(error: JsValue) -> Error {
    Error::bug("the AVIF encoder failed").with_detail(format!("{error:?}"))
}
