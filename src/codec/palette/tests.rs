use super::*;
use crate::{
    codec::{Embedded, FORMATS, Quantization, Subsampling},
    pixel::PixelFormat,
    time_slice::at_once,
};

fn options(quantization: Quantization, pixel: PixelFormat) -> EncodeOptions {
    EncodeOptions {
        format: FORMATS[0],
        pixel,
        quality: 80,
        subsampling: Subsampling::Yuv420,
        print_resolution: 72.0,
        compression: None,
        jpeg_size: None,
        scans: None,
        embedded: Embedded::default(),
        quantization,
    }
}

fn reduced(raster: &Raster, quantization: Quantization, alpha: Alpha) -> Indexed {
    let options = options(quantization, raster.pixel);
    at_once(async |slice| indexed(&options, raster.clone(), alpha, slice).await)
}

/// The colours of all pixels.
fn colors(image: &Indexed) -> Vec<[u8; 4]> {
    image.indices.iter().map(|index| image.colors[usize::from(*index)]).collect()
}

fn raster(pixel: PixelFormat, width: u32, height: u32, at: impl Fn(u32, u32) -> [u8; 4]) -> Raster {
    let mut raster = Raster::new(width, height, pixel);
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    for (out, (x, y)) in raster.data.chunks_exact_mut(pixel.samples()).zip(places) {
        out.copy_from_slice(&at(x, y)[..pixel.samples()]);
    }
    raster
}

fn few(colors: u16, diffuse: bool) -> Quantization {
    Quantization { colors, diffuse, ..Quantization::default() }
}

/// The mean squared error of the reduced image.
fn error(raster: &Raster, image: &Indexed) -> f64 {
    let pixels = raster.data.chunks_exact(raster.pixel.samples());
    let errors = pixels.zip(colors(image)).flat_map(|(pixel, color)| {
        let pixel = rgba(pixel, Alpha::Key);
        (0..3).map(move |nth| {
            let difference = f64::from(pixel[nth]) - f64::from(color[nth]);
            difference * difference
        })
    });
    errors.sum::<f64>() / f64::from(raster.width * raster.height * 3)
}

/// A smooth picture of thousands of colours.
fn smooth() -> Raster {
    raster(PixelFormat::RGB, 160, 100, |x, y| {
        [(x * 3 / 2) as u8, (y * 2) as u8, ((x + y) / 2 + 40) as u8, 255]
    })
}

#[test]
fn a_palette_with_room_for_all_colours_is_exact() {
    for count in [1, 2, 3, 17, 200, 256] {
        let image = raster(PixelFormat::RGB, 40, 30, |x, y| {
            let nth = (y * 40 + x) * 7 % count;
            [nth as u8, (nth * 91 % 256) as u8, 255 - nth as u8, 255]
        });
        for diffuse in [true, false] {
            let made = reduced(&image, few(count.max(2) as u16, diffuse), Alpha::Key);
            let pixels = image.data.chunks_exact(3).map(|p| [p[0], p[1], p[2], 255]);
            assert!(colors(&made) == pixels.collect::<Vec<_>>(), "{count}");
            assert_eq!(made.colors.len(), count as usize);
        }
    }
}

#[test]
fn one_colour_more_than_the_palette_has_is_quantized() {
    let image =
        raster(PixelFormat::RGB, 257, 1, |x, _| [x.min(255) as u8, 0, (x / 256) as u8 * 90, 255]);
    let made = reduced(&image, few(256, false), Alpha::Key);
    assert!(made.colors.len() <= 256);
    let off = error(&image, &made);
    assert!(off > 0.0 && off < 3.0, "{off}");
    // Grey levels are colours, too.
    let grey = raster(PixelFormat::GRAY, 256, 4, |x, _| [x as u8; 4]);
    let made = reduced(&grey, few(256, true), Alpha::Key);
    assert_eq!(colors(&made)[77], [77, 77, 77, 255]);
    let made = reduced(&grey, few(16, false), Alpha::Key);
    assert_eq!(made.colors.len(), 16);
    // Sixteen steps over 256 levels: 16² / 12 is the least possible.
    assert!(error(&grey, &made) < 24.0);
}

#[test]
fn forced_colours_are_in_the_palette_and_leave_room_for_others() {
    let forced = vec![[255, 0, 255], [0, 255, 0]];
    let quantization = Quantization { colors: 16, forced: forced.clone(), ..few(16, true) };
    let made = reduced(&smooth(), quantization, Alpha::Key);
    assert_eq!(made.colors.len(), 16);
    for [r, g, b] in forced {
        assert!(made.colors.contains(&[r, g, b, 255]));
    }
    let black_and_white = Quantization { forced: vec![[0; 3], [255; 3]], ..few(2, false) };
    let made = reduced(&smooth(), black_and_white, Alpha::Key);
    assert_eq!(made.colors, [[0, 0, 0, 255], [255, 255, 255, 255]]);
    assert_eq!(colors(&made).first(), Some(&[0, 0, 0, 255]));
    assert_eq!(colors(&made).last(), Some(&[255, 255, 255, 255]));
}

#[test]
fn a_smooth_picture_stays_near_and_diffusion_keeps_its_means() {
    let image = smooth();
    let (plain, diffused) =
        (reduced(&image, few(64, false), Alpha::Key), reduced(&image, few(64, true), Alpha::Key));
    assert!(error(&image, &plain) < 60.0, "{}", error(&image, &plain));
    // The mean of 20 × 20 pixels.
    let mean = |pixels: &[[u8; 4]], channel: usize| {
        let places = (0..400).map(|nth| (40 + nth / 20) * 160 + 70 + nth % 20);
        places.map(|at| f64::from(pixels[at][channel])).sum::<f64>() / 400.0
    };
    let exact: Vec<[u8; 4]> = image.data.chunks_exact(3).map(|p| rgba(p, Alpha::Key)).collect();
    for channel in 0..3 {
        let off = (mean(&colors(&diffused), channel) - mean(&exact, channel)).abs();
        assert!(off < 1.5, "{channel}: {off}");
    }
    assert!(reduced(&image, few(4, true), Alpha::Key).colors.len() == 4);
}

/// All colours lie within a few cells of a histogram that does not adapt.
#[test]
fn a_narrow_range_of_colours_uses_the_whole_palette() {
    let image = raster(PixelFormat::RGB, 60, 60, |x, y| {
        [100 + (x / 6) as u8, 100 + (y / 6) as u8, 100 + ((x * y) % 7) as u8, 255]
    });
    let made = reduced(&image, few(256, false), Alpha::Key);
    assert!(error(&image, &made) < 0.5, "{}", error(&image, &made));
}

#[test]
fn the_nearest_colour_is_that_of_a_full_search() {
    let palette: Vec<[u8; 3]> = (0..200_u32)
        .map(|nth| [nth.wrapping_mul(2_654_435_761) >> 24, nth * 77 % 256, nth].map(|v| v as u8))
        .collect();
    let mut nearest = nearest::Nearest::new(&palette);
    for nth in 0..20_000_u32 {
        let color = [5, 13, 21].map(|shift| (nth.wrapping_mul(2_246_822_519) >> shift) as u8);
        let distance = |other: &[u8; 3]| {
            color.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum::<u32>()
        };
        let best = palette.iter().map(distance).min().unwrap();
        assert_eq!(distance(&palette[usize::from(nearest.find(color))]), best);
    }
}

#[test]
fn predefined_palettes_are_those_of_the_web_and_the_macintosh() {
    let (web, mac) = (fixed::web(), fixed::mac());
    assert_eq!((web.len(), mac.len()), (216, 256));
    for palette in [&web, &mac] {
        let mut all = palette.clone();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), palette.len(), "no colour is there twice");
    }
    assert_eq!(
        (mac[0], mac[1], mac[6], mac[215], mac[255]),
        ([255; 3], [255, 255, 204], [255, 204, 255], [238, 0, 0], [0; 3])
    );
    let quantization = Quantization { palette: Palette::Web, ..few(2, false) };
    let made = reduced(&smooth(), quantization, Alpha::Key);
    assert!(made.colors.len() == 216, "the number of colours is that of an adaptive palette");
    assert!(colors(&made).iter().all(|color| color[..3].iter().all(|level| level % 51 == 0)));
}

#[test]
fn alpha_is_rounded_for_a_key_and_kept_for_a_palette_with_alpha() {
    let image = raster(PixelFormat::RGBA, 4, 1, |x, _| {
        [[9, 9, 9, 0], [200, 0, 0, 127], [200, 0, 0, 128], [200, 0, 0, 255]][x as usize]
    });
    let keyed = reduced(&image, few(256, true), Alpha::Key);
    assert_eq!(colors(&keyed), [[0; 4], [0; 4], [200, 0, 0, 255], [200, 0, 0, 255]]);
    assert_eq!(keyed.colors, [[0; 4], [200, 0, 0, 255]]);
    let full = reduced(&image, few(256, true), Alpha::Full);
    // The colour of a pixel that nobody sees is cleared.
    assert_eq!(colors(&full), [[0; 4], [200, 0, 0, 127], [200, 0, 0, 128], [200, 0, 0, 255]]);
    assert!(full.colors.is_sorted_by_key(|color| color[3]));
}

#[test]
fn a_quantized_image_with_transparency_has_255_colours_and_a_key() {
    let image = raster(PixelFormat::RGBA, 100, 100, |x, y| {
        [(x * 2) as u8, (y * 2) as u8, (x + y) as u8, if x < 3 { 0 } else { 255 }]
    });
    for alpha in [Alpha::Key, Alpha::Full] {
        let made = reduced(&image, few(256, true), alpha);
        assert_eq!((made.colors.len(), made.colors[0]), (256, [0; 4]));
        let keyed: Vec<bool> = colors(&made).iter().map(|color| color[3] == 0).collect();
        assert!((0..10_000).all(|at| keyed[at] == (at % 100 < 3)));
    }
    let two = reduced(&image, few(2, false), Alpha::Key);
    assert_eq!(two.colors.len(), 3);
}
