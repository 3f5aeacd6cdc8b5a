//! Encodes planes as an AV1 stream of one picture, with `rav1e`.

use rav1e::{
    color::{
        ChromaSampling, ColorDescription, ColorPrimaries, MatrixCoefficients, PixelRange,
        TransferCharacteristics,
    },
    config::SpeedSettings,
    prelude::{BlockSize, Config, Context, EncoderConfig, EncoderStatus, Frame, PartitionRange},
};

use crate::{
    Failed, Picture,
    container::Stream,
    planes::{self, Layout, Samples},
};

/// The length of a temporal delimiter, an OBU without content. A packet of rav1e begins with one;
/// an AVIF item should have none (AV1 Codec ISO Media File Format Binding, 2.4).
const TEMPORAL_DELIMITER: usize = 2;

/// The side of a superblock, in pixels.
const SUPERBLOCK: u32 = 64;

/// The encoder keeps all symbols of a tile in memory until its end. A tile of noise has at most this
/// many bytes of them. Files with such tiles are 1 % longer than those without tiles.
const SYMBOLS: u64 = 16 << 20;

/// Samples of a picture that are to be encoded.
pub struct Job {
    context: Context<u8>,
    frame: Frame<u8>,
    layout: Layout,
}

impl Job {
    /// Copies the samples into planes. `quantizer` is an index of AV1's table, 0 to 255.
    pub fn new(picture: &Picture, samples: Samples, quantizer: u8) -> Result<Self, Failed> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let layout = samples.layout();
        let config = EncoderConfig {
            width,
            height,
            bit_depth: 8,
            chroma_sampling: match layout {
                Layout::Gray => ChromaSampling::Cs400,
                Layout::Yuv420 => ChromaSampling::Cs420,
                Layout::Yuv444 => ChromaSampling::Cs444,
            },
            pixel_range: PixelRange::Full,
            color_description: (samples != Samples::Alpha).then_some(ColorDescription {
                color_primaries: ColorPrimaries::BT709,
                transfer_characteristics: TransferCharacteristics::SRGB,
                matrix_coefficients: MatrixCoefficients::BT601,
            }),
            still_picture: true,
            quantizer: quantizer.into(),
            tiles: tiles(picture, layout, quantizer),
            speed_settings: speed(),
            ..EncoderConfig::default()
        };
        let config = Config::new().with_encoder_config(config).with_threads(1);
        let context: Context<u8> = config.new_context().map_err(Failed::of)?;
        let mut frame = context.new_frame();
        for (plane, channel) in frame.planes.iter_mut().zip(0..layout.planes()) {
            let stride = plane.cfg.stride;
            let rows = plane.data_origin_mut().chunks_mut(stride);
            planes::fill(picture, samples, channel, rows);
        }
        Ok(Self { context, frame, layout })
    }

    /// Encodes the planes.
    pub fn encode(self) -> Result<Stream, Failed> {
        let Self { mut context, frame, layout } = self;
        context.send_frame(frame).map_err(Failed::of)?;
        context.flush();
        loop {
            match context.receive_packet() {
                Ok(mut packet) => {
                    packet.data.drain(..TEMPORAL_DELIMITER.min(packet.data.len()));
                    return Ok(Stream { data: packet.data, layout });
                }
                Err(EncoderStatus::Encoded) => {}
                Err(status) => return Err(Failed::of(status)),
            }
        }
    }
}

/// The number of tiles.
fn tiles(picture: &Picture, layout: Layout, quantizer: u8) -> usize {
    let padded = |side: u32| u64::from(side.next_multiple_of(SUPERBLOCK));
    // Bytes of two samples of noise, measured.
    let symbols = if quantizer > 16 { 36 } else { 68 };
    let halves = match layout {
        Layout::Gray => 2,
        Layout::Yuv420 => 3,
        Layout::Yuv444 => 6,
    };
    let all = padded(picture.width) * padded(picture.height) * symbols * halves / 2;
    all.div_ceil(SYMBOLS) as usize
}

/// The fastest preset with another size of blocks: 16 × 16 pixels rather than 32 × 32. It makes files
/// 5 % shorter at the same SSIM, in the same time. A choice between both takes twice the time.
fn speed() -> SpeedSettings {
    let mut speed = SpeedSettings::from_preset(10);
    let block = BlockSize::BLOCK_16X16;
    speed.partition.partition_range = PartitionRange::new(block, block);
    // Half as many directions of prediction: two thirds of the time, and files 2 % longer.
    speed.prediction.fine_directional_intra = false;
    speed
}
