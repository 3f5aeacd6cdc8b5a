//! The scores of rasters, which the page computes too: `tests/wasm/tools-score.test.mjs`.

use std::{env, fs, path::Path};

use compare::{Decoded, decode, ssimulacra2};

/// The pairs of `tests/fixtures/scores.txt`.
const PAIRS: [(&str, &str); 4] = [
    ("crates/originals/fixtures/rgb.png", "crates/originals/fixtures/lossy-jp2.png"),
    ("crates/originals/fixtures/rgb.png", "crates/originals/fixtures/lossy-jxl.png"),
    ("crates/originals/fixtures/rgba.png", "crates/originals/fixtures/premultiplied.png"),
    ("crates/originals/fixtures/rgba.png", "crates/originals/fixtures/rgb.png"),
];

#[test]
fn ssimulacra2_of_rasters_is_the_same_natively_and_in_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let raster = |path: &str| -> Decoded { decode(&fs::read(root.join(path)).unwrap()).unwrap() };
    let line = |(one, other): (&str, &str)| {
        let (old, new) = (raster(one).picture, raster(other).picture);
        let score = ssimulacra2(&old.rgba, &new.rgba, old.width, old.height).unwrap();
        format!("{one} {other} {score}\n")
    };
    let lines: String = PAIRS.into_iter().map(line).collect();
    let path = root.join("tests/fixtures/scores.txt");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &lines).unwrap();
    }
    assert_eq!(lines, fs::read_to_string(path).unwrap());
}

#[test]
fn ssimulacra2_of_equal_rasters_is_100_and_transparent_pixels_are_white() {
    let (transparent, white) = ([0; 16 * 16 * 4], [255; 16 * 16 * 4]);
    assert_eq!(ssimulacra2(&transparent, &white, 16, 16), Ok(100.0));
}

#[test]
fn ssimulacra2_names_the_length_or_the_number_of_pixels_that_is_wrong() {
    let message = |len: usize, width, height| {
        ssimulacra2(&vec![0; len], &vec![0; len], width, height).unwrap_err().to_string()
    };
    assert!(message(1020, 16, 16).contains("has 1020 bytes: expected 1024"));
    assert!(message(0, 0, 16).contains("0 × 16 pixels cannot be compared"));
    assert!(message(0, 1 << 20, 1 << 20).contains("expected 1 to 33554432 pixels"));
    assert!(message(0, usize::MAX, 2).contains("scale both pictures down"));
}
