//! Crops of other programs: the middle, libvips, smartcrop.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

use image::RgbImage;

use super::{Rect, SHAPES};

/// The crop of the middle.
pub fn centre(picture: &RgbImage) -> Vec<Rect> {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let rect = |shape| {
        let (across, down) = largest(picture, shape);
        let (across, down) = (f64::from(across) / width, f64::from(down) / height);
        [(1.0 - across) / 2.0, (1.0 - down) / 2.0, across, down]
    };
    SHAPES.map(rect).to_vec()
}

/// The crops of `vips smartcrop` by the criterion `interesting`. `None` if vips is not installed.
pub fn vips(picture: &RgbImage, interesting: &str) -> Option<Vec<Rect>> {
    let input = Temporary::new("png");
    picture.save(&input.0).ok()?;
    let rect = |shape| {
        // Of vips' formats, only its own keeps where the crop was.
        let output = Temporary::new("v");
        let (across, down) = largest(picture, shape);
        let size = [across.to_string(), down.to_string()];
        run(Command::new("vips")
            .arg("smartcrop")
            .args([&input.0, &output.0])
            .args(&size)
            .args(["--interesting", interesting]))?;
        // Its header ends in how far the pixels were moved: -x, -y.
        let file = fs::read(&output.0).ok()?;
        let offset = |at: usize| -> Option<f64> {
            let bytes = file.get(at..at + 4)?.try_into().ok()?;
            Some(-f64::from(i32::from_le_bytes(bytes)))
        };
        let pixels = [offset(48)?, offset(52)?, f64::from(across), f64::from(down)];
        Some(normalised(picture, pixels))
    };
    SHAPES.into_iter().map(rect).collect()
}

/// The crops of PyPI's `smartcrop` (smartcrop.js). `None` if it is not installed.
pub fn smartcrop(picture: &RgbImage) -> Option<Vec<Rect>> {
    let input = Temporary::new("png");
    picture.save(&input.0).ok()?;
    let program = "
import sys
from PIL import Image
from smartcrop import SmartCrop
picture = Image.open(sys.argv[1])
for shape in sys.argv[2:]:
    width, height = map(int, shape.split(':'))
    k = 256 / max(width, height)
    crop = SmartCrop().crop(picture, round(width * k), round(height * k))['top_crop']
    print(crop['x'], crop['y'], crop['width'], crop['height'])
";
    let shapes = SHAPES.map(|[width, height]| format!("{width}:{height}"));
    let text = run(Command::new("python3").args(["-c", program]).arg(&input.0).args(shapes))?;
    let rect = |line: &str| {
        let pixels: Vec<f64> = line.split(' ').filter_map(|part| part.parse().ok()).collect();
        Some(normalised(picture, pixels.try_into().ok()?))
    };
    text.lines().map(rect).collect()
}

/// Width and height in pixels of the largest crop of a shape.
fn largest(picture: &RgbImage, [width, height]: [u32; 2]) -> (u32, u32) {
    let (across, down) = picture.dimensions();
    if across * height > down * width {
        ((down * width / height).max(1), down)
    } else {
        (across, (across * height / width).max(1))
    }
}

fn normalised(picture: &RgbImage, [x, y, across, down]: [f64; 4]) -> Rect {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    [x / width, y / height, across / width, down / height]
}

/// The output of a program. `None` if it is not installed or fails.
fn run(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A temporary file that is removed when dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(extension: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("subject-{}-{number}.{extension}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl AsRef<Path> for Temporary {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}
