//! The layout of one layer: crop, scale, flip, rotation, perspective, extension and placement
//! (r-layer-transforms, r-layer-placement; decisions D).

use super::{
    clips::{self, PlacedClip},
    content::{ContentLayout, Measured, Scaled, bounding, crop, measure, scaled},
    coverage,
    fit::pixels,
    layout::{SIDE_MAX, is_premultiplied},
    matrix::Matrix,
    source::Opened,
};
use crate::{
    commands::{Flip, Measure, Perspective},
    error::{Error, ErrorKind, Result},
    geometry::{CompositeSpace, Rect, Size, SourceSpace},
    picture::{Clip, ClipPath, Content, Layer},
    ratio::Ratio,
};

/// The layout of a layer.
#[derive(Debug, Clone)]
pub struct LayerLayout {
    /// Its rectangle on the canvas.
    pub rect: Rect<CompositeSpace>,
    /// The part of it that `color=` fills: without `extend=`, and before a `warp`.
    pub filled: Rect<CompositeSpace>,
    /// The point that `pos=` places, in pixels of the canvas.
    pub origin: [f64; 2],
    /// How its content maps to the canvas; or to the input of `warp`, if there is one.
    pub content: ContentLayout,
    /// The same for the image of its mask.
    pub mask: Option<ContentLayout>,
    /// The transform from the scaled content to the canvas, in pixels of both; `None` if the axes
    /// of the content are those of the canvas.
    pub warp: Option<Matrix>,
    /// Its clip paths.
    pub clips: Vec<PlacedClip>,
}

/// The size of layer 0; `None` while layer 0 itself is laid out.
pub type Canvas = Option<Size<CompositeSpace>>;

/// Lays out a layer with its top left corner at (0, 0).
pub fn layout(layer: &Layer, canvas: Canvas, sources: &[Opened]) -> Result<LayerLayout> {
    let premultiplied = is_premultiplied(&layer.content, sources)?;
    let mask = layer.mask.as_ref().filter(|mask| !(mask.yields && premultiplied));
    let mask = mask.map(|mask| measure(&mask.content, [None; 2], sources)).transpose()?;
    // A solid layer without a size has that of its mask or its clip path.
    let mut self_sized = None;
    let fixed = fixed_size(layer, canvas);
    let mut text = None;
    let (size, nested) = match (&layer.content, &mask, fixed) {
        (Content::Solid(_), Some(mask), _) => (mask.size, None),
        (Content::Solid(_), None, Some(fixed)) => (Size::new(fixed.width, fixed.height), None),
        (Content::Solid(_), None, None) => {
            let extent = extent(&layer.treatment.clips);
            self_sized = Some([-extent.x as f64, -extent.y as f64]);
            (Size::new(extent.width, extent.height), None)
        }
        (content, ..) => {
            let measured = measure(content, bounding(layer, canvas), sources)?;
            (text, self_sized) = (measured.text, measured.origin);
            (measured.size, measured.nested)
        }
    };
    let is_text = text.is_some();
    // crop= and scale= are commands of image layers.
    let cut = if is_text { Rect::of(size) } else { crop(&layer.transform, size)? };
    let sides = Matrix::scale_and_move([size.width.into(), size.height.into()], [0.0; 2]);
    let crop_paths = &layer.transform.crop_paths;
    let cut = clips::cropped(cut, crop_paths, &sides, &layer.content, sources)?;
    let is_plain_solid = matches!(layer.content, Content::Solid(_)) && mask.is_none();
    let scaled = match is_plain_solid || is_text {
        true => Scaled::exactly(Size::new(size.width, size.height)),
        false => scaled(layer, Size::new(cut.width, cut.height), canvas)?,
    };
    let mut content = ContentLayout { text, ..ContentLayout::new(size, cut, &scaled, nested) };
    content.mirror(layer.treatment.flip, scaled.canvas);
    let mut mask =
        mask.map(|Measured { size: mask, nested, .. }| content.of_mask(size, mask, nested));
    let mut warp = None;
    let shape = if let Some(perspective) = &layer.transform.perspective {
        let base = canvas.unwrap_or(scaled.canvas);
        warp = Some(of_corners(perspective, scaled.canvas, base));
        base
    } else {
        let (turns, rest) = quarter_turns(layer.transform.rotate);
        let nested = |content: &ContentLayout| content.nested.is_some();
        let is_nested = nested(&content) || mask.as_ref().is_some_and(nested);
        // A nested picture is drawn upright, and its raster is turned.
        if rest == Ratio::ZERO && !(is_nested && turns % 2 == 1) {
            content.turn(turns, scaled.canvas);
            mask.iter_mut().for_each(|mask| mask.turn(turns, scaled.canvas));
            let Size { width, height, .. } = scaled.canvas;
            if turns % 2 == 1 { Size::new(height, width) } else { scaled.canvas }
        } else {
            // Its quarter turns are exact, however many.
            let angle = match rest == Ratio::ZERO {
                true => Ratio::from(u32::from(turns) * 90),
                false => layer.transform.rotate,
            };
            let (matrix, around) = rotated(angle, scaled.canvas);
            warp = Some(matrix);
            around
        }
    };
    let [left, top, right, bottom] = extension(layer.transform.extend, shape);
    let sides = [
        left.saturating_add(right).saturating_add(shape.width.into()),
        top.saturating_add(bottom).saturating_add(shape.height.into()),
    ];
    if sides.iter().any(|side| *side < 1) {
        let message = format!(
            "extend=: nothing is left of a layer of {} × {} pixels",
            shape.width, shape.height
        );
        return Err(Error::new(ErrorKind::Value, message));
    }
    let margins = [left, top, right, bottom];
    if sides.iter().chain(&margins).any(|side| side.saturating_abs() > i64::from(SIDE_MAX)) {
        return Err(Error::too_large(format!("extend=: a layer longer than {SIDE_MAX} pixels")));
    }
    let rect = Rect::new(0, 0, pixels(sides[0]), pixels(sides[1]));
    let filled = Rect::of(if warp.is_some() { scaled.canvas } else { shape });
    let clips = Vec::new();
    let mut laid_out = LayerLayout { rect, filled, origin: [0.0; 2], content, mask, warp, clips };
    let from_path = self_sized.filter(|_| !is_text);
    let transforms = (Matrix::moved(from_path.unwrap_or_default()), laid_out.image());
    laid_out.clips = clips::placed(&layer.treatment.clips, transforms, &layer.content, sources)?;
    laid_out.shift([left, top]);
    laid_out.rect = rect;
    let path_origin = self_sized.map(|[x, y]| [x + left as f64, y + top as f64]);
    laid_out.origin = origin(layer, &laid_out, size, path_origin);
    Ok(laid_out)
}

impl LayerLayout {
    /// Moves the layer so that its origin lies at `origin`, that of layer 0, plus `pos=` (D15).
    pub fn place(
        &mut self,
        position: Option<Measure<2>>,
        origin: [f64; 2],
        canvas: Size<CompositeSpace>,
    ) -> Result<()> {
        let offset = match position {
            None => [0.0; 2],
            Some(Measure::Pixels(offset)) => offset.map(|at| at as f64),
            Some(Measure::Normalized([x, y])) => {
                [x.to_f64() * f64::from(canvas.width), y.to_f64() * f64::from(canvas.height)]
            }
        };
        // D18: half a pixel is rounded up.
        let at = [0, 1]
            .map(|side: usize| (origin[side] + offset[side] - self.origin[side] + 0.5).floor());
        if !at.iter().all(|at| at.abs() <= f64::from(SIDE_MAX)) {
            return Err(Error::too_large("pos=: the layer is too far from layer 0"));
        }
        self.shift(at.map(|at| at as i64));
        Ok(())
    }

    /// The transform from fractions of the sides of its content to the canvas.
    pub fn image(&self) -> Matrix {
        let matrix = self.content.matrix();
        self.warp.map_or(matrix, |warp| warp * matrix)
    }

    /// Moves the layer.
    pub fn shift(&mut self, [x, y]: [i64; 2]) {
        let by = [x as f64, y as f64];
        (self.rect.x, self.rect.y) = (self.rect.x + x, self.rect.y + y);
        self.origin = [self.origin[0] + by[0], self.origin[1] + by[1]];
        for clip in &mut self.clips {
            clip.to_canvas = Matrix::moved(by) * clip.to_canvas;
        }
        match &mut self.warp {
            Some(warp) => *warp = Matrix::moved(by) * *warp,
            None => {
                self.filled = self.filled.shift([x, y]);
                for content in std::iter::once(&mut self.content).chain(&mut self.mask) {
                    content.across.at += x;
                    content.down.at += y;
                }
            }
        }
    }

    /// Hides what lies outside the layer's rectangle and the canvas.
    pub fn clip(&mut self, canvas: Rect<CompositeSpace>) {
        if self.warp.is_none() {
            let seen = self.rect.intersect(&canvas);
            for content in std::iter::once(&mut self.content).chain(&mut self.mask) {
                content.across.clip = [seen.x, seen.right()];
                content.down.clip = [seen.y, seen.bottom()];
            }
        }
    }

    /// Mirrors the layer with the whole canvas.
    pub fn mirror(&mut self, flip: Flip, canvas: Size<CompositeSpace>) {
        self.rect = mirrored_rect(self.rect, flip, canvas);
        let mirrored = Matrix::mirrored(flip, canvas);
        for clip in &mut self.clips {
            clip.to_canvas = mirrored * clip.to_canvas;
        }
        match &mut self.warp {
            Some(warp) => *warp = mirrored * *warp,
            None => {
                self.filled = mirrored_rect(self.filled, flip, canvas);
                for content in std::iter::once(&mut self.content).chain(&mut self.mask) {
                    content.mirror(flip, canvas);
                }
            }
        }
    }
}

fn mirrored_rect(
    rect: Rect<CompositeSpace>,
    flip: Flip,
    canvas: Size<CompositeSpace>,
) -> Rect<CompositeSpace> {
    let x = if flip.left_right { i64::from(canvas.width) - rect.right() } else { rect.x };
    let y = if flip.up_down { i64::from(canvas.height) - rect.bottom() } else { rect.y };
    Rect::new(x, y, rect.width, rect.height)
}

/// The smallest rectangle of whole pixels around the first path that the request gives.
fn extent(clips: &[Clip]) -> Rect<CompositeSpace> {
    let path = clips.iter().find_map(|clip| match &clip.path {
        ClipPath::Given(path) if !clip.exclude => Some(path),
        ClipPath::Given(_) | ClipPath::Embedded(_) => None,
    });
    let bounds = path.and_then(|path| coverage::bounds(path, &Matrix::moved([0.0; 2])));
    coverage::pixels_around(bounds.unwrap_or_default())
}

/// The point that `pos=` places: `origin=`, else the transformed anchor, else the centre (D15).
fn origin(
    layer: &Layer,
    laid_out: &LayerLayout,
    size: Size<SourceSpace>,
    path_origin: Option<[f64; 2]>,
) -> [f64; 2] {
    let Rect { width, height, .. } = laid_out.rect;
    let rect = [f64::from(width), f64::from(height)];
    let of_content = |point| {
        let at = laid_out.content.map(point);
        laid_out.warp.map_or(at, |warp| warp.apply(at))
    };
    let parts =
        |[x, y]: [Ratio; 2], of: [f64; 2]| [(x.to_f64() + 0.5) * of[0], (y.to_f64() + 0.5) * of[1]];
    let source = [f64::from(size.width), f64::from(size.height)];
    let stored = match &layer.content {
        Content::Source(source) => source.anchor.map(Measure::Pixels),
        Content::Empty | Content::Picture(_) | Content::Text(_) | Content::Solid(_) => None,
    };
    match (layer.placement.origin, layer.placement.anchor.or(stored)) {
        (Some(Measure::Pixels(origin)), _) => origin.map(|at| at as f64),
        (Some(Measure::Normalized(origin)), _) => parts(origin, rect),
        (None, Some(Measure::Pixels(anchor))) => of_content(anchor.map(|at| at as f64)),
        (None, Some(Measure::Normalized(anchor))) => of_content(parts(anchor, source)),
        // r-clippath: the default origin is (0, 0) of the path.
        (None, None) => path_origin.unwrap_or(parts([Ratio::ZERO; 2], rect)),
    }
}

/// The size that `size=` or `sizeN=` gives a solid layer; `None` without both sides.
fn fixed_size(layer: &Layer, canvas: Canvas) -> Option<Size<CompositeSpace>> {
    let [width, height] = bounding(layer, canvas);
    Some(Size::new(width?, height?))
}

/// The clockwise quarter turns of an angle, 0 to 3, and the rest of it in degrees. The rest is 0
/// for multiples of 90°, which need no resampling (D13).
fn quarter_turns(degrees: Ratio) -> (u8, Ratio) {
    let quarter = Ratio::from(90_u32);
    let turns = (degrees / quarter).floor();
    (turns.rem_euclid(4) as u8, degrees - Ratio::from(turns) * quarter)
}

/// A rotation of a layer of this size, and the size of the rectangle around it (D13).
fn rotated(degrees: Ratio, size: Size<CompositeSpace>) -> (Matrix, Size<CompositeSpace>) {
    let matrix = Matrix::rotated(degrees.to_f64());
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let [[cos, sin, _], ..] = matrix.0.map(|row| row.map(f64::abs));
    // 1e-6 allows for rounding errors.
    let around = |len: f64| pixels((len - 1e-6).ceil() as i64);
    let around = Size::new(around(width * cos + height * sin), around(width * sin + height * cos));
    let to = [f64::from(around.width) / 2.0, f64::from(around.height) / 2.0];
    (Matrix::moved(to) * matrix * Matrix::moved([-width / 2.0, -height / 2.0]), around)
}

/// The transform of content of this size to the corners of `perspective=`, in pixels or in
/// fractions of the composite.
fn of_corners(
    perspective: &Perspective,
    size: Size<CompositeSpace>,
    composite: Size<CompositeSpace>,
) -> Matrix {
    let mut corners = perspective.corners.map(Ratio::to_f64);
    if perspective.normalized {
        let sides = [f64::from(composite.width), f64::from(composite.height)];
        corners.iter_mut().zip(sides.iter().cycle()).for_each(|(at, side)| *at *= side);
    }
    let unit = [1.0 / f64::from(size.width), 1.0 / f64::from(size.height)];
    Matrix::of_corners(corners) * Matrix::scale_and_move(unit, [0.0; 2])
}

/// The margins of `extend=` in pixels: left, top, right and bottom (D14).
fn extension(extend: Option<Measure<4>>, shape: Size<CompositeSpace>) -> [i64; 4] {
    match extend {
        None => [0; 4],
        Some(Measure::Pixels(sides)) => sides,
        Some(Measure::Normalized([left, top, right, bottom])) => {
            let of = |part: Ratio, len: u32| (part * Ratio::from(len)).round();
            let Size { width, height, .. } = shape;
            [of(left, width), of(top, height), of(right, width), of(bottom, height)]
        }
    }
}
