//! Replies that show one image and nothing else. They need not be drawn as pixels of a canvas.

use super::{Plan, PlannedSource, node::Step};
use crate::{
    codec::{EncodeOptions, Subsampling, jpeg},
    pixel::PixelFormat,
    pyramid::{Compression, Level, Photometric},
};

/// The only image of a reply. It covers the whole reply upright, and its pixels are those of one level:
/// resampled, or as they are.
#[derive(Debug, Clone, Copy)]
pub struct ImageAlone<'a> {
    /// The image.
    pub source: &'a PlannedSource,
    /// Its level.
    pub level: &'a Level,
    /// How the reply is encoded.
    pub options: &'a EncodeOptions,
    /// Pixels of the reply.
    pixels: u64,
}

impl Plan {
    /// The image, where its rows go straight to the canvas, which is encoded once.
    pub fn image_alone(&self) -> Option<ImageAlone<'_>> {
        let mut nodes = self.graph.iter().map(|(_, node)| node);
        let (source, place, encode) = (nodes.next()?, nodes.next()?, nodes.next()?);
        let (Step::Source(step), Step::Place(_), Step::Encode(encodings), None) =
            (&source.step, &place.step, &encode.step, nodes.next())
        else {
            return None;
        };
        let ([options], [(_, planned)]) = (encodings.as_slice(), self.sources.as_slice()) else {
            return None;
        };
        let level = step.level().ok()?;
        let is_whole = source.area == place.area && options.pixel == source.pixel;
        let pixels = u64::from(place.area.width) * u64::from(place.area.height);
        let alone = ImageAlone { source: planned, level, options, pixels };
        (is_whole && !step.transposed).then_some(alone)
    }
}

impl ImageAlone<'_> {
    /// The number of the tile that has all pixels of the reply, and no others: none is resampled.
    /// `None` where there is no such tile, and for tiles that cannot be the data of a JPEG file.
    pub fn unchanged_tile(&self) -> Option<usize> {
        let Self { source, level, .. } = self;
        let [number] = source.tiles.as_slice() else { return None };
        let is_stream = level.compression == Compression::Jpeg && !level.strips && !level.planar;
        let has_colors = matches!(
            (level.photometric, level.samples),
            (Photometric::YCbCr, 3) | (Photometric::MinIsBlack, 1)
        );
        let sides = [(&source.across, level.tile_width), (&source.down, level.tile_height)];
        let mut sides = sides.iter();
        let is_copied =
            sides.all(|(axis, side)| axis.full.is_copy() && axis.full.len() == *side as usize);
        (is_stream && has_colors && is_copied).then_some(*number)
    }

    /// Whether the reply is encoded from the same planes that the image is resampled in. They take
    /// half the memory of its pixels, for which it is planned. The weights of their outputs have to fit
    /// into the other half, which they do but for tiny replies.
    pub fn is_encoded_from_planes(&self) -> bool {
        let Self { source, options, pixels, .. } = self;
        *options.format == jpeg::BASELINE
            && options.jpeg_size.is_none()
            && options.pixel == PixelFormat::RGB
            && options.subsampling == Subsampling::Yuv420
            && source.across.half.is_some()
            && source.step.memory_of_output_pairs() <= pixels * 3 / 2
    }
}
