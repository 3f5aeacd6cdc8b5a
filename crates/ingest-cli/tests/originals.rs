//! Metadata, paths and formats of originals survive ingest.

use crate::support;

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;
use support::{
    Store, azulejo, corpus,
    programs::{installed, output_of},
    text,
};

/// exiftool's fields that must be equal in original and pyramid.
const PRESERVED: [&str; 19] = [
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
fn fields(file: &Path) -> BTreeMap<String, Value> {
    let out = output_of("exiftool", &["-j", "-G1", "-struct", "-n", "-q", file.to_str().unwrap()]);
    let files: Vec<BTreeMap<String, Value>> = serde_json::from_slice(&out).unwrap();
    files.into_iter().next().unwrap()
}

#[test]
fn metadata_are_in_the_pyramid_as_exiftool_reads_them() {
    let Some(corpus) = corpus() else { return };
    if !installed("exiftool") {
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
        "xmp/jp2-xmp.jp2",
        "paths/traced-firetruck.jpg",
    ] {
        let original = corpus.join(original);
        let made = store.pyramid(&original);
        let (before, after) = (fields(&original), fields(&made));
        let inspected = support::inspected(&made);
        for name in PRESERVED {
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

/// The data of one image resource, which follows its name and length.
fn resource(file: &[u8], id: u16) -> Option<&[u8]> {
    let [high, low] = id.to_be_bytes();
    let at = file.windows(6).position(|bytes| bytes == [b'8', b'B', b'I', b'M', high, low])?;
    let name = usize::from(file[at + 6]);
    let data = at + 6 + (name + 1).next_multiple_of(2);
    let len = u32::from_be_bytes(*file[data..].first_chunk().unwrap());
    Some(&file[data + 4..data + 4 + len as usize])
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
        // Its name is in Shift JIS, which a resource does not tell; it is stored in UTF-8.
        ("paths/unicode_pathname.psd", &["ユニコード"], ""),
    ] {
        let original = corpus.join(original);
        let made = store.pyramid(&original);
        let inspected = support::inspected(&made);
        let paths: Vec<&str> =
            inspected["paths"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(paths, names, "{}", original.display());
        assert_eq!(inspected["clipping_path"].as_str().unwrap_or_default(), clipping);
        let (before, after) = (fs::read(&original).unwrap(), fs::read(&made).unwrap());
        let path = resource(&before, 2000).unwrap();
        assert!(path.len() >= 2 * 26, "{}", original.display());
        assert_eq!(resource(&after, 2000), Some(path), "{}", original.display());
    }
}

#[test]
fn resolution_is_preserved_and_tiffinfo_agrees() {
    let Some(corpus) = corpus() else { return };
    let tiffinfo = installed("tiffinfo");
    let store = Store::new();
    for (original, ppi) in
        [("psd/300dpi.psd", 300.0), ("png/ccwn2c08.png", 0.0), ("xmp/Photoshop.psd", 72.0)]
    {
        let made = store.pyramid(&corpus.join(original));
        let shown = support::inspected(&made)["resolution"].as_f64().unwrap_or(0.0);
        assert!((shown - ppi).abs() < 0.01, "{original}: {shown}");
        if tiffinfo {
            let output = text(&output_of("tiffinfo", &["-0", made.to_str().unwrap()]));
            let line = format!("Resolution: {ppi}, {ppi} pixels/inch");
            assert_eq!(output.contains(&line), ppi > 0.0, "{original}: {output}");
        }
    }
}

#[test]
fn the_accepted_formats_are_listed() {
    let done = azulejo(&["ingest", "--formats"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let list = text(&done.stdout);
    let (accepted, refused) = list.split_once("\nNot accepted:").unwrap();
    let has = |list: &str, name: &str| list.lines().any(|line| line.starts_with(name));
    for name in
        ["JPEG ", "PNG", "TIFF", "WebP", "GIF", "BMP", "Photoshop", "JPEG 2000", "JPEG XL", "SVG"]
    {
        assert!(has(accepted, name) && !has(refused, name), "{name}: {list}");
    }
    for name in ["AVIF", "HEIF", "Camera raw", "PDF", "PostScript", "PICT"] {
        assert!(has(refused, name) && !has(accepted, name), "{name}: {list}");
    }
}

#[test]
fn a_format_that_is_not_accepted_is_named_with_what_to_do() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let avif = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf";
    let mut pict = [0; 528];
    pict[522..].copy_from_slice(&[0, 0x11, 0x02, 0xff, 0x0c, 0]);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    for (name, content, message) in [
        ("a.avif", &avif[..], "AVIF is not accepted: no AV1 decoder is both free of C"),
        ("b.heic", heic, "HEIF is not accepted: no free decoder of HEVC; save it as JPEG"),
        ("c.pdf", b"%PDF-1.7\n", "PDF is not accepted: rendering pages is unsupported; export"),
        (
            "d.eps",
            b"%!PS-Adobe-3.0 EPSF-3.0\n",
            "PostScript is not accepted: rendering is unsupported, and",
        ),
        ("e.pict", &pict, "PICT is not accepted: QuickDraw commands are unsupported; save it as"),
        ("f.cr2", b"II*\0\x10\0\0\0CR\x02\0", "Camera raw is not accepted: not developed;"),
    ] {
        // In a folder it is skipped because of its extension. With an accepted extension it is refused
        // because of its content.
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        let disguised = folder.path().join("picture.jpg");
        fs::rename(&file, &disguised).unwrap();
        for (file, status, code) in [(&disguised, "", 1), (&file, "skipped, ", 0)] {
            fs::rename(&disguised, file).unwrap();
            let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
            assert_eq!(done.status.code(), Some(code), "{name}");
            let stderr = text(&done.stderr);
            let line = format!("{}: {status}{message}", file.display());
            assert!(stderr.contains(&line), "{name}: {stderr}");
        }
        fs::remove_file(&file).unwrap();
    }
    assert!(store.files().is_empty());
}

#[test]
fn metadata_of_jpeg_2000_and_jpeg_xl_survive() {
    let fixtures = support::root().join("crates/originals/fixtures");
    let store = Store::new();
    for (name, colors, alpha) in [
        ("rotated.jp2", "RGB", ""),
        ("rotated.jxl", "RGB", ""),
        ("cmyk.jp2", "CMYK", ""),
        ("cmyk.jxl", "CMYK", ""),
        ("grey16.j2k", "grey", ""),
        ("grey16.jxl", "grey", ""),
        ("premultiplied.jp2", "RGB", "straight"),
        ("premultiplied.jxl", "RGB", "straight"),
    ] {
        let made = store.pyramid(&fixtures.join(name));
        let inspected = support::inspected(&made);
        assert_eq!(inspected["colors"], colors, "{name}");
        assert_eq!(inspected["alpha"].as_str().unwrap_or_default(), alpha, "{name}");
        let rotated = name.starts_with("rotated");
        let size = if rotated { (47, 61) } else { (61, 47) };
        assert_eq!((&inspected["width"], &inspected["height"]), (&size.0.into(), &size.1.into()));
        if rotated && installed("exiftool") {
            let fields = fields(&made);
            assert_eq!(fields.get("IFD0:Orientation"), None, "{name}");
            assert_eq!(fields["XMP-tiff:Orientation"], 1, "{name}");
            assert!(fields.contains_key("ICC_Profile:ProfileDescription"), "{name}");
        }
    }
    // One that is refused before it is decoded.
    let file = fixtures.join("rgb.jxl");
    let file = file.to_str().unwrap();
    let done = azulejo(&["ingest", file, "--to", &store.name(), "--max-memory", "8MiB"]);
    assert!(text(&done.stderr).contains("rgb.jxl: needs"), "{}", text(&done.stderr));
}

#[test]
fn inspect_tells_of_an_original_what_it_tells_of_its_pyramid() {
    let fixtures = support::root().join("crates/originals/fixtures");
    let store = Store::new();
    for (name, format) in [
        ("rgba.jxl", "JPEG XL"),
        ("cmyk.jp2", "JPEG 2000"),
        ("grey16.png", "PNG"),
        ("selection.psd", "Photoshop"),
        ("rle.bmp", "BMP"),
        ("../../../samples/pier.jpg", "JPEG"),
    ] {
        let original = fixtures.join(name);
        let own = support::inspected(&original);
        let made = support::inspected(&store.pyramid(&original));
        assert_eq!(own["format"], format);
        assert_eq!((&made["format"], &own["orientation"]), (&"TIFF".into(), &1.into()), "{name}");
        for field in ["width", "height", "colors", "alpha", "resolution", "profile", "paths"] {
            assert_eq!(own[field], made[field], "{field} of {name}");
        }
        assert_eq!((own["levels"].as_array().map(Vec::len), own.get("version")), (Some(0), None));
    }
    let text = text(&azulejo(&["inspect", "crates/originals/fixtures/rgba.jxl"]).stdout);
    assert!(text.contains("JPEG XL, an original: it has no pyramid yet"), "{text}");
    assert!(text.contains("RGB with straight alpha"), "{text}");
    let refused = azulejo(&["inspect", "tests/fixtures/album.svg"]);
    assert!(support::text(&refused.stderr).contains("an SVG has no pyramid"));
}
