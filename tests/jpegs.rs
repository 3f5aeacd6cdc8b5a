//! JPEG files as readers in the wild take them: which colours, which are damaged, which pixels.

use crate::{corpus, skip::skip};

use std::{env, fs, path::Path, process};

use azulejo::{
    codec::jpeg::decode::{Fault, Header, JpegRows, OnDamage, Tables},
    error::{ErrorKind, Result},
    http::HttpRequest,
    serve::serve,
    store::MemoryStore,
};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/jpeg").join(name)).unwrap()
}

/// The size and the pixels of a file, as one of another server is drawn.
fn drawn(file: &[u8]) -> Result<([u32; 2], Vec<u8>)> {
    let store = MemoryStore::new();
    store.put(corpus::KEY, file.to_vec());
    let level = corpus::open(&store)?.levels.swap_remove(0);
    Ok(([level.width, level.height], corpus::decode(&level, file)?))
}

/// The picture of most fixtures: a yellow corner, a red disc on a smooth ground.
#[test]
fn files_of_the_wild_have_the_colours_that_browsers_show() {
    const GROUND: [u8; 3] = [65, 130, 181];
    for (name, ground) in [
        ("jfif-adobe0.jpg", GROUND),
        ("dnl.jpg", GROUND),
        ("420-no-eoi.jpg", GROUND),
        ("y11-cb21-cr12.jpg", GROUND),
        // Drawn without a profile: inks are multiplied.
        ("cmyk-no-adobe.jpg", [65, 130, 181]),
    ] {
        let (size, pixels) = drawn(&fixture(name)).unwrap();
        assert_eq!(size, [96, 72], "{name}");
        for ((x, y), wanted) in
            [((3, 3), [255, 255, 0]), ((28, 25), [230, 40, 40]), ((80, 60), ground)]
        {
            let pixel = &pixels[(y * 96 + x) * 3..][..3];
            let near = pixel.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 12);
            assert!(near, "{name} at {x}, {y}: {pixel:?}, not {wanted:?}");
        }
    }
    let (_, pixels) = drawn(&fixture("jfif-rgb-ids.jpg")).unwrap();
    assert!(pixels[..3].iter().zip([200, 60, 40]).all(|(a, b)| a.abs_diff(b) <= 2));
}

#[test]
fn half_a_file_is_damaged_by_name() {
    let error = drawn(&fixture("half-missing.jpg")).unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadSource);
    assert_eq!(error.message, "the JPEG file is damaged: it ends early");
}

/// libvips fills the tiles at the edge up with black.
#[test]
fn the_edge_of_a_libvips_pyramid_is_the_colour_of_the_picture() {
    let store = MemoryStore::new();
    store.put("assets/Test/edge.tif", fixture("vips-even-edge.tif"));
    // At 1:1, a part of that, reduced a little (from the planes of the colours) and by half.
    for query in ["scl=1", "scl=1&rgn=260,200,42,56", "wid=300", "wid=151"] {
        let request = HttpRequest {
            path: "/is/image/Test/edge".to_owned(),
            query: format!("{query}&fmt=png"),
            ..HttpRequest::default()
        };
        let reply = pollster::block_on(serve(&request, &store, || 0.0));
        let mut reader = png::Decoder::new(std::io::Cursor::new(&reply.body)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        // The encoder's own ringing reaches all of the last blocks; their ends are no worse.
        let [width, height] = [info.width as usize, info.height as usize];
        let last_row = (0..width).map(|x| (x, height - 1));
        for (x, y) in (0..height).map(|y| (width - 1, y)).chain(last_row) {
            let pixel = &pixels[(y * width + x) * 3..][..3];
            let most = if query == "scl=1" && x + 1 == width { 2 } else { 5 };
            let near = pixel.iter().zip(&pixels[..3]).all(|(a, b)| a.abs_diff(*b) <= most);
            assert!(near, "{query}: {pixel:?} at {x}, {y} of {width} × {height}");
        }
    }
}

/// The pixels of a file and what is wrong with it.
fn decoded(file: &[u8], rule: OnDamage) -> Result<(Vec<u8>, Option<&'static str>), Fault> {
    let header = Header::read(file, &Tables::default())?;
    let mut rows = JpegRows::new(header.ok_or(Fault::Damaged("its header ends early"))?, rule)?;
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row?);
    }
    Ok((pixels, rows.damage()))
}

/// Writes the samples as libjpeg-turbo decodes them; inks as Pillow hands them out, which are inks.
const PILLOW: &str = "import sys
from PIL import Image
picture = Image.open(sys.argv[1])
open(sys.argv[2], 'wb').write(picture.tobytes())";

/// Levels of 255 that a sample differs at most from libjpeg-turbo's: both transforms round the
/// other way now and then, by one, which is up to three in blue.
const MOST: u8 = 3;

#[test]
fn pixels_are_those_of_libjpeg_turbo() {
    let python = |arguments: &[&str]| process::Command::new("python3").args(arguments).output();
    if !python(&["-c", "import PIL"]).is_ok_and(|done| done.status.success()) {
        return skip("python3", "there is none with Pillow");
    }
    let raw = env::temp_dir().join(format!("azulejo-jpegs-{}", process::id()));
    let mut compared = 0;
    for folder in ["jpeg", "cmyk", "orientation", "photos", "wild", "hostile", "xmp", "product"] {
        let Some(folder) = corpus::folder(folder) else { return };
        for path in corpus::files(&folder) {
            let name = corpus::name(&path);
            let jpeg = [".jpg", ".jpeg"].iter().any(|end| name.ends_with(end));
            // Pillow refuses its size.
            if !jpeg || name == "giant-image.jpg" {
                continue;
            }
            let done =
                python(&["-c", PILLOW, path.to_str().unwrap(), raw.to_str().unwrap()]).unwrap();
            let ours = decoded(&fs::read(&path).unwrap(), OnDamage::Refuse);
            match (ours, done.status.success()) {
                (Ok((ours, None)), true) => {
                    let theirs = fs::read(&raw).unwrap();
                    assert_eq!(ours.len(), theirs.len(), "{name}");
                    let worst = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
                    assert!(worst <= Some(MOST), "{name}: {worst:?}");
                    compared += 1;
                }
                (Err(Fault::Damaged(_)), _) => {}
                (ours, theirs) => {
                    let ours = ours.map(|(_, damage)| damage);
                    assert!(!theirs, "{name}: {ours:?}, and Pillow decodes it");
                }
            }
        }
    }
    let _ = fs::remove_file(&raw);
    assert!(compared > 45, "{compared}");
}
