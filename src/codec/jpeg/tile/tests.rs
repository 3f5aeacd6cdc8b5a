use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;
use crate::time_slice::at_once;

const SIDE: u16 = 40;

/// A tile of one colour with black padding outside `inside`, as libvips writes it.
fn padded(factor: SamplingFactor, inside: [u32; 2], progressive: bool) -> Vec<u8> {
    let pixel = |at: usize| {
        let [x, y] = [at % usize::from(SIDE), at / usize::from(SIDE)];
        if x < inside[0] as usize && y < inside[1] as usize { [240, 60, 40] } else { [0; 3] }
    };
    let pixels: Vec<u8> = (0..usize::from(SIDE).pow(2)).flat_map(pixel).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_sampling_factor(factor);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels, SIDE, SIDE, ColorType::Rgb).unwrap();
    bytes
}

/// A decoder for such tiles in a TIFF.
fn decoder(transform: Transform, samples: u8) -> TileDecoder {
    let spec = TileSpec { width: SIDE.into(), height: SIDE.into(), samples };
    TileDecoder::new(spec, Origin::Tiff(transform), None)
}

fn decode(
    jpeg: &mut TileDecoder,
    bytes: &[u8],
    rows: u32,
    inside: [u32; 2],
    out: &mut Vec<u8>,
) -> Result<()> {
    at_once(async |slice| jpeg.decode(bytes, rows, (inside, &Seen::ALL), out, slice).await)
}

#[test]
fn padding_does_not_colour_the_last_pixels_of_the_picture() {
    for factor in [
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_1_1,
    ] {
        let mut mixed = false;
        // At block and MCU boundaries, so that the encoder itself mixes no padding into the image.
        for (inside, progressive) in [([32, 32], false), ([32, 40], false), ([40, 32], true)] {
            let bytes = padded(factor, inside, progressive);
            let mut pixels = Vec::new();
            let mut jpeg = decoder(Transform::YCbCr, 3);
            decode(&mut jpeg, &bytes, SIDE.into(), inside, &mut pixels).unwrap();
            for y in 0..inside[1] as usize {
                for x in 0..inside[0] as usize {
                    let pixel = &pixels[(y * usize::from(SIDE) + x) * 3..][..3];
                    let near = pixel.iter().zip([240, 60, 40]).all(|(a, b)| a.abs_diff(b) <= 3);
                    assert!(near, "{factor:?} {inside:?}: {pixel:?} at {x}, {y}");
                }
            }
            // If `inside` is the whole tile, the interpolation mixes padding into the edge.
            decode(&mut jpeg, &bytes, SIDE.into(), [SIDE.into(); 2], &mut pixels).unwrap();
            let [x, y] = inside.map(|side| side as usize - 1);
            let pixel = &pixels[(y * usize::from(SIDE) + x) * 3..][..3];
            mixed |= pixel.iter().zip([240, 60, 40]).any(|(a, b)| a.abs_diff(b) > 10);
        }
        assert!(mixed || factor == SamplingFactor::R_4_1_1, "{factor:?}");
    }
}

#[test]
fn samples_follow_the_directory() {
    // The markers say YCbCr; the directory of a TIFF takes precedence.
    let bytes = padded(SamplingFactor::R_4_4_4, [40, 40], false);
    let [mut of_rgb, mut of_ycbcr] = [Vec::new(), Vec::new()];
    decode(&mut decoder(Transform::Identity, 3), &bytes, 1, [40; 2], &mut of_rgb).unwrap();
    decode(&mut decoder(Transform::YCbCr, 3), &bytes, 1, [40; 2], &mut of_ycbcr).unwrap();
    assert!(of_rgb[0].abs_diff(112) < 3 && of_ycbcr[0].abs_diff(240) < 3);
    let mut grey = decoder(Transform::Identity, 1);
    let error = decode(&mut grey, &bytes, 1, [40; 2], &mut Vec::new()).unwrap_err();
    assert!(error.message.contains("3 components"), "{error}");
}
