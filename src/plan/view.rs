//! The view transform (r-view-transform-for-images, r-fit, r-scl, r-rgn, r-rect; decisions F).

use crate::{
    commands::{Fit, FitMode},
    error::{Error, Result},
    geometry::{self, Canvas, Rect, Size},
    scene::View,
};

/// Where the composite lies in the view, and which part of the view is the reply.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewTransform {
    /// The horizontal axis.
    pub across: Mapping,
    /// The vertical axis.
    pub down: Mapping,
    /// The size of the view.
    pub size: Size<geometry::View>,
    /// The reply, in pixels of the view.
    pub reply: Rect<geometry::View>,
}

/// One axis: composite position `c` is seen at `(c − origin) · scale + offset` in the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mapping {
    /// Composite position of the region of interest.
    pub origin: f64,
    /// View pixels per composite pixel.
    pub scale: f64,
    /// View position of the region of interest.
    pub offset: f64,
}

/// The scaled region of interest, and the view it is aligned in; both in view pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fitted {
    image: [f64; 2],
    view: [f64; 2],
}

/// Views longer than this are refused before they overflow anything.
const SIDE_MAX: f64 = 1e7;

/// Computes the view of a composite of this size.
///
/// With `dpr=` it is that many times larger than asked for; where MaxPix does not allow it, as
/// large as MaxPix does (r-dpr; F19, F21). `scl=` and `rect=` stay as they are.
pub fn transform(view: &View, composite: Size<Canvas>) -> Result<ViewTransform> {
    let ratio = view.pixel_ratio;
    let enlarged = at(&times(view, ratio, 0.5), composite)?;
    let limit = |max: u32, len: u32| if max == 0 { 1.0 } else { f64::from(max) / f64::from(len) };
    let [max_width, max_height] = view.max_pix;
    let allowed =
        limit(max_width, enlarged.reply.width).min(limit(max_height, enlarged.reply.height));
    if ratio == 1.0 || allowed >= 1.0 || view.rect.is_some() {
        return Ok(enlarged);
    }
    // Rounded down, or a side that follows from the other could pass MaxPix again.
    at(&times(view, ratio * allowed, 1e-6), composite)
}

/// The view with its sizes multiplied; a free one stays free.
fn times(view: &View, ratio: f64, rounding: f64) -> View {
    let longer = |len: u32| match len {
        0 => 0,
        len => (f64::from(len) * ratio + rounding).floor().max(1.0).min(SIDE_MAX + 1.0) as u32,
    };
    View {
        size: view.size.map(|side| side.map(longer)),
        default_pix: view.default_pix.map(longer),
        ..view.clone()
    }
}

fn at(view: &View, composite: Size<Canvas>) -> Result<ViewTransform> {
    let whole = [0, 0, i64::from(composite.width), i64::from(composite.height)];
    // F15: the region takes the composite's place as the thing that is fitted.
    let [x, y, width, height] = view.region.unwrap_or(whole);
    let region = [width as f64, height as f64];
    let fitted = fitted(view, region)?;
    let offset = offsets(view, &fitted);
    let (rect, zoom) = match view.rect {
        Some((rect, zoom)) => (Some(rect), zoom),
        None => (None, 1.0),
    };
    let size = fitted.view.map(|len| round(len * zoom));
    if fitted.image.iter().chain(&size).any(|&len| len * zoom > SIDE_MAX) {
        return Err(Error::too_large(format!("a view longer than {SIDE_MAX} pixels")));
    }
    let whole_view = Size::new(size[0] as u32, size[1] as u32);
    let mapping = |origin: i64, side: usize| Mapping {
        origin: origin as f64,
        scale: fitted.image[side] / region[side] * zoom,
        offset: offset[side] * zoom,
    };
    let reply = match rect {
        None => Rect::of(whole_view),
        Some([x, y, width, height]) => {
            let side = |len: i64| u32::try_from(len).unwrap_or(u32::MAX);
            Rect::new(x, y, side(width), side(height))
        }
    };
    Ok(ViewTransform { across: mapping(x, 0), down: mapping(y, 1), size: whole_view, reply })
}

/// Where the scaled region lies in the view: −1 left or top, 0 centred, 1 right or bottom (F9).
fn offsets(view: &View, fitted: &Fitted) -> [f64; 2] {
    let aligned = view.size[0].is_some() && view.size[1].is_some();
    let stretched = view.fit.is_some_and(|fit| fit.mode == FitMode::Stretch);
    let align = if aligned && !stretched { view.align } else { [0.0, 0.0] };
    [0, 1].map(|side| {
        let room = fitted.view[side] - fitted.image[side];
        if room < 0.0 {
            // F8: what is cut off at the near side is rounded down.
            -((-room * (1.0 + align[side]) / 2.0).floor())
        } else {
            (room * (1.0 + align[side]) / 2.0).floor()
        }
    })
}

fn fitted(view: &View, region: [f64; 2]) -> Result<Fitted> {
    let [width, height] = region;
    let asked = view.size.map(|side| side.map(f64::from));
    if let Some(factor) = view.inverse_scale {
        // F13: wid= and hei= then only cut or pad.
        let image = region.map(|len| round(len / factor));
        let view = [asked[0].unwrap_or(image[0]), asked[1].unwrap_or(image[1])];
        return Ok(Fitted { image, view });
    }
    // F1: without fit= the composite may be enlarged.
    let fit = view.fit.unwrap_or(Fit { mode: FitMode::Fit, upscale: true });
    match asked {
        [None, None] if view.fit.is_some() => {
            Err(Error::value("fit", "…", "wid= or hei= beside it (r-fit)"))
        }
        [None, None] => Ok(exactly(default_size(view, region))),
        [Some(w), None] => {
            let w = if fit.upscale { w } else { w.min(width) };
            Ok(exactly([w, part(height, w, width)]))
        }
        [None, Some(h)] => {
            let h = if fit.upscale { h } else { h.min(height) };
            Ok(exactly([part(width, h, height), h]))
        }
        [Some(w), Some(h)] => Ok(both(fit, region, [w, h])),
    }
}

fn exactly(image: [f64; 2]) -> Fitted {
    Fitted { image, view: image }
}

/// F18: no larger than DefaultPix, never enlarged.
fn default_size(view: &View, [width, height]: [f64; 2]) -> [f64; 2] {
    let limit = |len: u32| if len == 0 { f64::INFINITY } else { f64::from(len) };
    let [max_width, max_height] = view.default_pix.map(limit);
    if width <= max_width && height <= max_height {
        [width, height]
    } else if max_width * height <= max_height * width {
        [max_width, part(height, max_width, width)]
    } else {
        [part(width, max_height, height), max_height]
    }
}

/// The seven modes of r-fit, with both `wid=` and `hei=`.
fn both(fit: Fit, region: [f64; 2], asked: [f64; 2]) -> Fitted {
    let [width, height] = region;
    let [w, h] = asked;
    let by_width = || [w, part(height, w, width)];
    let by_height = || [part(width, h, height), h];
    let wide = w * height <= h * width;
    let inside = if wide { by_width() } else { by_height() };
    // Covering is rounded up, so that no line of background is left at an edge (F8).
    let around = if wide {
        [(width * h / height - 1e-9).ceil(), h]
    } else {
        [w, (height * w / width - 1e-9).ceil()]
    };
    let image = match fit.mode {
        FitMode::Fit | FitMode::Constrain => inside,
        FitMode::Crop | FitMode::Wrap => around,
        FitMode::Stretch => [w, h],
        FitMode::HFit => by_width(),
        FitMode::VFit => by_height(),
    };
    let image = match (fit.upscale, fit.mode) {
        (true, _) => image,
        (false, FitMode::Stretch) => [image[0].min(width), image[1].min(height)],
        // One factor for both axes: either side too large means 1:1.
        (false, _) if image[0] > width || image[1] > height => region,
        (false, _) => image,
    };
    let view = match fit.mode {
        FitMode::Constrain | FitMode::Wrap => image,
        FitMode::Fit | FitMode::Crop | FitMode::Stretch | FitMode::HFit | FitMode::VFit => asked,
    };
    Fitted { image, view }
}

/// `len · by / of`, rounded; at least one pixel (F7).
fn part(len: f64, by: f64, of: f64) -> f64 {
    round(len * by / of)
}

/// Half up, at least 1.
fn round(len: f64) -> f64 {
    (len + 0.5).floor().max(1.0)
}
