use jpeg_decoder::{Decoder, PixelFormat};
use jpeg_encoder::{ColorType, SamplingFactor};

use super::*;

const FULL: Components = Components::YCbCr(Subsampling::Yuv444);
const SUBSAMPLED: Components = Components::YCbCr(Subsampling::Yuv420);
const ALL: [Components; 4] = [Components::Gray, FULL, SUBSAMPLED, Components::Cmyk];

/// An image with waves of different lengths in each sample, so that all frequencies occur.
fn picture(width: u16, height: u16, samples: usize) -> Vec<u8> {
    let value = |x: f64, y: f64, sample: f64| {
        let wave = libm::sin(x * (0.02 + 0.01 * sample) + libm::sin(y * 0.05) * 3.0);
        (128.0 + 100.0 * wave + 20.0 * libm::cos(x * y * 0.01)) as u8
    };
    (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| (0..samples).map(move |s| value(x.into(), y.into(), s as f64)))
        .collect()
}

fn file(components: Components, quality: u8, size: (u16, u16), pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    at_once(async |slice| {
        Encoder::new(components, quality).file(pixels.into(), size, 72, &mut file, slice).await;
    });
    file
}

fn progressive_file(
    components: Components,
    (quality, passes): (u8, Option<u8>),
    size: (u16, u16),
    pixels: &[u8],
) -> Vec<u8> {
    let (encoder, mut file) = (Encoder::new(components, quality), Vec::new());
    at_once(async |slice| {
        let mode = (72, passes);
        encoder.progressive_file(pixels.to_vec(), size, mode, &mut file, slice).await;
    });
    file
}

/// Decodes with a third-party library: size, format and samples. It returns inverted CMYK.
fn decoded(file: &[u8]) -> ((u16, u16), PixelFormat, Vec<u8>) {
    let mut decoder = Decoder::new(file);
    let mut samples = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    if info.pixel_format == PixelFormat::CMYK32 {
        samples.iter_mut().for_each(|sample| *sample = 255 - *sample);
    }
    ((info.width, info.height), info.pixel_format, samples)
}

/// The data after the scan header.
fn scan(file: &[u8]) -> &[u8] {
    let start = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    &file[start..]
}

/// Peak signal to noise, in decibels.
fn psnr(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let square = |(a, b): (&u8, &u8)| f64::from(a.abs_diff(*b)) * f64::from(a.abs_diff(*b));
    let mean = one.iter().zip(other).map(square).sum::<f64>() / one.len() as f64;
    10.0 * libm::log10(255.0 * 255.0 / mean)
}

#[test]
fn another_decoder_reads_every_kind_at_every_size() {
    for components in ALL {
        for size in [(1, 1), (8, 8), (9, 7), (16, 16), (17, 33), (100, 3), (3, 100), (64, 48)] {
            let pixels = picture(size.0, size.1, components.count());
            let (found, format, samples) = decoded(&file(components, 95, size, &pixels));
            assert_eq!(found, size);
            let wanted = match components {
                Components::Gray => PixelFormat::L8,
                Components::YCbCr(_) => PixelFormat::RGB24,
                Components::Cmyk => PixelFormat::CMYK32,
            };
            assert_eq!(format, wanted);
            if components == SUBSAMPLED {
                continue;
            }
            let near = psnr(&samples, &pixels);
            assert!(near > 37.0, "{components:?} {size:?}: {near} dB");
        }
    }
}

#[test]
fn as_near_to_the_picture_as_another_encoder_in_as_many_bytes() {
    let size = (203, 151);
    for quality in [1, 10, 30, 50, 75, 90, 95, 100] {
        for (components, color, factor) in [
            (Components::Gray, ColorType::Luma, SamplingFactor::F_1_1),
            (FULL, ColorType::Rgb, SamplingFactor::F_1_1),
        ] {
            let pixels = picture(size.0, size.1, components.count());
            let ours = file(components, quality, size, &pixels);
            let mut theirs = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut theirs, quality);
            encoder.set_sampling_factor(factor);
            encoder.encode(&pixels, size.0, size.1, color).unwrap();
            let [our, their] = [&ours, &theirs].map(|file| psnr(&decoded(file).2, &pixels));
            assert!(our > their - 0.02, "{quality} {components:?}: {our} dB, not {their}");
            let [our, their] = [&ours, &theirs].map(|file| scan(file).len() as f64);
            let more = our / their;
            assert!(more < 1.005, "{quality} {components:?}: {more}");
        }
    }
}

#[test]
fn one_colour_stays_that_colour() {
    for (components, pixel) in [
        (Components::Gray, [77].as_slice()),
        (FULL, &[255, 0, 0]),
        (SUBSAMPLED, &[10, 200, 90]),
        (Components::Cmyk, &[0, 255, 30, 128]),
    ] {
        let samples = decoded(&file(components, 100, (19, 18), &pixel.repeat(19 * 18))).2;
        for found in samples.chunks_exact(pixel.len()) {
            let near = found.iter().zip(pixel).all(|(a, b)| a.abs_diff(*b) <= 2);
            assert!(near, "{components:?}: {found:?}, not {pixel:?}");
        }
    }
}

#[test]
fn noise_at_the_highest_quality_has_all_bits_and_bytes_and_survives() {
    let byte = |nth: u32| if nth.wrapping_mul(2_654_435_761) >> 13 & 1 == 0 { 0 } else { 255 };
    let pixels: Vec<u8> = (0..256 * 64).map(byte).collect();
    let stream = file(Components::Gray, 100, (256, 64), &pixels);
    assert!(stream.windows(2).any(|pair| pair == [0xff, 0]), "no byte of ones was met");
    let near = psnr(&decoded(&stream).2, &pixels);
    assert!(near > 45.0, "{near} dB");
}

#[test]
fn tiles_and_their_tables_are_the_file_in_two_parts() {
    for components in ALL {
        let encoder = Encoder::new(components, 80);
        let pixels = picture(32, 32, components.count());
        let (mut tile, tables) = (Vec::new(), encoder.tables());
        encoder.tile(&pixels, (32, 32), &mut tile);
        let whole = [tables.strip_suffix(&END).unwrap(), tile.strip_prefix(&START).unwrap()];
        let file = file(components, 80, (32, 32), &pixels);
        assert_eq!(decoded(&whole.concat()).2, decoded(&file).2);
        // Tables that are chosen for a file are shorter than those that tiles share.
        assert!(file.len() < tile.len() + tables.len(), "{components:?}");
    }
}

#[test]
fn the_density_of_a_file_is_read() {
    let mut stream = Vec::new();
    let encoder = Encoder::new(Components::Gray, 80);
    at_once(async |slice| encoder.file([0; 64][..].into(), (8, 8), 300, &mut stream, slice).await);
    assert_eq!(&stream[2..20], b"\xff\xe0\0\x10JFIF\0\x01\x01\x01\x01\x2c\x01\x2c\0\0");
}

#[test]
fn a_progressive_file_is_the_same_picture_in_several_scans() {
    for components in ALL {
        for size in [(1, 1), (8, 9), (16, 16), (17, 33), (100, 3), (40, 24), (121, 55)] {
            let pixels = picture(size.0, size.1, components.count());
            let baseline = file(components, 90, size, &pixels);
            for passes in [None, Some(3), Some(4), Some(5)] {
                let progressive = progressive_file(components, (90, passes), size, &pixels);
                assert_eq!(decoded(&progressive), decoded(&baseline), "{components:?} {size:?}");
                let scans = progressive.windows(2).filter(|pair| *pair == [0xff, 0xda]).count();
                let count = components.count();
                let wanted =
                    passes.map_or(count + 2, |passes| 1 + (usize::from(passes) - 1) * count);
                assert_eq!(scans, wanted);
            }
        }
    }
}

#[test]
fn a_progressive_file_is_about_as_long_as_a_baseline_one() {
    let size = (300, 400);
    for components in ALL {
        let pixels = picture(size.0, size.1, components.count());
        for (quality, passes) in [(30, None), (80, None), (80, Some(5))] {
            let progressive = progressive_file(components, (quality, passes), size, &pixels).len();
            let baseline = file(components, quality, size, &pixels).len();
            assert!(progressive < baseline * 21 / 20, "{components:?} {progressive} {baseline}");
        }
    }
}

#[test]
fn one_symbol_ends_as_many_blocks_as_it_can() {
    // 33,024 blocks, of which the last differs: two runs, since 32,767 are the longest.
    let size = (2048, 1032);
    let mut pixels = vec![90; usize::from(size.0) * usize::from(size.1)];
    pixels[2048 * 1031 + 2047] = 200;
    let (format, quality) = (Components::Gray, 90);
    let progressive = progressive_file(format, (quality, None), size, &pixels);
    assert_eq!(decoded(&progressive), decoded(&file(format, quality, size, &pixels)));
    assert!(progressive.len() < 6000, "{}", progressive.len());
}

#[test]
fn a_file_that_is_too_long_is_not_written_but_its_length_is_told() {
    let size = (400, 300);
    for components in ALL {
        let pixels = picture(size.0, size.1, components.count());
        // Some have more symbols than there is room for, and a scan is extrapolated.
        for (quality, tolerance) in [(10, 0.01), (80, 0.1), (100, 0.1)] {
            let whole = file(components, quality, size, &pixels).len();
            let told = |longest: usize| {
                let (mut out, mut told) = (Vec::new(), 0);
                let encoder = Encoder::new(components, quality).up_to(longest);
                at_once(async |slice| {
                    told = encoder.file(pixels[..].into(), size, 72, &mut out, slice).await;
                });
                (told, out.len())
            };
            assert_eq!(told(whole), (whole, whole));
            let (told, written) = told(whole / 2);
            assert!(written < whole * 3 / 4, "{components:?} {quality}: {written} of {whole}");
            let wrong = (told as f64 / whole as f64 - 1.0).abs();
            assert!(wrong < tolerance, "{components:?} {quality}: {told}, not {whole}");
        }
    }
}

#[test]
fn a_sample_tells_the_length_of_a_file_at_any_quality() {
    for components in ALL {
        for size in [(200, 300), (64, 48), (9, 7)] {
            let pixels = picture(size.0, size.1, components.count());
            let sample = at_once(async |slice| Sample::new(components, &pixels, size, slice).await);
            for quality in [1, 10, 35, 60, 80, 95] {
                let encoder = Encoder::new(components, quality);
                let told = at_once(async |slice| sample.estimate(&encoder, slice).await) as f64;
                let len = file(components, quality, size, &pixels).len() as f64;
                // Of the highest image, one in seven rows of units is sampled.
                assert!(
                    (told / len - 1.0).abs() < 0.1,
                    "{components:?} {size:?} {quality}: {told} {len}"
                );
            }
        }
    }
}
