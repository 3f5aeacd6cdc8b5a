//! Draws the sheet: one row for each picture, with the annotated original and each cropper's crop.

use image::{Rgb, RgbImage, imageops};

use super::{Annotated, Cropper, Rect};

/// Width and height of a cell in pixels, with its margin.
const CELL: (u32, u32) = (196, 150);

/// The sheet of one shape.
pub fn draw(pictures: &[Annotated], croppers: &[Cropper], shape: usize) -> RgbImage {
    let columns = croppers.len() as u32 + 1;
    let size = (CELL.0 * columns, CELL.1 * pictures.len() as u32);
    let mut sheet = RgbImage::from_pixel(size.0, size.1, Rgb([70; 3]));
    for (row, annotated) in pictures.iter().enumerate() {
        let top = row as u32 * CELL.1;
        let mut marked = annotated.picture.clone();
        outline(&mut marked, annotated.subject, Rgb([255, 0, 255]));
        outline(&mut marked, annotated.focus, Rgb([0, 255, 255]));
        put(&mut sheet, &marked, (0, top));
        for (column, cropper) in croppers.iter().enumerate() {
            let crop = cut(&annotated.picture, cropper.crops[row][shape]);
            put(&mut sheet, &crop, ((column as u32 + 1) * CELL.0, top));
        }
    }
    sheet
}

fn pixels(picture: &RgbImage, [x, y, width, height]: Rect) -> [u32; 4] {
    let (across, down) = (f64::from(picture.width()), f64::from(picture.height()));
    [x * across, y * down, width * across, height * down].map(|value| value.round() as u32)
}

fn cut(picture: &RgbImage, rect: Rect) -> RgbImage {
    let [x, y, width, height] = pixels(picture, rect);
    imageops::crop_imm(picture, x, y, width.max(1), height.max(1)).to_image()
}

/// Draws a frame three pixels wide.
fn outline(picture: &mut RgbImage, rect: Rect, colour: Rgb<u8>) {
    let [left, top, width, height] = pixels(picture, rect);
    let near = |at: u32, edge: u32| at.abs_diff(edge) <= 1;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let inside = (left..=left + width).contains(&x) && (top..=top + height).contains(&y);
        let on = near(x, left) || near(x, left + width) || near(y, top) || near(y, top + height);
        if inside && on {
            *pixel = colour;
        }
    }
}

/// Draws a picture in the middle of a cell.
fn put(sheet: &mut RgbImage, picture: &RgbImage, (left, top): (u32, u32)) {
    let room = (CELL.0 - 6, CELL.1 - 6);
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (f64::from(room.0) / width).min(f64::from(room.1) / height);
    let side = |value: f64| ((value * scale) as u32).max(1);
    let small =
        imageops::resize(picture, side(width), side(height), imageops::FilterType::Triangle);
    let x = left + (CELL.0 - small.width()) / 2;
    let y = top + (CELL.1 - small.height()) / 2;
    imageops::replace(sheet, &small, i64::from(x), i64::from(y));
}
