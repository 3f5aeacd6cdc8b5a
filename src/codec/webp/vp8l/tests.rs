use image_webp::WebPDecoder;

use super::*;
use crate::{codec::webp::riff, time_slice::at_once};

/// The picture that the decoder of another project finds in the stream.
fn decoded(pixels: &[u32], width: usize) -> Vec<u32> {
    let picture = Picture { pixels: pixels.to_vec(), width };
    let stream = at_once(async |slice| encode(picture, Vec::new(), slice).await);
    let (width, height) = (width as u32, (pixels.len() / width) as u32);
    let mut file = riff::begin();
    let head = (width - 1) | (height - 1) << 14 | 1 << 28;
    riff::chunk(b"VP8L", &[&[0x2f], &head.to_le_bytes(), &stream], &mut file);
    riff::end(&mut file);
    let mut decoder = WebPDecoder::new(std::io::Cursor::new(file)).unwrap();
    assert_eq!(decoder.dimensions(), (width, height));
    let mut bytes = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut bytes).unwrap();
    let pixel = |&[r, g, b, a]: &[u8; 4]| u32::from_be_bytes([a, r, g, b]);
    bytes.as_chunks().0.iter().map(pixel).collect()
}

#[test]
fn pictures_of_all_shapes_and_numbers_of_colours_are_exact() {
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8 ^ state << 16
    };
    for (width, height) in [(1, 1), (1, 300), (300, 1), (2, 2), (7, 5), (33, 17), (130, 90)] {
        let places = || (0..height).flat_map(|y| (0..width).map(move |x| (x as u32, y as u32)));
        let mut pictures: Vec<Vec<u32>> = Vec::new();
        for colors in [1, 2, 3, 4, 5, 16, 17, 200, 256, 257] {
            let nth = |(x, y): (u32, u32)| (x * 7 + y * 13 + x * y) % colors;
            pictures.push(places().map(|place| nth(place).wrapping_mul(0x0103_0507)).collect());
        }
        pictures.push(places().map(|_| noise()).collect());
        pictures.push(places().map(|(x, y)| 0xff00_0000 | x << 16 | (x + y) << 8 | y).collect());
        pictures.push(places().map(|(x, y)| if y % 9 < 5 { x * x } else { noise() }).collect());
        for (nth, pixels) in pictures.iter().enumerate() {
            assert!(decoded(pixels, width) == *pixels, "{width} × {height}, {nth}");
        }
    }
}

/// Sides over which there are more squares than groups, and copies of the greatest length.
#[test]
fn large_pictures_are_exact() {
    let pixel = |at: u32| 0xff00_0000 | (at / 700 % 256) << 16 | at.wrapping_mul(at >> 9) & 0xff07;
    let pixels: Vec<u32> = (0..700 * 600).map(pixel).collect();
    assert!(decoded(&pixels, 700) == pixels);
    assert!(decoded(&vec![7; 20_000], 16_000 / 8) == vec![7; 20_000]);
}
