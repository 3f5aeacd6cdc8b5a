//! How good a reduction out of a pyramid is, against one of the full picture and against libvips.

use crate::corpus;

use std::{
    env, fs,
    path::Path,
    process::{self, Command},
};

use azulejo::{
    codec::Subsampling,
    http::HttpRequest,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{TileCompression, WriteOptions, Writer},
    serve::serve,
    store::MemoryStore,
};
use corpus::vips;

/// What may be lost against libvips' own thumbnail of the same pyramid.
const LOSS: f64 = 0.3;

const PHOTOS: [&str; 5] = [
    "Dragonfly_by_Bolly",
    "Wine_by_Jakkub_Mede",
    "jared-evans-119758",
    "seeding_by_Clements_Engelhardt",
    "sunset_by_Aitzol_Berasategi",
];

/// From soft to sharp, the order that the protocol's reference gives.
const MODES: [&str; 5] = ["bilin", "bicub", "bisharp", "sharp", "sharp2"];

/// Replies of 800 pixels from one pyramid, in dB against the full reduction.
struct Figures {
    /// What libvips' thumbnail of the same file has.
    libvips: f64,
    default: f64,
    modes: [f64; 5],
}

#[test]
fn a_pyramid_reduces_as_well_as_libvips_does() {
    let Some(photos) = corpus::folder("photos") else { return };
    if !vips::has_vips() {
        return;
    }
    let scratch = env::temp_dir().join(format!("azulejo-quality-{}", process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let figures: Vec<Figures> = PHOTOS
        .iter()
        .flat_map(|photo| {
            let photo = photos.join(format!("{photo}.jpg"));
            let full = vips::run(&["copy", photo.to_str().unwrap(), "OUT"], &scratch).unwrap();
            let jpeg = TileCompression::Jpeg { quality: 90, subsampling: Subsampling::Yuv420 };
            let theirs = their_pyramid(&photo, "jpeg", &scratch);
            let ours = our_pyramid(&full, jpeg);
            [theirs, ours].map(|pyramid| measure(&photo, &full, pyramid, &scratch))
        })
        .collect();
    fs::remove_dir_all(&scratch).unwrap();
    let mut table = format!("dB of: libvips, default, {MODES:?}\n");
    let pyramids = PHOTOS.iter().flat_map(|photo| [(photo, "libvips'"), (photo, "our")]);
    for (figures, (photo, made_by)) in figures.iter().zip(pyramids) {
        let Figures { libvips, default, modes } = figures;
        table += &format!("{libvips:.2} {default:.2} {modes:.2?} {made_by} pyramid of {photo}\n");
    }
    println!("{table}");
    for Figures { libvips, default, .. } in &figures {
        assert!(*default >= libvips - LOSS, "{table}");
    }
    let sums: Vec<f64> =
        (0..MODES.len()).map(|mode| figures.iter().map(|f| f.modes[mode]).sum()).collect();
    assert!(sums.is_sorted(), "the modes are not in their order of quality\n{table}");
}

#[test]
fn each_level_is_as_good_as_libvips_makes_it() {
    let Some(photos) = corpus::folder("photos") else { return };
    if !vips::has_vips() {
        return;
    }
    let scratch = env::temp_dir().join(format!("azulejo-levels-{}", process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let (mut table, mut worse) = (String::new(), 0);
    for name in PHOTOS {
        // A power of two, so that both halve alike.
        let photo = photos.join(format!("{name}.jpg"));
        let square = scratch.join("square.png");
        let [photo, path] = [&photo, &square].map(|path| path.to_str().unwrap());
        let cut = ["crop", photo, path, "0", "0", "2048", "2048"];
        assert!(Command::new("vips").args(cut).status().unwrap().success());
        let full = vips::run(&["copy", path, "OUT"], &scratch).unwrap();
        // Without loss: it is the filter that is compared, not how colour is subsampled.
        let bytes = [
            their_pyramid(&square, "deflate", &scratch),
            our_pyramid(&full, TileCompression::Deflate),
        ];
        let levels = bytes.map(|bytes| {
            let store = MemoryStore::new();
            store.put(corpus::KEY, bytes.clone());
            let index = corpus::open(&store).unwrap();
            let pixels = |level| corpus::decode(level, &bytes).unwrap();
            index.levels.iter().map(pixels).collect::<Vec<_>>()
        });
        for (n, (theirs, ours)) in levels[0].iter().zip(&levels[1]).enumerate().skip(1) {
            let factor = (1 << n).to_string();
            let reduce = ["reduce", path, "OUT", &factor, &factor, "--kernel", "lanczos3"];
            let reference = vips::run(&reduce, &scratch).unwrap().samples;
            let [theirs, ours] = [theirs, ours].map(|level| vips::psnr(level, &reference));
            table += &format!("{name} 1/{factor}: libvips {theirs:.2} dB, ours {ours:.2} dB\n");
            worse += usize::from(ours < theirs);
        }
    }
    fs::remove_dir_all(&scratch).unwrap();
    println!("{table}");
    assert_eq!(worse, 0, "{table}");
}

fn measure(photo: &Path, full: &vips::Page, pyramid: Vec<u8>, scratch: &Path) -> Figures {
    let file = scratch.join("pyramid.tif");
    fs::write(&file, &pyramid).unwrap();
    let store = MemoryStore::new();
    store.put("assets/Quality/photo.tif", pyramid);
    let default = reply(&store, "", scratch);
    let modes = MODES.map(|mode| reply(&store, &format!("&resMode={mode}"), scratch));
    let (width, height) = (default.width, default.height);
    let across = (f64::from(full.width) / f64::from(width)).to_string();
    let down = (f64::from(full.height) / f64::from(height)).to_string();
    // `reduce` is the kernel over all pixels; `resize` would shrink with a box first.
    let photo = photo.to_str().unwrap();
    let reduce = ["reduce", photo, "OUT", &across, &down, "--kernel", "lanczos3"];
    let reference = vips::run(&reduce, scratch).unwrap();
    let (width, height) = (width.to_string(), height.to_string());
    let file = file.to_str().unwrap();
    let thumbnail = ["thumbnail", file, "OUT", &width, "--height", &height, "--size", "force"];
    let thumbnail = vips::run(&thumbnail, scratch).unwrap();
    Figures {
        libvips: thumbnail.psnr(&reference),
        default: default.psnr(&reference),
        modes: modes.map(|reply| reply.psnr(&reference)),
    }
}

fn their_pyramid(photo: &Path, compression: &str, scratch: &Path) -> Vec<u8> {
    let file = scratch.join("theirs.tif");
    let options = "--tile --pyramid --Q 90 --tile-width 256 --tile-height 256";
    let mut vips = Command::new("vips");
    vips.arg("tiffsave").args([photo, &file]).args(options.split(' '));
    vips.args(["--compression", compression]);
    assert!(vips.status().unwrap().success());
    fs::read(file).unwrap()
}

fn our_pyramid(photo: &vips::Page, compression: TileCompression) -> Vec<u8> {
    let options = WriteOptions { compression, ..WriteOptions::default() };
    assert_eq!(photo.bands, 3, "photos are in colour");
    let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
    let mut writer = Writer::new(photo.width, photo.height, rgb, options).unwrap();
    for row in photo.samples.chunks_exact(photo.width as usize * photo.bands) {
        writer.push_row(row).unwrap();
    }
    writer.finish().unwrap()
}

fn reply(store: &MemoryStore, modifiers: &str, scratch: &Path) -> vips::Page {
    let request = HttpRequest {
        path: "/is/image/Quality/photo".to_owned(),
        query: format!("wid=800&fmt=png{modifiers}"),
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, store, || 0.0));
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    let png = scratch.join("reply.png");
    fs::write(&png, reply.body).unwrap();
    vips::run(&["copy", png.to_str().unwrap(), "OUT"], scratch).unwrap()
}
