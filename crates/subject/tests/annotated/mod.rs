//! Photographs whose subject was annotated by hand, and how much of it a crop shows.

#![allow(dead_code, reason = "each target uses a part of this")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its set-up too")]

pub mod other_croppers;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::skip::skip;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Rgb, RgbImage, RgbaImage, imageops};
use subject::{Region, Subject};

/// The shapes of the compared crops, width and height.
pub const SHAPES: [[u32; 2]; 7] = [[1, 1], [4, 3], [16, 9], [3, 1], [3, 4], [9, 16], [1, 3]];

/// x, y, width, height, from 0 to 1 of a picture.
pub type Rect = [f64; 4];

/// A picture, reduced as in ingest, with its annotations.
pub struct Annotated {
    /// Its path relative to the folder.
    pub file: String,
    /// Whether it was not used for tuning.
    pub held_out: bool,
    /// The whole subject.
    pub subject: Rect,
    /// The part that must be visible if the subject does not fit, such as a face or a flame.
    pub focus: Rect,
    /// The picture.
    pub picture: RgbImage,
}

/// The shared corpus of images. Reports a skip if it is not here.
pub fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        skip("corpus", &format!("{} is not here", corpus.display()));
        return None;
    }
    Some(corpus)
}

/// Reads the pictures of a folder that a table names.
pub fn all(folder: &Path, table: &Path) -> Vec<Annotated> {
    let table = fs::read_to_string(table).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [file, set, subject, focus] = cells[..] else { panic!("{row}: expected 4 cells") };
        let rect = |text: &str| -> Rect {
            let parts: Vec<f64> = text.split(',').map(|part| part.parse().unwrap()).collect();
            parts.try_into().unwrap()
        };
        Annotated {
            file: file.to_owned(),
            held_out: set == "held",
            subject: rect(subject),
            focus: rect(focus),
            picture: open(&folder.join(file)),
        }
    })
    .collect()
}

/// Opens a picture: upright, on white, at the size for subject detection.
fn open(path: &Path) -> RgbImage {
    let reader = ImageReader::open(path).unwrap().with_guessed_format().unwrap();
    let mut decoder = reader.into_decoder().unwrap();
    let orientation = decoder.orientation().unwrap();
    let mut picture = DynamicImage::from_decoder(decoder).unwrap();
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > subject::SIZE {
        picture = picture.thumbnail(subject::SIZE, subject::SIZE);
    }
    let on_white = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [rgb @ .., alpha] = on_white.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        Rgb(rgb.map(|value| ((u32::from(value) * alpha + 255 * (255 - alpha)) / 255) as u8))
    })
}

/// Opens a picture with alpha, and cuts off its transparent margins.
pub fn cut_out(path: &Path) -> RgbaImage {
    let picture = image::open(path).unwrap().to_rgba8();
    let seen = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[3] > 20);
    let (across, down): (Vec<u32>, Vec<u32>) = seen.map(|(x, y, _)| (x, y)).unzip();
    let range = |at: &[u32]| (*at.iter().min().unwrap(), *at.iter().max().unwrap());
    let ((left, right), (top, bottom)) = (range(&across), range(&down));
    imageops::crop_imm(&picture, left, top, right + 1 - left, bottom + 1 - top).to_image()
}

/// How much of `part` the crop shows, relative to the most that any crop of that shape could show: 0 to
/// 1.
pub fn shown(part: Rect, crop: Rect, [width, height]: [u32; 2], picture: &RgbImage) -> f64 {
    let ratio = f64::from(width) / f64::from(height) * f64::from(picture.height())
        / f64::from(picture.width());
    let (across, down) = if ratio > 1.0 { (1.0, 1.0 / ratio) } else { (ratio, 1.0) };
    let most = part[2].min(across) * part[3].min(down);
    let side = |at: usize| {
        let end = (part[at] + part[at + 2]).min(crop[at] + crop[at + 2]);
        (end - part[at].max(crop[at])).max(0.0)
    };
    (side(0) * side(1) / most).min(1.0)
}

/// The mean of [`shown`] over all pictures, for the crops of shape number `at`.
pub fn mean(
    pictures: &[Annotated],
    crops: &[Vec<Rect>],
    at: usize,
    part: impl Fn(&Annotated) -> Rect,
) -> f64 {
    let share = |(annotated, crops): (&Annotated, &Vec<Rect>)| {
        shown(part(annotated), crops[at], SHAPES[at], &annotated.picture)
    };
    pictures.iter().zip(crops).map(share).sum::<f64>() / pictures.len() as f64
}

/// Our crops, one for each shape.
pub fn ours(annotated: &Annotated) -> Vec<Rect> {
    let subject = Subject::new(annotated.picture.width(), &annotated.picture);
    SHAPES.map(|[width, height]| rect(subject.crop(width, height))).to_vec()
}

/// A region as an array.
pub fn rect(Region { x, y, width, height }: Region) -> Rect {
    [x, y, width, height]
}
