//! The content of a layer or of its mask: its size, crop and scale (r-crop, r-size, r-scale, r-res).

use std::rc::Rc;

use super::{
    axis::LayerAxis,
    demand::Demand,
    fit::{offset, pixels},
    layer::Canvas,
    layout::{Layout, SIDE_MAX, opened},
    matrix::Matrix,
    source::{Opened, length},
    view::{Frame, Mapping, ViewTransform},
};
use crate::{
    catalog::ThumbnailType,
    commands::{Crop, Flip},
    error::{Error, Result},
    geometry::{CompositeSpace, Rect, Size, SourceSpace, ViewSpace},
    ops::{self, Op, Ops},
    picture::{Boxed, Content, Layer, Transform, Watermark},
    ratio::Ratio,
    text::layout::{Drawing, LaidOut, layout},
};

/// How the content of a layer or of a mask is cropped, scaled, mirrored and placed.
#[derive(Debug, Clone)]
pub struct ContentLayout {
    /// The horizontal axis.
    pub across: LayerAxis,
    /// The vertical axis.
    pub down: LayerAxis,
    /// Whether the content is rotated by 90° or 270°, so that the horizontal axis runs down it.
    pub turned: bool,
    /// The layout of a nested picture.
    pub nested: Option<Box<Layout>>,
    /// The glyphs of a text.
    pub text: Option<Rc<Drawing>>,
}

impl ContentLayout {
    /// The layout of content of this size that is cropped and scaled.
    pub fn new(
        size: Size<SourceSpace>,
        crop: Rect<SourceSpace>,
        scaled: &Scaled,
        nested: Option<Box<Layout>>,
    ) -> Self {
        let axis = |len: u32, from: i64, crop: u32, to: u32, at: i64| LayerAxis {
            len: len.into(),
            from: from as f64,
            crop: crop.into(),
            to,
            at,
            clip: [0, 0],
            flipped: false,
        };
        let mut layout = Self {
            across: axis(size.width, crop.x, crop.width, scaled.image.width, scaled.at[0]),
            down: axis(size.height, crop.y, crop.height, scaled.image.height, scaled.at[1]),
            turned: false,
            nested,
            text: None,
        };
        layout.across.clip[1] = scaled.canvas.width.into();
        layout.down.clip[1] = scaled.canvas.height.into();
        layout
    }

    /// The layout of a mask of size `mask` for content of size `size`: the mask is scaled to the
    /// size of the content, then cropped and placed like it (D28).
    pub fn of_mask(
        &self,
        size: Size<SourceSpace>,
        mask: Size<SourceSpace>,
        nested: Option<Box<Layout>>,
    ) -> Self {
        let axis = |axis: &LayerAxis, len: u32, mask: u32| {
            let ratio = f64::from(mask) / f64::from(len);
            let (from, crop) = (axis.from * ratio, axis.crop * ratio);
            LayerAxis { len: mask.into(), from, crop, ..*axis }
        };
        Self {
            across: axis(&self.across, size.width, mask.width),
            down: axis(&self.down, size.height, mask.height),
            turned: false,
            nested,
            text: None,
        }
    }

    /// Mirrors it within a canvas.
    pub fn mirror(&mut self, flip: Flip, canvas: Size<CompositeSpace>) {
        if flip.left_right {
            self.across.mirror(canvas.width);
        }
        if flip.up_down {
            self.down.mirror(canvas.height);
        }
    }

    /// Rotates it clockwise by quarter turns, together with its canvas.
    pub fn turn(&mut self, turns: u8, canvas: Size<CompositeSpace>) {
        if turns % 2 == 1 {
            std::mem::swap(&mut self.across, &mut self.down);
            self.turned = !self.turned;
        }
        // A quarter turn maps the top to the right, three of them map the left to the bottom.
        if matches!(turns, 1 | 2) {
            self.across.mirror(if turns == 1 { canvas.height } else { canvas.width });
        }
        if matches!(turns, 2 | 3) {
            self.down.mirror(if turns == 3 { canvas.width } else { canvas.height });
        }
    }

    /// The position of a point of the content on the canvas.
    pub fn map(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (across, down) = if self.turned { (y, x) } else { (x, y) };
        [self.across.map(across), self.down.map(down)]
    }

    /// The sides of the content, in pixels.
    pub fn size(&self) -> [f64; 2] {
        let (across, down) = (self.across.len, self.down.len);
        if self.turned { [down, across] } else { [across, down] }
    }

    /// The transform from fractions of the content's sides to the canvas.
    pub fn matrix(&self) -> Matrix {
        let [width, height] = self.size();
        let [x, y] = self.map([0.0; 2]);
        let ([x1, y1], [x2, y2]) = (self.map([width, 0.0]), self.map([0.0, height]));
        Matrix([[x1 - x, x2 - x, x], [y1 - y, y2 - y, y], [0.0, 0.0, 1.0]])
    }
}

impl ContentLayout {
    /// The pixels of the view that show the content, among those that are wanted or read around
    /// them. `None` where no wanted pixel shows it.
    pub fn visible(&self, demand: Demand) -> Option<Rect<ViewSpace>> {
        let Demand { frame, area: wanted, .. } = demand;
        let reach = i64::from(demand.reach);
        let across = self.across.through(&frame.across);
        let down = self.down.through(&frame.down);
        let columns = across.outputs(wanted.x..wanted.right(), reach)?;
        let rows = down.outputs(wanted.y..wanted.bottom(), reach)?;
        Some(Rect::new(columns.start, rows.start, length(&columns), length(&rows)))
    }

    /// The operations of the layer, for a composite of this scale: those of its mask, whose lengths
    /// can count in pixels of the content, then the others.
    pub fn ops(&self, ops: &Ops, scale: f64) -> Vec<Op> {
        let of = |axis: &LayerAxis| f64::from(axis.to) / axis.crop;
        let mut all = ops::of_mask(ops, scale * of(&self.across).min(of(&self.down)));
        all.extend(ops::in_order(ops, scale, &Ops::default(), 1.0));
        all
    }

    /// The frame of the nested picture that is the content, in the view of the outer picture. Also
    /// returns the length of a pixel of the nested picture's reply in that view.
    pub fn nested_frame(&self, frame: &Frame, inner: &ViewTransform) -> (Frame, f64) {
        let through = |content: &LayerAxis, outer: &Mapping, inner: &Mapping, cut: i64| {
            let axis = content.through(outer);
            let offset = (inner.offset - cut as f64 - axis.start) / axis.step;
            let scale = 1.0 / axis.step;
            (Mapping { origin: inner.origin, scale: inner.scale * scale, offset }, scale.abs())
        };
        let (Rect { x, y, .. }, own) = (inner.reply, inner.frame);
        let (across, wide) = through(&self.across, &frame.across, &own.across, x);
        let (down, high) = through(&self.down, &frame.down, &own.down, y);
        (Frame { across, down }, wide.min(high))
    }
}

/// The layout of a watermark: scaled to fit its box, and aligned on the canvas.
pub fn watermark(
    watermark: &Watermark,
    canvas: Size<CompositeSpace>,
    sources: &[Opened],
) -> Result<ContentLayout> {
    let measured = measure(&watermark.content, [None; 2], sources)?;
    let size = measured.size;
    let side = |part: Option<Ratio>, len: u32| {
        part.map(|part| pixels((part * Ratio::from(len)).round()).min(SIDE_MAX))
    };
    let bounds = [side(watermark.size[0], canvas.width), side(watermark.size[1], canvas.height)];
    let image = within(Size::new(size.width, size.height), bounds, None);
    let at = [
        offset(canvas.width, image.width, watermark.align[0]),
        offset(canvas.height, image.height, watermark.align[1]),
    ];
    let scaled = Scaled { image, at, canvas };
    let layout = ContentLayout::new(size, Rect::of(size), &scaled, measured.nested);
    Ok(ContentLayout { text: measured.text, ..layout })
}

/// Content whose size is known.
pub struct Measured {
    /// The upright size.
    pub size: Size<SourceSpace>,
    /// The layout of a nested picture.
    pub nested: Option<Box<Layout>>,
    /// The glyphs of a text.
    pub text: Option<Rc<Drawing>>,
    /// The default origin of a text that sizes itself.
    pub origin: Option<[f64; 2]>,
}

/// Measures some content. A text fills the `sides` that are given.
pub fn measure(content: &Content, sides: [Option<u32>; 2], sources: &[Opened]) -> Result<Measured> {
    let measured = |size| Measured { size, nested: None, text: None, origin: None };
    match content {
        Content::Source(_) => Ok(measured(opened(content, sources)?.index.upright_size())),
        Content::Picture(picture) => {
            let layout = Box::new(Layout::of(picture, sources)?);
            let reply = layout.transform.reply;
            let size = Size::new(reply.width, reply.height);
            Ok(Measured { nested: Some(layout), ..measured(size) })
        }
        Content::Text(text) => {
            let LaidOut { drawing, size: [width, height], origin } = layout(text, sides)?;
            Ok(Measured { text: Some(drawing), origin, ..measured(Size::new(width, height)) })
        }
        Content::Empty | Content::Solid(_) => Err(Error::bug("the content of a layer has no size")),
    }
}

/// The crop in pixels of the upright content. It can extend beyond the content (r-crop).
pub fn crop(transform: &Transform, size: Size<SourceSpace>) -> Result<Rect<SourceSpace>> {
    let rect = match transform.crop {
        None => return Ok(Rect::of(size)),
        Some(Crop::Pixels(rect)) => rect,
        Some(Crop::Normalized([x, y, part_width, part_height])) => {
            // Both edges are rounded, so that neighbouring crops meet (D11).
            let edge = |at: Ratio, len: u32| (at * Ratio::from(len)).round();
            let (left, top) = (edge(x, size.width), edge(y, size.height));
            let right = edge(x + part_width, size.width);
            let bottom = edge(y + part_height, size.height);
            let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
            Rect::new(left, top, pixels(width), pixels(height))
        }
    };
    let Rect { x, y, width, height, .. } = rect;
    let limit = i64::from(SIDE_MAX);
    if [x, y, width.into(), height.into()].iter().any(|number| number.saturating_abs() > limit) {
        return Err(Error::too_large("crop=: the cropped part is too far from the image"));
    }
    Ok(rect)
}

/// The scaled content and its place on its canvas.
pub struct Scaled {
    /// The size of the scaled content.
    pub image: Size<CompositeSpace>,
    /// The position of its left and top edges on the canvas.
    pub at: [i64; 2],
    /// The size of the layer before rotation and extension. It is that of the scaled content, but
    /// in a thumbnail.
    pub canvas: Size<CompositeSpace>,
}

impl Scaled {
    /// Content that fills its canvas.
    pub fn exactly(size: Size<CompositeSpace>) -> Self {
        Self { image: size, at: [0; 2], canvas: size }
    }
}

/// The box of `size=` or `sizeN=` in pixels; `None` leaves a side free.
pub fn bounding(layer: &Layer, canvas: Canvas) -> [Option<u32>; 2] {
    let Transform { size, size_normalized, .. } = &layer.transform;
    match canvas {
        Some(canvas) if *size == [None; 2] => {
            let side = |part: Option<Ratio>, len: u32| {
                part.map(|part| pixels((part * Ratio::from(len)).round()))
            };
            [side(size_normalized[0], canvas.width), side(size_normalized[1], canvas.height)]
        }
        _ => *size,
    }
}

/// Scales the crop by `size=`, else `scale=`, else `res=`.
pub fn scaled(layer: &Layer, crop: Size<SourceSpace>, canvas: Canvas) -> Result<Scaled> {
    let transform = &layer.transform;
    let bounds = bounding(layer, canvas);
    let resolution = || match (transform.resolution, &layer.content) {
        (Some(resolution), Content::Source(source)) => Some(resolution / source.resolution),
        _ => None,
    };
    let fitted = match &transform.perspective {
        // r-perspective: size= and res= are ignored, and scale= selects a level.
        Some(_) => by(crop, None),
        None => within(crop, bounds, transform.scale.or_else(resolution)),
    };
    let scaled = match transform.boxed {
        None => Scaled::exactly(fitted),
        Some(Boxed { kind, align }) => {
            let image = match (kind, bounds) {
                (ThumbnailType::Crop, [Some(width), Some(height)]) => {
                    let wide = as_wide(crop, width);
                    if wide.height < height { as_high(crop, height) } else { wide }
                }
                (ThumbnailType::Crop | ThumbnailType::Fit, _) => fitted,
                (ThumbnailType::Texture, _) => by(crop, transform.scale),
            };
            let canvas =
                Size::new(bounds[0].unwrap_or(image.width), bounds[1].unwrap_or(image.height));
            let at = [
                offset(canvas.width, image.width, align[0]),
                offset(canvas.height, image.height, align[1]),
            ];
            Scaled { image, at, canvas }
        }
    };
    let sides = [scaled.image, scaled.canvas].map(|size| size.width.max(size.height));
    if sides.iter().any(|&side| side > SIDE_MAX) {
        let message = format!("size= or scale=: a layer longer than {SIDE_MAX} pixels");
        return Err(Error::too_large(message));
    }
    Ok(scaled)
}

/// Both `size=` and `scale=` keep the aspect ratio and can enlarge (D6).
fn within(
    crop: Size<SourceSpace>,
    bounds: [Option<u32>; 2],
    scale: Option<Ratio>,
) -> Size<CompositeSpace> {
    match bounds {
        [Some(width), Some(height)] => {
            let wide = u64::from(width) * u64::from(crop.height)
                <= u64::from(height) * u64::from(crop.width);
            if wide { as_wide(crop, width) } else { as_high(crop, height) }
        }
        [Some(width), None] => as_wide(crop, width),
        [None, Some(height)] => as_high(crop, height),
        [None, None] => by(crop, scale),
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
