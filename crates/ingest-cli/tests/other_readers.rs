//! Other programs read every kind of our pyramids.

use crate::support;

use std::{fs, process::Command};

use azulejo::{
    codec::Subsampling,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{TileCompression, WriteOptions, Writer},
};
use support::{
    programs::{has, installed},
    root, text,
};

/// A picture of some kind, as a pyramid of 700 × 500 pixels.
fn written(pixel: PixelFormat, compression: TileCompression, classic: u64) -> Vec<u8> {
    let options = WriteOptions { compression, classic, ..WriteOptions::default() };
    let mut writer = Writer::new(700, 500, pixel, options).unwrap();
    for y in 0..500_u32 {
        let sample = |at: u32| (at * 37 % 90 + y / 4 + at / 13) as u8;
        let row: Vec<u8> = (0..700 * pixel.samples() as u32).map(sample).collect();
        writer.push_row(&row).unwrap();
    }
    writer.finish().unwrap()
}

/// Reads some pixels with geotiff.js.
const GEOTIFF: &str = "require('geotiff').fromFile(process.argv[1]).then(async tiff => { \
    const data = await (await tiff.getImage()).readRasters({ window: [500, 300, 520, 310] }); \
    process.exit(data[0].length === 200 && (await tiff.getImageCount()) === 3 ? 0 : 1); })";

/// Reads all pixels with tifffile.
const TIFFFILE: &str = "
import sys, tifffile
with tifffile.TiffFile(sys.argv[1]) as tiff:
    assert tiff.pages[0].asarray().shape[:2] == (500, 700)
    assert len(tiff.pages) == 3
";

/// Reads all pixels with GDAL, and the smaller levels as its overviews.
const RASTERIO: &str = "
import sys, warnings, rasterio
warnings.simplefilter('ignore', rasterio.errors.NotGeoreferencedWarning)
with rasterio.open(sys.argv[1]) as tiff:
    assert tiff.read().shape[1:] == (500, 700)
    assert tiff.overviews(1) == [2, 4]
";

#[test]
fn other_programs_read_every_kind_of_pyramid() {
    let folder = tempfile::tempdir().unwrap();
    let jpeg = TileCompression::Jpeg { quality: 90, subsampling: Subsampling::Yuv420 };
    let full = TileCompression::Jpeg { quality: 90, subsampling: Subsampling::Yuv444 };
    let deflate = TileCompression::Deflate;
    let kinds = [
        ("grey", ColorModel::Gray, false, jpeg, u64::MAX),
        ("grey-lossless", ColorModel::Gray, false, deflate, u64::MAX),
        ("grey-alpha", ColorModel::Gray, true, deflate, u64::MAX),
        ("rgb", ColorModel::Rgb, false, jpeg, u64::MAX),
        ("rgb-full", ColorModel::Rgb, false, full, u64::MAX),
        ("rgb-lossless", ColorModel::Rgb, false, deflate, u64::MAX),
        ("rgba", ColorModel::Rgb, true, deflate, u64::MAX),
        ("cmyk", ColorModel::Cmyk, false, jpeg, u64::MAX),
        ("cmyk-lossless", ColorModel::Cmyk, false, deflate, u64::MAX),
        ("cmyk-alpha", ColorModel::Cmyk, true, deflate, u64::MAX),
        ("bigtiff", ColorModel::Rgb, false, jpeg, 0),
    ];
    // Of each program, and of each library by the language it is read from.
    let vips = installed("vips");
    let tiffcp = installed("tiffcp");
    let identify = installed("identify");
    let gdalinfo = installed("gdalinfo");
    let tifffile = has("python3", &["-c", "import tifffile, imagecodecs"]);
    let rasterio = has("python3", &["-c", "import rasterio"]);
    let geotiff = has("node", &["-e", "require('geotiff')"]);
    let mut readers = Vec::new();
    let mut refused = Vec::new();
    for (name, model, alpha, compression, classic) in kinds {
        let file = folder.path().join(format!("{name}.tif"));
        fs::write(&file, written(PixelFormat { model, alpha }, compression, classic)).unwrap();
        let file = file.to_str().unwrap();
        let copy = folder.path().join("copy.tif");
        let copy = copy.to_str().unwrap();
        // ImageMagick 6 and libvips cannot decode tiled CMYK JPEG, so only the header is read.
        let look = if name == "cmyk" { "-ping" } else { "-verbose" };
        for (reader, there, program, arguments) in [
            ("libvips", vips, "vips", vec!["avg", file]),
            ("libtiff", tiffcp, "tiffcp", vec!["-c", "none", file, copy]),
            ("ImageMagick", identify, "identify", vec![look, file]),
            ("GDAL", gdalinfo, "gdalinfo", vec!["-checksum", file]),
            ("tifffile", tifffile, "python3", vec!["-c", TIFFFILE, file]),
            ("rasterio", rasterio, "python3", vec!["-c", RASTERIO, file]),
            ("geotiff.js", geotiff, "node", vec!["-e", GEOTIFF, file]),
        ] {
            if !there {
                continue;
            }
            let output = Command::new(program).args(&arguments).current_dir(root()).output();
            let output = output.unwrap();
            let stderr = text(&output.stderr);
            if !output.status.success() || !stderr.is_empty() {
                refused.push(format!("{reader} {name}: {stderr}"));
            }
            if !readers.contains(&reader) {
                readers.push(reader);
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    println!("read by {}", readers.join(", "));
}
