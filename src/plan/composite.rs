//! Layer 0 as the composite: crop, scale, flip (r-layer-transforms), and the way back.

use super::{
    axis::LayerAxis,
    fit::{offset, pixels},
};
use crate::{
    catalog::ThumbnailType,
    commands::Crop,
    error::{Error, Result},
    geometry::{CompositeSpace, Size, SourceSpace},
    picture::{Boxed, Layer, Picture},
    pyramid::Index,
    ratio::Ratio,
};

/// The composite image and how its pixels come from the source's.
#[derive(Debug)]
pub struct Composite {
    /// Its size.
    pub size: Size<CompositeSpace>,
    /// Its horizontal axis.
    pub across: LayerAxis,
    /// Its vertical axis.
    pub down: LayerAxis,
    /// What the stored pixels need to stand upright.
    pub orientation: Orientation,
}

/// How TIFF's Orientation turns stored pixels into upright ones.
#[derive(Debug, Clone, Copy)]
pub struct Orientation {
    /// Rows and columns change places.
    pub transposed: bool,
    /// Stored columns run against the upright axis.
    pub mirror_x: bool,
    /// Stored rows run against the upright axis.
    pub mirror_y: bool,
}

/// Composites longer than this are no pictures; coordinates stay exact in `f64`.
const SIDE_MAX: u32 = 10_000_000;

impl Composite {
    /// The composite of one image layer over the pyramid's largest level.
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
        // A mirrored layer is mirrored with its box.
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

/// TIFF 6.0, tag 274: which end of the stored rows and columns is up and left.
fn orientation(orientation: u8) -> Orientation {
    Orientation {
        transposed: matches!(orientation, 5..=8),
        mirror_x: matches!(orientation, 2 | 3 | 7 | 8),
        mirror_y: matches!(orientation, 3 | 4 | 6 | 7),
    }
}

/// The cropped part in source pixels; it may pass the edges (r-crop).
fn crop(layer: &Layer, width: u32, height: u32) -> Result<(i64, i64, Size<SourceSpace>)> {
    let [x, y, width, height] = match layer.transform.crop {
        None => return Ok((0, 0, Size::new(width, height))),
        Some(Crop::Pixels(rect)) => rect,
        Some(Crop::Normalized([x, y, part_width, part_height])) => {
            // Both edges are rounded, so that neighbouring crops meet (D11).
            let edge = |at: Ratio, len: u32| (at * Ratio::from(len)).round();
            let (left, top) = (edge(x, width), edge(y, height));
            let (right, bottom) = (edge(x + part_width, width), edge(y + part_height, height));
            [left, top, right.saturating_sub(left).max(1), bottom.saturating_sub(top).max(1)]
        }
    };
    let limit = i64::from(SIDE_MAX);
    if [x, y, width, height].iter().any(|number| number.saturating_abs() > limit) {
        return Err(Error::too_large("crop=: the cropped part is too far from the image"));
    }
    Ok((x, y, Size::new(pixels(width), pixels(height))))
}

/// The scaled image and the composite it lies in.
struct Placed {
    image: Size<CompositeSpace>,
    /// Where the image begins.
    at: [i64; 2],
    canvas: Size<CompositeSpace>,
}

/// Scales the crop. The composite is as large as that, unless a thumbnail boxes it.
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

/// `size=` before `scale=`; both keep the aspect, and may enlarge (D6).
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

/// A layer's other side is rounded to the nearest pixel; only a reply's is rounded up (F7).
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
