//! Writes a pyramid TIFF row by row, in memory that depends on its width only.
//!
//!     cargo run --example write_pyramid -- gradient.tif

use std::{env, fs};

use azulejo::{
    error::Result,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{WriteOptions, Writer},
};

/// A pyramid of `width` × `height` × 3 samples: red grows to the right, green downwards.
pub fn gradient(width: u32, height: u32) -> Result<Vec<u8>> {
    let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
    let mut writer = Writer::new(width, height, rgb, WriteOptions::default())?;
    for y in 0..height {
        let green = (y * 255 / height) as u8;
        let row: Vec<u8> = (0..width).flat_map(|x| [(x * 255 / width) as u8, green, 128]).collect();
        writer.push_row(&row)?;
    }
    writer.finish()
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let file = env::args().nth(1).ok_or("name the file to write")?;
    fs::write(file, gradient(1200, 800)?)?;
    Ok(())
}
