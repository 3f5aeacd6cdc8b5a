//! Graphics as opposed to photographs: thin coloured text must survive ingest.

use std::{fs, io::Cursor, path::Path, sync::LazyLock};

use azulejo::{
    codec::Subsampling,
    http::HttpRequest,
    pyramid::{Compression, Index, open as open_pyramid},
    serve::serve,
    store::{FetchBuffer, MemoryStore, fulfil},
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, imageops};
use originals::{Options, open};

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.into().write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

fn pyramid(original: &[u8], options: Options) -> Vec<u8> {
    let opened = open(Cursor::new(original), original.len() as u64, 1 << 30).unwrap();
    opened.pyramid(options).unwrap()
}

/// Whether the first level is 4:4:4: YCbCrSubSampling (530) in its directory is 1, 1.
fn has_full_chroma(pyramid: &[u8]) -> bool {
    let count = u16::from_le_bytes([pyramid[8], pyramid[9]]);
    let entries = pyramid[10..].chunks_exact(12).take(count.into());
    let tag = entries.clone().find(|entry| entry[..2] == 530_u16.to_le_bytes()).unwrap();
    tag[8..12] == [1, 0, 1, 0]
}

/// A store with the pyramid of an original, and the pyramid's index.
fn ingested(original: &[u8], options: Options) -> (MemoryStore, Index) {
    let store = MemoryStore::new();
    let key = "assets/R/x.tif";
    store.put(key, pyramid(original, options));
    let buffer = FetchBuffer::default();
    let index = fulfil(&store, &buffer, open_pyramid(key, &buffer));
    let index = pollster::block_on(index).unwrap();
    (store, index)
}

/// The pixels of a PNG reply.
fn reply(store: &MemoryStore, size: &str) -> RgbImage {
    let request = HttpRequest {
        path: "/is/image/R/x".to_owned(),
        query: format!("{size}&fmt=png"),
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, store, || 0.0));
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    image::load_from_memory(&reply.body).unwrap().into_rgb8()
}

/// PSNR in dB of the full-size reply against the original, a PNG.
fn decibels(original: &[u8], store: &MemoryStore) -> f64 {
    let before = image::load_from_memory(original).unwrap().into_rgb8();
    let after = reply(store, "scl=1");
    assert_eq!(before.dimensions(), after.dimensions());
    let pairs = before.iter().zip(after.iter());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum();
    let mean = sum as f64 / before.len() as f64;
    10.0 * libm::log10(255.0 * 255.0 / mean.max(1e-9))
}

/// A photograph 700 pixels wide.
fn photograph() -> RgbImage {
    static PHOTOGRAPH: LazyLock<RgbImage> = LazyLock::new(|| {
        let photograph = file("../../samples/dandelions.jpg");
        reply(&ingested(&photograph, Options::default()).0, "wid=700")
    });
    PHOTOGRAPH.clone()
}

#[test]
fn a_size_chart_is_stored_without_loss_and_smaller_than_as_jpeg() {
    let chart = file("fixtures/chart.png");
    let (store, index) = ingested(&chart, Options::default());
    assert!(index.levels.iter().all(|level| level.compression == Compression::Deflate));
    assert!(decibels(&chart, &store) >= 35.0);
    let jpeg = Options { compression: originals::Compression::Jpeg, ..Options::default() };
    assert!(2 * pyramid(&chart, Options::default()).len() < pyramid(&chart, jpeg).len());
}

#[test]
fn a_photograph_is_stored_as_jpeg_with_4_2_0() {
    for original in [file("../../samples/dandelions.jpg"), png(photograph())] {
        let (_, index) = ingested(&original, Options::default());
        assert!(index.levels.iter().all(|level| level.compression == Compression::Jpeg));
        assert!(!has_full_chroma(&pyramid(&original, Options::default())));
    }
}

#[test]
fn a_photograph_with_few_tones_is_stored_as_jpeg() {
    let photo = DynamicImage::from(photograph());
    let grey = photo.to_luma8();
    let sepia = RgbImage::from_fn(grey.width(), grey.height(), |x, y| {
        let tone = grey.get_pixel(x, y)[0];
        Rgb([tone.saturating_add(20), tone, tone / 5 * 4])
    });
    for original in [png(grey), png(photo.grayscale().into_rgb8()), png(sepia)] {
        let (_, index) = ingested(&original, Options::default());
        assert_eq!(index.levels[0].compression, Compression::Jpeg);
    }
}

#[test]
fn coloured_text_on_a_photograph_is_stored_with_4_4_4() {
    let mut banner = photograph();
    let chart = image::load_from_memory(&file("fixtures/chart.png")).unwrap().into_rgb8();
    let text = imageops::crop_imm(&chart, 0, 0, 600, 64).to_image();
    imageops::replace(&mut banner, &text, 0, 0);
    let banner = png(banner);
    let (store, index) = ingested(&banner, Options::default());
    assert_eq!(index.levels[0].compression, Compression::Jpeg);
    assert!(has_full_chroma(&pyramid(&banner, Options::default())));
    let subsampled = Options { subsampling: Some(Subsampling::Yuv420), ..Options::default() };
    let (worse, _) = ingested(&banner, subsampled);
    let (full, subsampled) = (decibels(&banner, &store), decibels(&banner, &worse));
    assert!(full > subsampled + 3.0, "{full} {subsampled}");
}

#[test]
fn coloured_text_in_a_tiff_is_stored_with_4_4_4() {
    // A lossless pyramid is a TIFF whose rows are streamed.
    let mut banner = photograph();
    let chart = image::load_from_memory(&file("fixtures/chart.png")).unwrap().into_rgb8();
    imageops::replace(&mut banner, &imageops::crop_imm(&chart, 0, 0, 600, 64).to_image(), 0, 0);
    let lossless = Options { compression: originals::Compression::Lossless, ..Options::default() };
    let tiff = |picture| pyramid(&png(picture), lossless);
    assert!(has_full_chroma(&pyramid(&tiff(banner), Options::default())));
    assert!(!has_full_chroma(&pyramid(&tiff(photograph()), Options::default())));
}

#[test]
fn a_photograph_with_a_palette_is_stored_without_loss() {
    let photo = photograph();
    // Six levels for each of red, green and blue.
    let index = |pixel: &Rgb<u8>| pixel.0.iter().fold(0, |index, value| index * 6 + value / 43);
    let steps: Vec<u8> = photo.pixels().map(index).collect();
    let palette: Vec<u8> = (0..216).flat_map(|n: u8| [n / 36, n / 6 % 6, n % 6]).collect();
    let palette: Vec<u8> = palette.iter().map(|step| step * 51).collect();
    let mut original = Vec::new();
    let mut encoder = png::Encoder::new(&mut original, photo.width(), photo.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette);
    encoder.write_header().unwrap().write_image_data(&steps).unwrap();
    let (store, index) = ingested(&original, Options::default());
    assert_eq!(index.levels[0].compression, Compression::Deflate);
    assert!(decibels(&original, &store) > 99.0);
}

#[test]
fn options_override_the_choice_of_compression_and_subsampling() {
    let photo = png(photograph());
    let lossless = Options { compression: originals::Compression::Lossless, ..Options::default() };
    let (store, index) = ingested(&photo, lossless);
    assert_eq!(index.levels[0].compression, Compression::Deflate);
    assert!(decibels(&photo, &store) > 99.0);
    let full = Options { subsampling: Some(Subsampling::Yuv444), ..Options::default() };
    assert!(has_full_chroma(&pyramid(&photo, full)));
    let jpeg = Options { compression: originals::Compression::Jpeg, ..Options::default() };
    let (_, index) = ingested(&file("fixtures/chart.png"), jpeg);
    assert_eq!(index.levels[0].compression, Compression::Jpeg);
}

#[test]
fn the_screen_of_a_gif_grows_to_its_first_frame() {
    let gif = file("fixtures/screen-smaller.gif");
    let size = ingested(&gif, Options::default()).1.size();
    assert_eq!((size.width, size.height), (80, 60));
}

#[test]
fn a_saved_selection_of_a_photoshop_file_is_not_transparency() {
    let (store, index) = ingested(&file("fixtures/selection.psd"), Options::default());
    assert_eq!(index.levels[0].alpha, None);
    // A yellow corner, a red disc.
    let picture = reply(&store, "scl=1");
    for (at, color) in [((3, 3), [255, 255, 0]), ((28, 25), [230, 40, 40])] {
        let pixel = picture.get_pixel(at.0, at.1).0;
        assert!(pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) < 12), "{pixel:?}");
    }
}
