//! Computes the size of the composite in the view (r-fit, r-scl, r-view-transform-for-images;
//! decisions F), in integers. Sizes that follow from the aspect ratio are rounded up (F7).

use crate::{
    commands::{Fit, FitMode},
    error::{Error, Result},
    geometry::{self, CompositeSpace, Size},
    picture::View,
    ratio::Ratio,
};

/// The scaled region of interest, and the view in which it is aligned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// Size of the scaled region.
    pub image: Size<geometry::ViewSpace>,
    /// Size of the view. It shows background where the image is smaller, and crops a larger image.
    pub view: Size<geometry::ViewSpace>,
}

impl Fitted {
    /// A view that the image fills.
    fn exactly(width: u32, height: u32) -> Self {
        Self { image: Size::new(width, height), view: Size::new(width, height) }
    }

    /// Whether the image fills the view and nothing is cut off.
    pub fn is_exact(&self) -> bool {
        self.image == self.view
    }
}

/// Fits the region of interest into the requested size. Fails for `fit=` without `wid=` or `hei=`.
pub fn fitted(view: &View, region: Size<CompositeSpace>) -> Result<Fitted> {
    if let Some(factor) = view.inverse_scale {
        // F13: with `scl=`, `wid=` and `hei=` only crop or pad.
        let image = Size::new(scaled(region.width, factor), scaled(region.height, factor));
        let [width, height] = view.size;
        let view = Size::new(width.unwrap_or(image.width), height.unwrap_or(image.height));
        return Ok(Fitted { image, view });
    }
    // F1: an image is enlarged only on request.
    let fit = view.fit.unwrap_or(Fit { mode: FitMode::Fit, upscale: view.upscale });
    match view.size {
        [None, None] if view.fit.is_some() => {
            Err(Error::value("fit", "…", "wid= or hei= beside it (r-fit)"))
        }
        [None, None] => {
            let [width, height] = view.default_pix.map(|len| (len > 0).then_some(len));
            // F18: no larger than DefaultPix, never enlarged.
            let fits = |len, max: Option<u32>| max.is_none_or(|max| len <= max);
            Ok(match fits(region.width, width) && fits(region.height, height) {
                true => Fitted::exactly(region.width, region.height),
                false => within(region, [width, height]),
            })
        }
        [Some(width), Some(height)] => Ok(both(fit, region, width, height)),
        one => Ok(one_side(fit, region, one)),
    }
}

/// Scales a shape, up or down, to the largest size within the limits; `None` means no limit.
pub fn within<S: Copy>(shape: Size<S>, limits: [Option<u32>; 2]) -> Fitted {
    let Size { width, height, .. } = shape;
    match limits {
        [None, None] => Fitted::exactly(width, height),
        [Some(w), Some(h)] if is_wider(shape, w, h) => Fitted::exactly(w, part(height, w, width)),
        [_, Some(h)] => Fitted::exactly(part(width, h, height), h),
        [Some(w), None] => Fitted::exactly(w, part(height, w, width)),
    }
}

/// Fits with `wid=` or `hei=` alone; the other side follows from the aspect ratio. An image that is
/// not enlarged is padded to the requested side, unless the mode leaves no background (F3).
fn one_side(fit: Fit, region: Size<CompositeSpace>, asked: [Option<u32>; 2]) -> Fitted {
    let [width, height] = asked;
    let enlarged = width.is_some_and(|width| width > region.width)
        || height.is_some_and(|height| height > region.height);
    if !enlarged || fit.upscale {
        return within(region, asked);
    }
    let image = Size::new(region.width, region.height);
    let view = match fit.mode {
        FitMode::Constrain | FitMode::Wrap => image,
        FitMode::Fit | FitMode::Crop | FitMode::Stretch | FitMode::HFit | FitMode::VFit => {
            Size::new(width.unwrap_or(region.width), height.unwrap_or(region.height))
        }
    };
    Fitted { image, view }
}

/// The seven modes of r-fit, with both `wid=` and `hei=`.
fn both(fit: Fit, region: Size<CompositeSpace>, w: u32, h: u32) -> Fitted {
    let Size { width, height, .. } = region;
    let by_width = Size::new(w, part(height, w, width));
    let by_height = Size::new(part(width, h, height), h);
    let wider = is_wider(region, w, h);
    let image = match fit.mode {
        FitMode::Fit | FitMode::Constrain => {
            if wider {
                by_width
            } else {
                by_height
            }
        }
        // Covering sizes are rounded up too, so that no line of background remains at an edge (F8).
        FitMode::Crop | FitMode::Wrap => {
            if wider {
                by_height
            } else {
                by_width
            }
        }
        FitMode::Stretch => Size::new(w, h),
        FitMode::HFit => by_width,
        FitMode::VFit => by_height,
    };
    let image = match (fit.upscale, fit.mode) {
        (true, _) => image,
        (false, FitMode::Stretch) => Size::new(w.min(width), h.min(height)),
        // Both axes share one factor, so the image stays 1:1 where either side would be enlarged.
        (false, _) if image.width > width || image.height > height => Size::new(width, height),
        (false, _) => image,
    };
    let view = match fit.mode {
        FitMode::Constrain | FitMode::Wrap => image,
        FitMode::Fit | FitMode::Crop | FitMode::Stretch | FitMode::HFit | FitMode::VFit => {
            Size::new(w, h)
        }
    };
    Fitted { image, view }
}

/// Whether the shape, scaled to fit into `w` × `h`, is `w` wide.
fn is_wider<S: Copy>(shape: Size<S>, w: u32, h: u32) -> bool {
    u64::from(w) * u64::from(shape.height) <= u64::from(h) * u64::from(shape.width)
}

/// `len · by / of`, rounded up (F7).
fn part(len: u32, by: u32, of: u32) -> u32 {
    let exact = (u64::from(len) * u64::from(by)).div_ceil(u64::from(of.max(1)));
    u32::try_from(exact).unwrap_or(u32::MAX)
}

/// `len / factor`, rounded up (F7).
fn scaled(len: u32, factor: Ratio) -> u32 {
    pixels((Ratio::from(len) / factor).ceil())
}

/// A length in pixels, at least 1.
pub fn pixels(len: i64) -> u32 {
    u32::try_from(len.max(1)).unwrap_or(u32::MAX)
}

/// Where an image starts in a rectangle; negative where the image is larger. `align` is −1 for left
/// or top, 0 for centred, 1 for right or bottom (F9).
pub fn offset(rectangle: u32, image: u32, align: Ratio) -> i64 {
    let room = i64::from(rectangle) - i64::from(image);
    let near = (Ratio::new(room.abs(), 2) * (Ratio::ONE + align)).floor();
    // F8: the number of pixels cut off at the near side is rounded down.
    if room < 0 { -near } else { near }
}
