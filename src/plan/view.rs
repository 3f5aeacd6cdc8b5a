//! The view transform (r-view-transform-for-images, r-rgn, r-rect, r-dpr; decisions F).

use std::ops::Range;

use super::{
    axis,
    fit::{Fitted, fitted, offset, pixels, within},
    matrix::Matrix,
};
use crate::{
    commands::{Fit, FitMode},
    error::{Error, Result},
    geometry::{CompositeSpace, Rect, Size, ViewSpace},
    picture::View,
    ratio::Ratio,
};

/// Where the composite lies in the view, and which part of the view is the reply.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewTransform {
    /// How composite positions map to view positions.
    pub frame: Frame,
    /// The size of the view.
    pub size: Size<ViewSpace>,
    /// The reply, in pixels of the view.
    pub reply: Rect<ViewSpace>,
}

/// Where a composite lies in the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The horizontal axis.
    pub across: Mapping,
    /// The vertical axis.
    pub down: Mapping,
}

/// One axis: composite position `c` maps to view position `(c − origin) · scale + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mapping {
    /// Composite position where the region of interest starts.
    pub origin: f64,
    /// View pixels per composite pixel; negative where the composite is mirrored.
    pub scale: f64,
    /// View position where the region of interest starts.
    pub offset: f64,
}

impl Frame {
    /// View pixels per composite pixel, the smaller of both axes.
    pub fn scale(&self) -> f64 {
        self.across.scale.abs().min(self.down.scale.abs())
    }

    /// The transform from the composite to the view.
    pub fn matrix(&self) -> Matrix {
        let moved = |axis: &Mapping| axis.offset - axis.origin * axis.scale;
        let by = [moved(&self.across), moved(&self.down)];
        Matrix::scale_and_move([self.across.scale, self.down.scale], by)
    }

    /// The pixels of the view whose centres lie in a rectangle of the composite.
    pub fn cover(&self, rect: Rect<CompositeSpace>) -> Rect<ViewSpace> {
        let across = self.across.cover(rect.x, rect.right());
        let down = self.down.cover(rect.y, rect.bottom());
        let len = |axis: &Range<i64>| u32::try_from(axis.end - axis.start).unwrap_or(0);
        Rect::new(across.start, down.start, len(&across), len(&down))
    }
}

impl Mapping {
    /// The view position of a composite position.
    pub fn map(&self, at: f64) -> f64 {
        (at - self.origin) * self.scale + self.offset
    }

    fn cover(&self, from: i64, to: i64) -> Range<i64> {
        let ends = [from, to].map(|at| self.map(at as f64));
        axis::pixels_between(ends[0].min(ends[1]), ends[0].max(ends[1]))
    }
}

/// The longest side of a view, in pixels. Longer views are refused before any arithmetic overflows.
const SIDE_MAX: u32 = 10_000_000;

/// Computes the view of a composite of this size.
///
/// `dpr=` multiplies the requested size. Where the result exceeds MaxPix, the view shrinks to fit
/// MaxPix (r-dpr; F19, F21). `dpr=` does not change `scl=` and `rect=`.
pub fn transform(view: &View, composite: Size<CompositeSpace>) -> Result<ViewTransform> {
    // F15: with `rgn=`, its region is fitted instead of the whole composite.
    let region = view.region.unwrap_or_else(|| Rect::of(composite));
    let size = Size::new(region.width, region.height);
    let larger = times(view);
    let fits = fitted(&larger, size)?;
    let dense = view.pixel_ratio != Ratio::ONE && view.rect.is_none();
    match dense && is_over(fits.view, view.max_pix) {
        true => place(view, region, fitted(&hold(&larger, view.size, size, fits), size)?),
        false => place(view, region, fits),
    }
}

/// The view with its sizes multiplied by `dpr=`. An unset size stays unset, and a DefaultPix of 0
/// stays 0.
fn times(view: &View) -> View {
    let longer = |len: u32| match len {
        0 => 0,
        len => pixels((Ratio::from(len) * view.pixel_ratio).round()),
    };
    View {
        size: view.size.map(|side| side.map(longer)),
        default_pix: view.default_pix.map(longer),
        ..view.clone()
    }
}

/// Whether either side is longer than its limit; 0 means no limit.
fn is_over(size: Size<ViewSpace>, max: [u32; 2]) -> bool {
    let [width, height] = max;
    (width > 0 && size.width > width) || (height > 0 && size.height > height)
}

/// Shrinks a view that exceeds MaxPix until it just fits. It keeps the aspect ratio of the
/// requested size where the reply has exactly that size, else that of the image.
fn hold(
    larger: &View,
    asked: [Option<u32>; 2],
    region: Size<CompositeSpace>,
    fits: Fitted,
) -> View {
    let limits = larger.max_pix.map(|max| (max > 0).then_some(max));
    let scaled = larger.inverse_scale.is_some();
    let loose = |fit: Fit| matches!(fit.mode, FitMode::Constrain | FitMode::Wrap);
    let kept = scaled || !larger.fit.is_some_and(loose);
    // Limits each requested side to MaxPix. A side that follows from the image stays unset.
    let cut = |side: Option<u32>, max: Option<u32>| side.map(|len| len.min(max.unwrap_or(len)));
    let [width, height] = larger.size;
    let size = [cut(width, limits[0]), cut(height, limits[1])];
    let free = Size::new(size[0].unwrap_or(fits.view.width), size[1].unwrap_or(fits.view.height));
    let (held, fit) = match asked {
        [Some(width), Some(height)] if kept => {
            (within(Size::<ViewSpace>::new(width, height), limits), larger.fit)
        }
        _ if fits.is_exact() && !scaled => {
            let exactly = Fit { mode: FitMode::Stretch, upscale: true };
            (within(region, limits), Some(exactly))
        }
        _ if scaled || !is_over(free, larger.max_pix) => return View { size, ..larger.clone() },
        _ => (within(fits.view, limits), larger.fit),
    };
    View { size: [Some(held.view.width), Some(held.view.height)], fit, ..larger.clone() }
}

/// Places the fitted region in its view and selects the reply from it.
fn place(view: &View, region: Rect<CompositeSpace>, fits: Fitted) -> Result<ViewTransform> {
    let zoom = view.rect.map_or(Ratio::ONE, |part| part.scale);
    let zoomed = |len: u32| pixels((Ratio::from(len) * zoom).ceil());
    let size = Size::new(zoomed(fits.view.width), zoomed(fits.view.height));
    let sides = [fits.image.width, fits.image.height, size.width, size.height];
    if sides.iter().any(|&side| side > SIDE_MAX) {
        return Err(Error::too_large(format!("a view longer than {SIDE_MAX} pixels")));
    }
    let across = Side {
        start: region.x,
        region: region.width,
        image: fits.image.width,
        view: fits.view.width,
        zoomed: size.width,
    };
    let down = Side {
        start: region.y,
        region: region.height,
        image: fits.image.height,
        view: fits.view.height,
        zoomed: size.height,
    };
    let reply = view.rect.map_or_else(|| Rect::of(size), |part| part.rect);
    let [horizontal, vertical] = view.align;
    Ok(ViewTransform {
        frame: Frame { across: across.mapping(horizontal), down: down.mapping(vertical) },
        size,
        reply,
    })
}

/// One axis: start and length of the region in composite pixels; lengths of the image and the view
/// in view pixels; length of the view after `rect=` scales it.
struct Side {
    start: i64,
    region: u32,
    image: u32,
    view: u32,
    zoomed: u32,
}

impl Side {
    fn mapping(&self, align: Ratio) -> Mapping {
        // The scaled view fills its last pixel, even where `rect=` scales it to a fraction of one.
        let zoom = f64::from(self.zoomed) / f64::from(self.view);
        Mapping {
            origin: self.start as f64,
            scale: f64::from(self.image) / f64::from(self.region) * zoom,
            offset: offset(self.view, self.image, align) as f64 * zoom,
        }
    }
}
