use std::io::Cursor;

use image_webp::{UpsamplingMethod, WebPDecoder};

use super::{super::convert::convert, *};
use crate::{
    pixel::{PixelFormat, Raster},
    time_slice::at_once,
};

/// A picture of shapes, gradients and noise.
fn picture(width: u32, height: u32, seed: u32) -> Raster {
    let mut raster = Raster::new(width, height, PixelFormat::RGB);
    let mut state = seed;
    for (at, pixel) in raster.data.chunks_exact_mut(3).enumerate() {
        let (x, y) = (at as u32 % width, at as u32 / width);
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = if (x / 24 + y / 40) % 3 == 0 { state >> 25 } else { 0 };
        let shape = if (x + seed) % 37 < 11 || (x + 2 * y) % 53 < 17 { 190 } else { 20 };
        let values = [shape, x * 3 + y, (y * 5) ^ seed].map(|value| (value + noise) as u8);
        pixel.copy_from_slice(&values);
    }
    raster
}

/// The encoded frame of a raster and the planes that the encoder predicted from. Without a filter
/// these are what decoders show.
fn encoded(raster: &Raster, quality: u8, filtered: bool) -> (Vec<u8>, Planes) {
    let mut planes = at_once(async |slice| convert(raster, slice).await);
    let mut evenness = Evenness::default();
    (0..planes.macroblocks.1).for_each(|y| evenness.push_row(&planes, y));
    let segmentation = Segmentation::new(&evenness, quality);
    let mut encoder = Encoder::new(planes.macroblocks, segmentation);
    (0..planes.macroblocks.1).for_each(|y| encoder.row(&mut planes, y));
    if !filtered {
        encoder.edges = [0; 4];
        let segments = &mut encoder.frame.segmentation.segments;
        segments.iter_mut().for_each(|segment| segment.filter = 0);
    }
    let mut frame = Vec::new();
    at_once(async |slice| encoder.write(planes.size, &mut frame, slice).await).unwrap();
    (frame, planes)
}

/// The pixels of a frame, without smoothing of chroma.
fn decoded(frame: &[u8]) -> Vec<u8> {
    let len = frame.len() as u32;
    let mut file = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0".to_vec();
    file.extend_from_slice(frame);
    file.extend(std::iter::repeat_n(0, frame.len() % 2));
    file[16..20].copy_from_slice(&len.to_le_bytes());
    let all = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&all.to_le_bytes());
    let mut decoder = WebPDecoder::new(Cursor::new(file)).unwrap();
    decoder.set_lossy_upsampling(UpsamplingMethod::Simple);
    let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut pixels).unwrap();
    pixels
}

/// The pixels of planes, as libwebp converts them.
fn pixels(planes: &Planes) -> Vec<u8> {
    let scaled = |sample: u8, factor: i32| (i32::from(sample) * factor) >> 8;
    let mut out = Vec::new();
    for y in 0..planes.size.1 {
        for x in 0..planes.size.0 {
            let luma = scaled(planes.y.samples[y * planes.y.stride + x], 19077);
            let at = y / 2 * planes.u.stride + x / 2;
            let (u, v) = (planes.u.samples[at], planes.v.samples[at]);
            for value in [
                luma + scaled(v, 26149) - 14234,
                luma - scaled(u, 6419) - scaled(v, 13320) + 8708,
                luma + scaled(u, 33050) - 17685,
            ] {
                out.push((value >> 6).clamp(0, 255) as u8);
            }
        }
    }
    out
}

#[test]
fn decoders_see_the_samples_that_the_encoder_predicts_from() {
    for (seed, (width, height)) in
        (1..).zip([(1, 1), (16, 16), (17, 33), (1, 50), (50, 1), (64, 48), (203, 131)])
    {
        for quality in [1, 20, 50, 80, 95, 100] {
            let raster = picture(width, height, seed);
            let (frame, planes) = encoded(&raster, quality, false);
            assert!(decoded(&frame) == pixels(&planes), "{width} × {height}, quality {quality}");
        }
    }
}

#[test]
fn extreme_pixels_are_decoded_as_predicted() {
    for kind in 0..4 {
        let mut raster = Raster::new(70, 70, PixelFormat::RGB);
        let mut state = 7_u32;
        for (at, sample) in raster.data.iter_mut().enumerate() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (random, even) = (state >> 31, (at / 3 + at / 210) as u32 & 1);
            *sample = [state >> 24, 255 * random, 255 * even, 255][kind] as u8;
        }
        for quality in [1, 50, 100] {
            let (frame, planes) = encoded(&raster, quality, false);
            assert!(decoded(&frame) == pixels(&planes), "picture {kind}, quality {quality}");
        }
    }
}

#[test]
fn a_higher_quality_is_closer_and_larger() {
    let raster = picture(160, 120, 3);
    let (mut before, mut last) = (f64::INFINITY, 0);
    for quality in [10, 40, 70, 90, 100] {
        let (frame, _) = encoded(&raster, quality, true);
        let pairs = decoded(&frame).into_iter().zip(&raster.data);
        let error: f64 = pairs.map(|(a, b)| f64::from(a.abs_diff(*b)).abs()).sum();
        assert!(error < before && frame.len() > last, "quality {quality}");
        (before, last) = (error, frame.len());
    }
}

#[test]
fn a_flat_picture_takes_next_to_nothing() {
    let mut raster = Raster::new(640, 480, PixelFormat::RGB);
    raster.data.fill(77);
    let (frame, _) = encoded(&raster, 80, true);
    assert!(frame.len() < 600, "{} bytes", frame.len());
}

/// The file is allocated once, from what the tokens take by the counts of their bits.
#[test]
fn the_tokens_take_what_was_counted() {
    for quality in [5, 60, 100] {
        let raster = picture(333, 222, 5);
        let mut planes = at_once(async |slice| convert(&raster, slice).await);
        let mut evenness = Evenness::default();
        (0..planes.macroblocks.1).for_each(|y| evenness.push_row(&planes, y));
        let segmentation = Segmentation::new(&evenness, quality);
        let mut encoder = Encoder::new(planes.macroblocks, segmentation);
        (0..planes.macroblocks.1).for_each(|y| encoder.row(&mut planes, y));
        encoder.costs.adapt(&encoder.statistics);
        let counted = encoder.costs.bytes(&encoder.statistics);
        let first = header::write(&encoder.frame, &encoder.costs).len();
        let mut frame = Vec::new();
        at_once(async |slice| encoder.write(planes.size, &mut frame, slice).await).unwrap();
        let tokens = frame.len() - header::BYTES - first;
        assert!(tokens <= counted && counted < tokens * 104 / 100 + 100, "{tokens}, {counted}");
    }
}
