//! Layer 0 as the composite: crop, scale, flip (r-layer-transforms), and the way back.

use super::axis::Span;
use crate::{
    commands::Crop,
    error::{Error, Result},
    geometry::{Canvas, Size},
    pyramid::Index,
    scene::Layer,
};

/// The composite image and how its pixels come from the source's.
#[derive(Debug)]
pub struct Composite {
    /// Its size.
    pub size: Size<Canvas>,
    /// Its horizontal axis.
    pub across: Span,
    /// Its vertical axis.
    pub down: Span,
    /// What the stored pixels need to stand upright.
    pub turn: Turn,
}

/// How TIFF's Orientation turns stored pixels into upright ones.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Rows and columns change places.
    pub transposed: bool,
    /// Stored columns run against the upright axis.
    pub mirror_x: bool,
    /// Stored rows run against the upright axis.
    pub mirror_y: bool,
}

/// Composites longer than this are no pictures; coordinates stay exact in `f64`.
const SIDE_MAX: f64 = 1e7;

impl Composite {
    /// The composite of one image layer over the pyramid's largest level.
    pub fn new(layer: &Layer, index: &Index) -> Result<Self> {
        let stored = index.size();
        let turn = turn(index.orientation);
        let (width, height) = if turn.transposed {
            (stored.height, stored.width)
        } else {
            (stored.width, stored.height)
        };
        let [x, y, crop_width, crop_height] = crop(layer, width, height)?;
        let size = scaled(layer, crop_width, crop_height)?;
        let span = |len, from, crop, to, flipped| Span { len, from, crop, to, flipped };
        Ok(Self {
            size,
            across: span(width, x, crop_width, size.width, layer.flip.left_right),
            down: span(height, y, crop_height, size.height, layer.flip.up_down),
            turn,
        })
    }
}

/// TIFF 6.0, tag 274: which end of the stored rows and columns is up and left.
fn turn(orientation: u8) -> Turn {
    Turn {
        transposed: matches!(orientation, 5..=8),
        mirror_x: matches!(orientation, 2 | 3 | 7 | 8),
        mirror_y: matches!(orientation, 3 | 4 | 6 | 7),
    }
}

/// The cropped part in source pixels; it may pass the edges (r-crop).
fn crop(layer: &Layer, width: u32, height: u32) -> Result<[i64; 4]> {
    let (w, h) = (f64::from(width), f64::from(height));
    let rect = match layer.source.crop {
        None => return Ok([0, 0, i64::from(width), i64::from(height)]),
        Some(Crop::Pixels(rect)) => rect,
        Some(Crop::Normalized([x, y, part_width, part_height])) => {
            // Both edges are rounded, so that neighbouring crops meet (D11).
            let edge = |at: f64, len: f64| (at * len + 0.5).floor().max(-1e9).min(1e9) as i64;
            let (left, top) = (edge(x, w), edge(y, h));
            let (right, bottom) = (edge(x + part_width, w), edge(y + part_height, h));
            [left, top, (right - left).max(1), (bottom - top).max(1)]
        }
    };
    let limit = SIDE_MAX as i64;
    if rect.iter().any(|number| number.abs() > limit) {
        return Err(Error::too_large("crop=: the cropped part is too far from the image"));
    }
    Ok(rect)
}

/// `size=` before `scale=`; both keep the aspect, and may enlarge (D6).
fn scaled(layer: &Layer, width: i64, height: i64) -> Result<Size<Canvas>> {
    let (w, h) = (width as f64, height as f64);
    let part = |len: f64, by: f64, of: f64| (len * by / of + 0.5).floor().max(1.0);
    let (scaled_width, scaled_height) = match (layer.size, layer.source.scale) {
        ([Some(box_width), Some(box_height)], _) => {
            let (bw, bh) = (f64::from(box_width), f64::from(box_height));
            if bw * h <= bh * w { (bw, part(h, bw, w)) } else { (part(w, bh, h), bh) }
        }
        ([Some(box_width), None], _) => (f64::from(box_width), part(h, f64::from(box_width), w)),
        ([None, Some(box_height)], _) => (part(w, f64::from(box_height), h), f64::from(box_height)),
        ([None, None], Some(scale)) => (part(w, scale, 1.0), part(h, scale, 1.0)),
        ([None, None], None) => (w, h),
    };
    if scaled_width.max(scaled_height) > SIDE_MAX {
        let message = format!("size= or scale=: a layer longer than {SIDE_MAX} pixels");
        return Err(Error::too_large(message));
    }
    Ok(Size::new(scaled_width as u32, scaled_height as u32))
}
