use super::*;
use crate::pixel::ColorModel;

const GRAY: PixelFormat = PixelFormat::GRAY;
const RGB: PixelFormat = PixelFormat::RGB;
const RGBA: PixelFormat = PixelFormat::RGBA;
const CMYK: PixelFormat = PixelFormat { model: ColorModel::Cmyk, alpha: false };

fn axis(len: u32, outputs: i64) -> Axis {
    Axis {
        kernel: Kernel::Sharp2,
        start: 0.0,
        step: f64::from(len) / outputs as f64,
        outputs: 0..outputs,
        bounds: 0..len,
    }
}

/// Resamples a whole image and returns the rows by output index.
fn run(
    pixel: PixelFormat,
    pixels: &[u8],
    width: usize,
    across: &Axis,
    down: &Axis,
) -> Vec<Vec<u8>> {
    let mut resampler =
        Resampler::new(pixel, Rc::new(Weights::new(across)), Rc::new(Weights::new(down)));
    let (columns, channels) = (resampler.columns(), pixel.samples());
    let mut rows = vec![Vec::new(); (down.outputs.end - down.outputs.start) as usize];
    for y in resampler.rows() {
        let row = &pixels[y as usize * width * channels..][..width * channels];
        let part = &row[columns.start as usize * channels..columns.end as usize * channels];
        resampler.push(part);
        while let Some((index, out)) = resampler.pull() {
            rows[index] = out.to_vec();
        }
    }
    rows
}

fn noise(len: usize) -> Vec<u8> {
    let mut state = 7_u32;
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

#[test]
fn same_size_is_a_copy_to_the_bit() {
    for pixel in [GRAY, RGB, CMYK] {
        let pixels = noise(13 * 9 * pixel.samples());
        let rows = run(pixel, &pixels, 13, &axis(13, 13), &axis(9, 9));
        assert_eq!(rows.concat(), pixels, "{pixel:?}");
    }
}

#[test]
fn a_flat_picture_stays_flat_at_any_size() {
    for outputs in [1, 5, 31, 90] {
        let rows = run(RGB, &[200; 31 * 31 * 3], 31, &axis(31, outputs), &axis(31, outputs));
        assert!(rows.concat().iter().all(|&sample| sample == 200), "{outputs}");
        assert_eq!(rows.concat().len() as i64, outputs * outputs * 3);
    }
}

#[test]
fn a_part_equals_the_same_part_of_the_whole() {
    let pixels = noise(64 * 48 * 4);
    let whole = run(RGBA, &pixels, 64, &axis(64, 27), &axis(48, 21));
    let across = Axis { outputs: 9..20, ..axis(64, 27) };
    let down = Axis { outputs: 5..13, ..axis(48, 21) };
    let part = run(RGBA, &pixels, 64, &across, &down);
    for (row, full) in part.iter().zip(&whole[5..13]) {
        assert_eq!(row, &full[9 * 4..20 * 4]);
    }
}

#[test]
fn a_part_may_begin_on_the_centre_of_a_pixel() {
    let pixels = noise(12 * 12);
    for (outputs, flipped) in [(84, false), (84, true), (36, false), (60, true)] {
        let down = |part: std::ops::Range<i64>| {
            let (start, step) = if flipped { (12.0, -1.0) } else { (0.0, 1.0) };
            let step = step * 12.0 / outputs as f64;
            Axis { outputs: part, start, step, ..axis(12, outputs) }
        };
        let whole = run(GRAY, &pixels, 12, &axis(12, 12), &down(0..outputs));
        for start in 0..outputs - 9 {
            let part = run(GRAY, &pixels, 12, &axis(12, 12), &down(start..start + 9));
            assert_eq!(part, whole[start as usize..][..9], "{start} of {outputs}, {flipped}");
        }
    }
}

#[test]
fn a_negative_step_mirrors() {
    let pixels = noise(40 * 30);
    let plain = run(GRAY, &pixels, 40, &axis(40, 17), &axis(30, 11));
    let flip = |axis: Axis, len: f64| Axis { start: len, step: -axis.step, ..axis };
    let both = run(GRAY, &pixels, 40, &flip(axis(40, 17), 40.0), &flip(axis(30, 11), 30.0));
    let turned: Vec<Vec<u8>> =
        plain.iter().rev().map(|row| row.iter().rev().copied().collect()).collect();
    assert_eq!(both, turned);
}

#[test]
fn transparent_pixels_lend_no_colour() {
    // Opaque red next to transparent green: the mix is half-transparent red.
    let pixels = [255, 0, 0, 255, 0, 255, 0, 0];
    let across = Axis { kernel: Kernel::Bilin, ..axis(2, 1) };
    let rows = run(RGBA, &pixels, 2, &across, &axis(1, 1));
    assert_eq!(rows, [[255, 0, 0, 128]]);
}

#[test]
fn transparent_cmyk_lends_no_colour() {
    let pixel = PixelFormat { alpha: true, ..CMYK };
    let pixels = [9, 90, 180, 40, 255, 255, 255, 255, 255, 0];
    let across = Axis { kernel: Kernel::Bilin, ..axis(2, 1) };
    assert_eq!(run(pixel, &pixels, 2, &across, &axis(1, 1)), [[9, 90, 180, 40, 128]]);
}

#[test]
fn paired_outputs_are_the_means_of_two() {
    for (len, outputs, flipped) in [(90, 61, false), (90, 44, true), (31, 7, false), (9, 1, true)] {
        let mut axis = axis(len, outputs);
        if flipped {
            (axis.start, axis.step) = (len.into(), -axis.step);
        }
        let line: Vec<f32> = noise(len as usize).into_iter().map(f32::from).collect();
        let of_pairs = Weights::new(&axis).of_pairs(len);
        for weights in [Weights::new(&axis), of_pairs] {
            let applied = |weights: &Weights| {
                let source = &line[weights.source().start as usize..];
                let mut out = vec![0.0; weights.len()];
                weights.apply(1, &[source, &[0.0; 16]].concat(), &mut out);
                out
            };
            let (each, paired) = (applied(&weights), applied(&weights.of_output_pairs()));
            let means = each.chunks(2).map(|pair| pair.iter().sum::<f32>() / pair.len() as f32);
            assert_eq!(paired.len(), each.len().div_ceil(2));
            for (paired, mean) in paired.iter().zip(means) {
                assert!((paired - mean).abs() < 1e-3, "{len} {outputs}: {paired} {mean}");
            }
        }
    }
}

#[test]
fn pairs_are_resampled_as_if_they_were_interpolated_first() {
    for (pixels, outputs) in [(24, 17), (25, 9), (2, 1), (24, 24), (1, 1)] {
        let pairs: Vec<u8> = noise(usize::div_ceil(pixels, 2));
        let at = |n: i64| f64::from(pairs[n.clamp(0, pairs.len() as i64 - 1) as usize]);
        let interpolated = (0..pixels as i64).map(|pixel| {
            let farther = if pixel % 2 == 0 { pixel / 2 - 1 } else { pixel / 2 + 1 };
            at(pixel / 2) * 0.75 + at(farther) * 0.25
        });
        let interpolated: Vec<f32> = interpolated.map(|sample| sample as f32).collect();
        let padded = |line: &[f32]| [line, &[0.0; 4]].concat();
        let full = Weights::new(&axis(pixels as u32, outputs));
        let pairs: Vec<f32> = pairs.iter().map(|&sample| sample.into()).collect();
        let (mut one, mut other) = (vec![0.0; outputs as usize], vec![0.0; outputs as usize]);
        full.apply(1, &padded(&interpolated), &mut one);
        full.of_pairs(pairs.len() as u32).apply(1, &padded(&pairs), &mut other);
        let alike = one.iter().zip(&other).all(|(one, other)| (one - other).abs() < 1e-3);
        assert!(alike, "{pixels} to {outputs}: {one:?} {other:?}");
    }
}

#[test]
fn one_pixel_can_be_enlarged() {
    let rows = run(RGB, &[9, 8, 7], 1, &axis(1, 4), &axis(1, 3));
    assert_eq!(rows, vec![[9, 8, 7].repeat(4); 3]);
}

#[test]
fn integers_weigh_as_floats_do() {
    // Odd and even row counts, enlarged and reduced, odd widths, strong contrasts.
    let pixels: Vec<u8> =
        noise(37 * 29 * 3).iter().map(|&n| if n < 128 { 0 } else { 255 }).collect();
    let with_alpha: Vec<u8> =
        pixels.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    for (columns, rows) in [(37, 29), (18, 14), (5, 3), (50, 80), (1, 1), (36, 28)] {
        let (across, down) = (axis(37, columns), axis(29, rows));
        let whole = run(RGB, &pixels, 37, &across, &down).concat();
        let floats = run(RGBA, &with_alpha, 37, &across, &down).concat();
        let colors = floats.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]);
        let mut other = 0;
        for (whole, float) in whole.iter().zip(colors) {
            assert!(whole.abs_diff(float) <= 1, "{columns} × {rows}: {whole} {float}");
            other += usize::from(*whole != float);
        }
        assert!(other * 20 < whole.len(), "{columns} × {rows}: {other} of {}", whole.len());
    }
}
