//! What originals become: nothing of value is lost, and other programs agree.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

mod support;

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use azulejo::{
    pyramid::write::{TileCompression, WriteOptions, Writer},
    raster::{ColorModel, PixelType},
};
use serde_json::Value;
use support::{Store, azulejo, corpus, root, text};

/// What a program prints; none, with a message, where it is not installed or lacks a part.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn told(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    match Command::new(program).args(arguments).current_dir(root()).output() {
        Ok(output) if output.status.success() => Some(output.stdout),
        Ok(output) => {
            eprintln!("{program} {arguments:?}: {}", text(&output.stderr));
            None
        }
        Err(error) => {
            eprintln!("skipped: {program}: {error}");
            None
        }
    }
}

fn installed(program: &str, arguments: &[&str]) -> bool {
    told(program, arguments).is_some()
}

/// Ingests one file and gives the path of its pyramid.
fn pyramid(store: &Store, original: &Path) -> std::path::PathBuf {
    let original = original.to_str().unwrap();
    let done = azulejo(&["ingest", original, "--to", &store.name(), "--id", "name"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let name = Path::new(original).file_name().unwrap().to_str().unwrap();
    store.0.path().join(format!("assets/Samples/{name}.tif"))
}

fn inspected(pyramid: &Path) -> Value {
    let done = azulejo(&["inspect", "--json", pyramid.to_str().unwrap()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// exiftool's fields that must be in the pyramid as they were in the original.
const KEPT: [&str; 19] = [
    "IFD0:Make",
    "IFD0:Model",
    "IFD0:Artist",
    "IFD0:Copyright",
    "IFD0:ImageDescription",
    "ExifIFD:ExposureTime",
    "ExifIFD:FNumber",
    "ExifIFD:ISO",
    "ExifIFD:DateTimeOriginal",
    "ExifIFD:UserComment",
    "GPS:GPSLatitude",
    "GPS:GPSLongitude",
    "IPTC:Keywords",
    "IPTC:By-line",
    "IPTC:Caption-Abstract",
    "XMP-dc:Title",
    "XMP-dc:Subject",
    "Photoshop:ClippingPathName",
    "ICC_Profile:ProfileDescription",
];

/// Fields by group and name.
fn fields(file: &Path) -> Option<BTreeMap<String, Value>> {
    let out = told("exiftool", &["-j", "-G1", "-struct", "-n", "-q", file.to_str().unwrap()])?;
    let files: Vec<BTreeMap<String, Value>> = serde_json::from_slice(&out).unwrap();
    files.into_iter().next()
}

#[test]
fn metadata_are_in_the_pyramid_as_exiftool_reads_them() {
    let Some(corpus) = corpus() else { return };
    if !installed("exiftool", &["-ver"]) {
        return;
    }
    let store = Store::new();
    let mut seen = BTreeMap::new();
    for original in [
        "xmp/ExifTool.jpg",
        "xmp/ExifTool.tif",
        "xmp/GPS.jpg",
        "xmp/IPTC.jpg",
        "xmp/MWG.jpg",
        "xmp/PhotoMechanic.jpg",
        "xmp/Photoshop.psd",
        "xmp/jpg-xmp.jpg",
        "xmp/png-xmp.png",
        "xmp/tif-xmp.tif",
        "xmp/RIFF.webp",
        "paths/traced-firetruck.jpg",
    ] {
        let original = corpus.join(original);
        let made = pyramid(&store, &original);
        let (before, after) = (fields(&original).unwrap(), fields(&made).unwrap());
        let inspected = inspected(&made);
        for name in KEPT {
            let Some(value) = before.get(name) else { continue };
            assert_eq!(after.get(name), Some(value), "{}: {name}", original.display());
            *seen.entry(name).or_insert(0) += 1;
            let short = name.split_once(':').unwrap().1;
            // What is shown has no place for lists and fractions; there texts must agree.
            if let (Value::String(shown), Value::String(value)) =
                (&inspected["fields"][short], value)
            {
                assert_eq!(shown.trim(), value.trim(), "{}: {name}", original.display());
            }
        }
    }
    assert!(seen.len() > 12, "{seen:?}");
}

/// The bytes of one image resource, with its name and length.
fn resource(file: &[u8], id: u16) -> Option<&[u8]> {
    let [high, low] = id.to_be_bytes();
    let at = file.windows(6).position(|bytes| bytes == [b'8', b'B', b'I', b'M', high, low])?;
    let name = usize::from(file[at + 6]);
    let data = at + 6 + (name + 1).next_multiple_of(2);
    let len = u32::from_be_bytes(*file[data..].first_chunk().unwrap());
    Some(&file[at..data + 4 + len as usize])
}

#[test]
fn photoshop_paths_are_the_same_to_the_bit() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    for (original, names, clipping) in [
        ("paths/traced-firetruck.jpg", &["Outline", "Frame"][..], "Outline"),
        ("paths/traced-anemone.tif", &["Outline", "Frame"], "Outline"),
        ("paths/8Bim.tif", &["Path 1", "Path 2"], "Path 1"),
        ("paths/app13-multiple.jpg", &["Silo", "TOP", "metal base"], ""),
        // Its name is in Shift JIS, which a resource does not tell.
        ("paths/unicode_pathname.psd", &["\u{83}\u{86}\u{83}j\u{83}R\u{81}[\u{83}h"], ""),
    ] {
        let original = corpus.join(original);
        let made = pyramid(&store, &original);
        let inspected = inspected(&made);
        let paths: Vec<&str> =
            inspected["paths"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(paths, names, "{}", original.display());
        assert_eq!(inspected["clipping_path"].as_str().unwrap_or_default(), clipping);
        let (before, after) = (fs::read(&original).unwrap(), fs::read(&made).unwrap());
        let path = resource(&before, 2000).unwrap();
        assert!(path.len() > 26, "{}", original.display());
        assert_eq!(resource(&after, 2000), Some(path), "{}", original.display());
    }
}

#[test]
fn resolution_is_kept_and_tiffinfo_agrees() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    for (original, ppi) in
        [("psd/300dpi.psd", 300.0), ("png/ccwn2c08.png", 0.0), ("xmp/Photoshop.psd", 72.0)]
    {
        let made = pyramid(&store, &corpus.join(original));
        let shown = inspected(&made)["resolution"].as_f64().unwrap_or(0.0);
        assert!((shown - ppi).abs() < 0.01, "{original}: {shown}");
        let Some(words) = told("tiffinfo", &["-0", made.to_str().unwrap()]) else { return };
        let line = format!("Resolution: {ppi}, {ppi} pixels/inch");
        assert_eq!(text(&words).contains(&line), ppi > 0.0, "{original}: {}", text(&words));
    }
}

/// The mean of the squared differences of two pictures' samples, as libvips reads them.
fn difference(one: &Path, other: &Path, folder: &Path) -> Option<f64> {
    let raw = |file: &Path, name: &str| {
        let out = folder.join(name);
        told("vips", &["copy", file.to_str().unwrap(), out.to_str().unwrap()])?;
        fs::read(out).ok()
    };
    let (one, other) = (raw(one, "one.v")?, raw(other, "other.v")?);
    // Width, height, bands, bits and format stand in the header.
    assert_eq!(one[4..24], other[4..24], "size, bands and depth");
    let len = (0..3).map(|at| u32::from_le_bytes(*one[4 + 4 * at..].first_chunk().unwrap()));
    let len = len.product::<u32>() as usize;
    let pairs = one[64..64 + len].iter().zip(&other[64..64 + len]);
    let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2)).sum();
    Some(sum as f64 / len as f64)
}

#[test]
fn inks_of_jpeg_stay_inks_as_libvips_reads_them() {
    let Some(corpus) = corpus() else { return };
    if !installed("vips", &["--version"]) {
        return;
    }
    let store = Store::new();
    for name in [
        "CMYK.jpg",
        "Channel_digital_image_CMYK_color.jpg",
        "Channel_digital_image_CMYK_color_no_profile.jpg",
        "flower_small.cmyk.jpg",
        "jpg-ycck.jpg",
        "pil_sample_cmyk.jpg",
    ] {
        let original = corpus.join("cmyk").join(name);
        let made = pyramid(&store, &original);
        assert_eq!(inspected(&made)["colors"], "CMYK", "{name}");
        let difference = difference(&original, &made, store.0.path()).unwrap();
        assert!(difference < 32.0, "{name}: {difference}");
    }
}

/// A picture of some kind, as a pyramid of 700 × 500 pixels.
fn written(pixel: PixelType, classic: u64) -> Vec<u8> {
    let compression = match pixel.alpha {
        true => TileCompression::Deflate,
        false => TileCompression::Jpeg { quality: 90 },
    };
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

#[test]
fn other_programs_read_every_kind_of_pyramid() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = [
        ("grey", ColorModel::Grey, false, u64::MAX),
        ("grey-alpha", ColorModel::Grey, true, u64::MAX),
        ("rgb", ColorModel::Rgb, false, u64::MAX),
        ("rgba", ColorModel::Rgb, true, u64::MAX),
        ("cmyk", ColorModel::Cmyk, false, u64::MAX),
        ("cmyk-alpha", ColorModel::Cmyk, true, u64::MAX),
        ("bigtiff", ColorModel::Rgb, false, 0),
    ];
    let script = folder.path().join("read.py");
    fs::write(
        &script,
        "import sys, tifffile\nwith tifffile.TiffFile(sys.argv[1]) as tiff:\n    \
         assert tiff.pages[0].asarray().shape[:2] == (500, 700)\n    \
         assert len(tiff.pages) == 3\n",
    )
    .unwrap();
    let script = script.to_str().unwrap();
    let tifffile = installed("python3", &["-c", "import tifffile, imagecodecs"]);
    let geotiff = installed("node", &["-e", "require('geotiff')"]);
    let mut readers = Vec::new();
    let mut refused = Vec::new();
    for (name, model, alpha, classic) in kinds {
        let file = folder.path().join(format!("{name}.tif"));
        fs::write(&file, written(PixelType { model, alpha }, classic)).unwrap();
        let file = file.to_str().unwrap();
        let copy = folder.path().join("copy.tif");
        let copy = copy.to_str().unwrap();
        let mut programs = vec![
            ("vips", vec!["avg", file]),
            ("tiffcp", vec!["-c", "none", file, copy]),
            // ImageMagick 6 decodes no tiled JPEG in inks, libvips' neither: only the header.
            ("identify", vec![if name == "cmyk" { "-ping" } else { "-verbose" }, file]),
            ("gdalinfo", vec!["-checksum", file]),
        ];
        if tifffile {
            programs.push(("python3", vec![script, file]));
        }
        if geotiff {
            programs.push(("node", vec!["-e", GEOTIFF, file]));
        }
        for (program, arguments) in programs {
            let Ok(output) = Command::new(program).args(&arguments).output() else { continue };
            let words = text(&output.stderr);
            if !output.status.success() || !words.is_empty() {
                refused.push(format!("{program} {name}: {words}"));
            }
            if !readers.contains(&program) {
                readers.push(program);
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    println!("read by {}", readers.join(", "));
}

#[test]
fn a_photoshop_file_is_what_imagemagick_makes_of_it() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    let original = corpus.join("psd/hopper.psd");
    let composite = store.0.path().join("composite.png");
    let first = format!("{}[0]", original.display());
    if !installed("vips", &["--version"])
        || !installed("convert", &[&first, composite.to_str().unwrap()])
    {
        return;
    }
    let difference = difference(&composite, &pyramid(&store, &original), store.0.path()).unwrap();
    assert!(difference < 32.0, "{difference}");
    for (name, colors, alpha) in [
        ("transparentbg.psd", "RGB", "straight"),
        ("transparentbg.psb", "RGB", "straight"),
        ("cmyk-spot.psd", "CMYK", ""),
        ("4x4_16bit_grayscale.psd", "grey", ""),
        ("4x4_8bit_index_color.psd", "RGB", ""),
    ] {
        let inspected = inspected(&pyramid(&store, &corpus.join("psd").join(name)));
        assert_eq!(inspected["colors"], colors, "{name}");
        assert_eq!(inspected["alpha"].as_str().unwrap_or_default(), alpha, "{name}");
    }
}

#[test]
fn the_accepted_formats_are_listed() {
    let done = azulejo(&["ingest", "--formats"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let list = text(&done.stdout);
    for name in ["JPEG", "PNG", "TIFF", "WebP", "GIF", "Photoshop"] {
        assert!(list.lines().any(|line| line.starts_with(name)), "{name}: {list}");
    }
}
