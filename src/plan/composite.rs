//! Layer 0 as the composite: crop, scale and flip (r-layer-transforms), and the mapping back to the
//! source.

use super::{
    axis::LayerAxis,
    fit::{offset, pixels},
};
use crate::{
    catalog::ThumbnailType,
    commands::Crop,
    error::{Error, Result},
    geometry::{CompositeSpace, Rect, Size, SourceSpace},
    picture::{Boxed, Layer, Picture},
    pyramid::Index,
    ratio::Ratio,
};

/// The composite image, and how its pixels map to source pixels.
#[derive(Debug)]
pub struct Composite {
    /// Its size in pixels.
    pub size: Size<CompositeSpace>,
    /// Its horizontal axis.
    pub across: LayerAxis,
    /// Its vertical axis.
    pub down: LayerAxis,
    /// How to turn the stored pixels upright.
    pub orientation: Orientation,
}

/// How to turn stored pixels upright, from TIFF's `Orientation` tag.
#[derive(Debug, Clone, Copy)]
pub struct Orientation {
    /// Stored rows are columns of the upright image.
    pub transposed: bool,
    /// Stored columns run against the upright axis.
    pub mirror_x: bool,
    /// Stored rows run against the upright axis.
    pub mirror_y: bool,
}

/// The longest side of a composite, in pixels. Longer ones are refused, so that coordinates stay
/// exact in `f64`.
const SIDE_MAX: u32 = 10_000_000;

impl Composite {
    /// Computes the composite of layer 0 from the size of the pyramid's largest level. Fails where
    /// it is too large, or the crop too far from the image.
    pub fn new(picture: &Picture, index: &Index) -> Result<Self> {
        let layer = picture.layer_0()?;
        let stored = index.size();
        let orientation = orientation(index.orientation);
        let (width, height) = if orientation.transposed {
            (stored.height, stored.width)
        } else {
            (stored.width, stored.height)
        };
        let (x, y, crop) = crop(layer, width, height)?;
        let Placed { image, at, canvas } = placed(layer, crop)?;
        // A flip mirrors the canvas of a thumbnail together with the image.
        let mirrored = |flipped, at: i64, image: u32, canvas: u32| {
            if flipped { i64::from(canvas) - i64::from(image) - at } else { at }
        };
        let flip = layer.treatment.flip.and(picture.composite.flip);
        Ok(Self {
            size: canvas,
            across: LayerAxis {
                len: width,
                from: x,
                crop: crop.width.into(),
                to: image.width,
                at: mirrored(flip.left_right, at[0], image.width, canvas.width),
                canvas: canvas.width,
                flipped: flip.left_right,
            },
            down: LayerAxis {
                len: height,
                from: y,
                crop: crop.height.into(),
                to: image.height,
                at: mirrored(flip.up_down, at[1], image.height, canvas.height),
                canvas: canvas.height,
                flipped: flip.up_down,
            },
            orientation,
        })
    }
}

/// Decodes the value of TIFF tag 274 (TIFF 6.0, section 8: `Orientation`).
fn orientation(orientation: u8) -> Orientation {
    Orientation {
        transposed: matches!(orientation, 5..=8),
        mirror_x: matches!(orientation, 2 | 3 | 7 | 8),
        mirror_y: matches!(orientation, 3 | 4 | 6 | 7),
    }
}

/// x, y and size of the crop in upright source pixels. It can extend beyond the source (r-crop).
fn crop(layer: &Layer, width: u32, height: u32) -> Result<(i64, i64, Size<SourceSpace>)> {
    let (x, y, width, height) = match layer.transform.crop {
        None => return Ok((0, 0, Size::new(width, height))),
        Some(Crop::Pixels(Rect { x, y, width, height, .. })) => (x, y, width.into(), height.into()),
        Some(Crop::Normalized([x, y, part_width, part_height])) => {
            // Both edges are rounded, so that neighbouring crops meet (D11).
            let edge = |at: Ratio, len: u32| (at * Ratio::from(len)).round();
            let (left, top) = (edge(x, width), edge(y, height));
            let (right, bottom) = (edge(x + part_width, width), edge(y + part_height, height));
            (left, top, right.saturating_sub(left).max(1), bottom.saturating_sub(top).max(1))
        }
    };
    let limit = i64::from(SIDE_MAX);
    if [x, y, width, height].iter().any(|number| number.saturating_abs() > limit) {
        return Err(Error::too_large("crop=: the cropped part is too far from the image"));
    }
    Ok((x, y, Size::new(pixels(width), pixels(height))))
}

/// The scaled image and its place on the composite.
struct Placed {
    image: Size<CompositeSpace>,
    /// Composite position of the image's left and top edges.
    at: [i64; 2],
    canvas: Size<CompositeSpace>,
}

/// Scales the crop. The composite has the size of the scaled crop, except in a thumbnail, which has
/// a canvas of its own.
fn placed(layer: &Layer, crop: Size<SourceSpace>) -> Result<Placed> {
    let fitted = scaled(layer, crop);
    let placed = match layer.transform.boxed {
        None => Placed { image: fitted, at: [0; 2], canvas: fitted },
        Some(Boxed { kind, align }) => {
            let image = match (kind, layer.transform.size) {
                (ThumbnailType::Crop, [Some(width), Some(height)]) => {
                    let wide = as_wide(crop, width);
                    if wide.height < height { as_high(crop, height) } else { wide }
                }
                (ThumbnailType::Crop | ThumbnailType::Fit, _) => fitted,
                (ThumbnailType::Texture, _) => by(crop, layer.transform.scale),
            };
            let canvas = Size::new(
                layer.transform.size[0].unwrap_or(image.width),
                layer.transform.size[1].unwrap_or(image.height),
            );
            let at = [
                offset(canvas.width, image.width, align[0]),
                offset(canvas.height, image.height, align[1]),
            ];
            Placed { image, at, canvas }
        }
    };
    let sides = [placed.image, placed.canvas].map(|size| size.width.max(size.height));
    if sides.iter().any(|&side| side > SIDE_MAX) {
        let message = format!("size= or scale=: a layer longer than {SIDE_MAX} pixels");
        return Err(Error::too_large(message));
    }
    Ok(placed)
}

/// `size=` takes precedence over `scale=`. Both keep the aspect ratio and can enlarge (D6).
fn scaled(layer: &Layer, crop: Size<SourceSpace>) -> Size<CompositeSpace> {
    match layer.transform.size {
        [Some(width), Some(height)] => {
            let wide = u64::from(width) * u64::from(crop.height)
                <= u64::from(height) * u64::from(crop.width);
            if wide { as_wide(crop, width) } else { as_high(crop, height) }
        }
        [Some(width), None] => as_wide(crop, width),
        [None, Some(height)] => as_high(crop, height),
        [None, None] => by(crop, layer.transform.scale),
    }
}

/// Scales to this width. The height is rounded to the nearest pixel; only sizes of the reply are
/// rounded up (F7).
fn as_wide(crop: Size<SourceSpace>, width: u32) -> Size<CompositeSpace> {
    let exact = Ratio::new(i64::from(crop.height) * i64::from(width), crop.width.into());
    Size::new(width, pixels(exact.round()))
}

fn as_high(crop: Size<SourceSpace>, height: u32) -> Size<CompositeSpace> {
    let exact = Ratio::new(i64::from(crop.width) * i64::from(height), crop.height.into());
    Size::new(pixels(exact.round()), height)
}

fn by(crop: Size<SourceSpace>, scale: Option<Ratio>) -> Size<CompositeSpace> {
    let side = |len: u32| scale.map_or(len, |scale| pixels((Ratio::from(len) * scale).round()));
    Size::new(side(crop.width), side(crop.height))
}
