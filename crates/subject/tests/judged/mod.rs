//! Photographs whose subject was marked by eye, and how much of it a crop shows.

#![allow(dead_code, reason = "each target uses a part of this")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its set-up too")]

pub mod rivals;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::skip::skip;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Rgb, RgbImage, RgbaImage, imageops};
use subject::Subject;

/// The shapes that are judged, width and height.
pub const SHAPES: [[u32; 2]; 7] = [[1, 1], [4, 3], [16, 9], [3, 1], [3, 4], [9, 16], [1, 3]];

/// x, y, width, height, from 0 to 1 of a picture.
pub type Rect = [f64; 4];

/// A picture, reduced as ingest does it, and what was marked in it.
pub struct Judged {
    /// Its name below the folder.
    pub file: String,
    /// Whether it was kept back when the weights were chosen.
    pub held: bool,
    /// All of the subject.
    pub subject: Rect,
    /// What must be seen where not all fits: a face, a flame.
    pub focus: Rect,
    /// The picture.
    pub picture: RgbImage,
}

/// The shared corpus of images, if it is here; else a message says that the test did nothing.
pub fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        skip("corpus", &format!("{} is not here", corpus.display()));
        return None;
    }
    Some(corpus)
}

/// The pictures that a table names, out of a folder.
pub fn all(folder: &Path, table: &Path) -> Vec<Judged> {
    let table = fs::read_to_string(table).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [file, set, subject, focus] = cells[..] else { panic!("{row}: expected 4 cells") };
        let rect = |text: &str| -> Rect {
            let parts: Vec<f64> = text.split(',').map(|part| part.parse().unwrap()).collect();
            parts.try_into().unwrap()
        };
        Judged {
            file: file.to_owned(),
            held: set == "held",
            subject: rect(subject),
            focus: rect(focus),
            picture: open(&folder.join(file)),
        }
    })
    .collect()
}

/// A picture upright, on white, at the size in which the subject is looked for.
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

/// A picture with its alpha, without what is transparent around it.
pub fn cut_out(path: &Path) -> RgbaImage {
    let picture = image::open(path).unwrap().to_rgba8();
    let seen = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[3] > 20);
    let (across, down): (Vec<u32>, Vec<u32>) = seen.map(|(x, y, _)| (x, y)).unzip();
    let range = |at: &[u32]| (*at.iter().min().unwrap(), *at.iter().max().unwrap());
    let ((left, right), (top, bottom)) = (range(&across), range(&down));
    imageops::crop_imm(&picture, left, top, right + 1 - left, bottom + 1 - top).to_image()
}

/// How much of a part of a picture `crop` shows, as part of the most that any crop of that shape
/// could show: 0 to 1.
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

/// The mean over pictures of what their crops of the shape at `at` show of a part of them.
pub fn mean(
    pictures: &[Judged],
    crops: &[Vec<Rect>],
    at: usize,
    part: impl Fn(&Judged) -> Rect,
) -> f64 {
    let share = |(judged, crops): (&Judged, &Vec<Rect>)| {
        shown(part(judged), crops[at], SHAPES[at], &judged.picture)
    };
    pictures.iter().zip(crops).map(share).sum::<f64>() / pictures.len() as f64
}

/// Our crops, a rectangle a shape.
pub fn ours(judged: &Judged) -> Vec<Rect> {
    let subject = Subject::new(judged.picture.width(), &judged.picture);
    SHAPES.map(|[width, height]| subject.crop(width, height)).to_vec()
}
