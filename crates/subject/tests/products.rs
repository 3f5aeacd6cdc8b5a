//! Products on studio backgrounds: crops show the whole product in the middle, if it fits.

use crate::annotated;

use annotated::{Rect, SHAPES, shown};
use image::{Rgb, RgbImage, RgbaImage, imageops};
use subject::Subject;

/// The lightness of a background at a position, both 0 to 1.
type Light = fn(f64, f64) -> f64;

const GROUNDS: [(&str, Light); 4] = [
    ("grey", |_, _| 0.8),
    ("lit from above", |_, y| 0.92 - 0.2 * y),
    ("dark at its corners", |x, y| 0.94 - 0.5 * ((x - 0.5) * (x - 0.5) + (y - 0.45) * (y - 0.45))),
    ("dark", |_, y| 0.16 + 0.1 * y),
];

/// The positions of the products, as fractions of the free space.
const POSITIONS: [(f64, f64); 4] = [(0.3, 0.4), (0.7, 0.5), (0.5, 0.75), (0.4, 0.3)];

const PRODUCTS: [&str; 6] = [
    "product/Lightbulb.png",
    "product/anemone_red.png",
    "product/cherimoya.png",
    "product/firetruck.png",
    "product/spade.png",
    "product/candle.png",
];

/// A product in a picture of `size` at the position `middle`, and its bounding box.
fn shot(
    product: &RgbaImage,
    size: (u32, u32),
    middle: (f64, f64),
    light: Light,
) -> (RgbImage, Rect) {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let (across, down) = (f64::from(product.width()), f64::from(product.height()));
    let scale = 0.5 * (width / across).min(height / down);
    let wide = ((across * scale) as u32).max(1);
    let high = ((down * scale) as u32).max(1);
    let product = imageops::resize(product, wide, high, imageops::FilterType::Triangle);
    let left = (middle.0 * f64::from(size.0 - wide)) as u32;
    let top = (middle.1 * f64::from(size.1 - high)) as u32;
    let picture = RgbImage::from_fn(size.0, size.1, |x, y| {
        // A little noise, as in photographs.
        let noise = f64::from((x * 7 + y * 13) % 5) - 2.0;
        let ground = light(f64::from(x) / width, f64::from(y) / height) * 255.0 + noise;
        let over = product.get_pixel_checked(x.wrapping_sub(left), y.wrapping_sub(top));
        let [rgb @ .., alpha] = over.map_or([0; 4], |over| over.0);
        let part = f64::from(alpha) / 255.0;
        Rgb(rgb.map(|value| (f64::from(value) * part + ground * (1.0 - part)) as u8))
    });
    let side = |at: u32, all: u32| f64::from(at) / f64::from(all);
    let rect = [side(left, size.0), side(top, size.1), side(wide, size.0), side(high, size.1)];
    (picture, rect)
}

/// Asserts that the crop shows the whole product if it fits, in the middle if the picture allows.
fn check(rect: Rect, crop: Rect, share: f64, label: &str) {
    // The edge of a glass bulb is invisible, so allows a small loss.
    assert!(share > 0.95, "{label}: {share:.3}: {crop:?} of {rect:?}");
    for at in [0, 1] {
        let fits = rect[at + 2] < crop[at + 2] * 0.9;
        let free = crop[at] > 0.001 && crop[at] + crop[at + 2] < 0.999;
        let off = rect[at] + rect[at + 2] / 2.0 - crop[at] - crop[at + 2] / 2.0;
        assert!(!fits || !free || off.abs() < 0.03, "{label}: off by {off:.3}");
    }
}

#[test]
fn products_are_whole_and_in_the_middle_on_any_background() {
    let Some(corpus) = annotated::corpus() else { return };
    for file in PRODUCTS {
        let product = annotated::cut_out(&corpus.join(file));
        for ((ground, light), middle) in GROUNDS.into_iter().zip(POSITIONS) {
            for size in [(480, 360), (360, 480)] {
                let (picture, rect) = shot(&product, size, middle, light);
                let subject = Subject::new(picture.width(), &picture);
                for shape in SHAPES {
                    let crop = annotated::rect(subject.crop(shape[0], shape[1]));
                    let label = format!("{file}, {ground}, {size:?}, {shape:?}");
                    check(rect, crop, shown(rect, crop, shape, &picture), &label);
                }
            }
        }
    }
}
