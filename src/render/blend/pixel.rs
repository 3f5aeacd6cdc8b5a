//! The formulas of blending for one pixel.
//!
//! They are those of Compositing and Blending Level 1 (W3C, 2024), section 9.1, in integers: the
//! blend function mixes the colours where both are opaque, and "over" combines the rest. Inks are
//! subtracted from full ink for it, so that multiplying darkens (ISO 32000-2, 11.3.4).
//!
//! A pixel has `N` samples: 4 are RGB and alpha, 5 are CMYK and alpha.

use crate::{
    commands::BlendMode,
    pixel::round,
    plan::{BlendStep, FULL},
};

/// An alpha of which `opacity` is left.
pub fn faded(alpha: u8, opacity: u32) -> u8 {
    ((u32::from(alpha) * opacity + FULL / 2) / FULL) as u8
}

/// Blends a pixel at a position of the view.
pub fn blend<const N: usize>(step: BlendStep, at: [i64; 2], source: [u8; N], target: &mut [u8; N]) {
    let mut alpha = faded(source[N - 1], step.opacity);
    if step.mode == BlendMode::Dissolve {
        alpha = if noise(at, step.seed) < alpha { 255 } else { 0 };
    }
    if alpha == 0 {
        return;
    }
    let backdrop = *target;
    let mut mixed = source;
    if !matches!(step.mode, BlendMode::Normal | BlendMode::Dissolve) {
        for nth in 0..N - 1 {
            let both = match N {
                5 => of_inks(step.mode, backdrop[nth], source[nth]),
                _ => function(step.mode, backdrop[nth], source[nth]),
            };
            let (own, under) = (u32::from(source[nth]), u32::from(backdrop[N - 1]));
            mixed[nth] = ((own * (255 - under) + u32::from(both) * under + 127) / 255) as u8;
        }
    }
    *target = composite(mixed, alpha, backdrop);
}

/// Porter and Duff's "over" with straight alpha, rounded. The alpha of the source is `alpha`.
pub fn composite<const N: usize>(source: [u8; N], alpha: u8, backdrop: [u8; N]) -> [u8; N] {
    let under = backdrop[N - 1];
    if under == 255 {
        // The same formula without its common factor 255, so the divisor is a constant.
        let (own, rest) = (u32::from(alpha), 255 - u32::from(alpha));
        let mix = |front: u8, back: u8| {
            ((u32::from(front) * own + u32::from(back) * rest + 127) / 255) as u8
        };
        return mixed(source, backdrop, 255, mix);
    }
    let (own, rest) = (u32::from(alpha) * 255, u32::from(under) * (255 - u32::from(alpha)));
    let whole = own + rest;
    let mix = |front: u8, back: u8| {
        ((u32::from(front) * own + u32::from(back) * rest + whole / 2) / whole) as u8
    };
    mixed(source, backdrop, ((whole + 127) / 255) as u8, mix)
}

#[inline(always)]
fn mixed<const N: usize>(
    source: [u8; N],
    backdrop: [u8; N],
    alpha: u8,
    mix: impl Fn(u8, u8) -> u8,
) -> [u8; N] {
    let last = N - 1;
    std::array::from_fn(|at| if at == last { alpha } else { mix(source[at], backdrop[at]) })
}

/// The blend function on what inks leave of the light.
#[inline(never)]
fn of_inks(mode: BlendMode, backdrop: u8, source: u8) -> u8 {
    255 - function(mode, 255 - backdrop, 255 - source)
}

/// The separable blend functions of section 10.1.
#[inline(always)]
fn function(mode: BlendMode, backdrop: u8, source: u8) -> u8 {
    let (b, s) = (u32::from(backdrop), u32::from(source));
    let product = |one: u32, other: u32| (one * other + 127) / 255;
    // 255 − (255 − one) · (255 − other), which is one + other − their product.
    let screen = |one: u32, other: u32| 255 - product(255 - one, 255 - other);
    let hard = |under: u32, over: u32| match over {
        0..128 => product(under, 2 * over),
        _ => screen(under, 2 * over - 255),
    };
    let mixed = match mode {
        BlendMode::Normal | BlendMode::Dissolve => s,
        BlendMode::Lighten => b.max(s),
        BlendMode::Darken => b.min(s),
        BlendMode::Multiply => product(b, s),
        BlendMode::Screen => screen(b, s),
        BlendMode::Overlay => hard(s, b),
        BlendMode::HardLight => hard(b, s),
        BlendMode::SoftLight => return soft_light(backdrop, source),
        BlendMode::ColorDodge => match (b, s) {
            (0, _) => 0,
            (_, 255) => 255,
            _ => ((b * 255 + (255 - s) / 2) / (255 - s)).min(255),
        },
        BlendMode::ColorBurn => match (b, s) {
            (255, _) => 255,
            (_, 0) => 0,
            _ => 255 - (((255 - b) * 255 + s / 2) / s).min(255),
        },
        BlendMode::Difference => b.abs_diff(s),
        BlendMode::Exclusion => (b + s).saturating_sub(product(2 * b, s)).min(255),
    };
    mixed as u8
}

fn soft_light(backdrop: u8, source: u8) -> u8 {
    let (b, s) = (f32::from(backdrop) / 255.0, f32::from(source) / 255.0);
    let mixed = if s <= 0.5 {
        b - (1.0 - 2.0 * s) * b * (1.0 - b)
    } else {
        let curve = if b <= 0.25 { ((16.0 * b - 12.0) * b + 4.0) * b } else { b.sqrt() };
        b + (2.0 * s - 1.0) * (curve - b)
    };
    round(mixed * 255.0)
}

/// A pseudorandom threshold from 0 to 254 that depends only on the position in the view and the
/// layer (D26). The mixing function is that of MurmurHash3 (A. Appleby, 2011).
fn noise([x, y]: [i64; 2], seed: u32) -> u8 {
    let mut hash = (x as u32) ^ (y as u32).rotate_left(16) ^ seed.wrapping_mul(0x9e37_79b9);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    ((hash ^ (hash >> 16)) % 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODES: [BlendMode; 13] = [
        BlendMode::Normal,
        BlendMode::Dissolve,
        BlendMode::Lighten,
        BlendMode::Darken,
        BlendMode::Multiply,
        BlendMode::Screen,
        BlendMode::Overlay,
        BlendMode::HardLight,
        BlendMode::SoftLight,
        BlendMode::ColorDodge,
        BlendMode::ColorBurn,
        BlendMode::Difference,
        BlendMode::Exclusion,
    ];

    fn hard(under: f64, over: f64) -> f64 {
        if over <= 0.5 { under * 2.0 * over } else { 1.0 - (1.0 - under) * (2.0 - 2.0 * over) }
    }

    /// The formulas of sections 9.1 and 10.1 in floats.
    fn expected(mode: BlendMode, source: [u8; 4], backdrop: [u8; 4], opacity: f64) -> [f64; 4] {
        let part = |value: u8| f64::from(value) / 255.0;
        let (own, under) = (part(source[3]) * opacity, part(backdrop[3]));
        let alpha = own + under * (1.0 - own);
        let color = [0, 1, 2].map(|nth: usize| {
            let (s, b) = (part(source[nth]), part(backdrop[nth]));
            let both = match mode {
                BlendMode::Normal | BlendMode::Dissolve => s,
                BlendMode::Lighten => s.max(b),
                BlendMode::Darken => s.min(b),
                BlendMode::Multiply => s * b,
                BlendMode::Screen => b + s - b * s,
                BlendMode::Overlay => hard(s, b),
                BlendMode::HardLight => hard(b, s),
                BlendMode::SoftLight if s <= 0.5 => b - (1.0 - 2.0 * s) * b * (1.0 - b),
                BlendMode::SoftLight => {
                    let low = ((16.0 * b - 12.0) * b + 4.0) * b;
                    b + (2.0 * s - 1.0) * (if b <= 0.25 { low } else { b.sqrt() } - b)
                }
                BlendMode::ColorDodge if b == 0.0 => 0.0,
                BlendMode::ColorDodge if s >= 1.0 => 1.0,
                BlendMode::ColorDodge => (b / (1.0 - s)).min(1.0),
                BlendMode::ColorBurn if b >= 1.0 => 1.0,
                BlendMode::ColorBurn if s == 0.0 => 0.0,
                BlendMode::ColorBurn => 1.0 - ((1.0 - b) / s).min(1.0),
                BlendMode::Difference => (b - s).abs(),
                BlendMode::Exclusion => b + s - 2.0 * b * s,
            };
            let mixed = (1.0 - under) * s + under * both;
            255.0 * (own * mixed + (1.0 - own) * under * b) / alpha
        });
        [color[0], color[1], color[2], 255.0 * alpha]
    }

    #[test]
    fn every_mode_is_within_a_step_of_its_formula() {
        let values = [0, 1, 60, 128, 200, 254, 255];
        for mode in MODES.into_iter().filter(|mode| *mode != BlendMode::Dissolve) {
            for opacity in [FULL, 3000] {
                for (alpha, under) in values.iter().flat_map(|a| values.map(|b| (*a, b))) {
                    let (source, backdrop) = ([10, 128, 250, alpha], [200, 100, 3, under]);
                    let mut target = backdrop;
                    let step = BlendStep { mode, opacity, seed: 0 };
                    blend(step, [0, 0], source, &mut target);
                    let part = f64::from(opacity) / f64::from(FULL);
                    // The alpha of the layer is rounded before it is used.
                    let rounded = (f64::from(alpha) * part).round();
                    let source = [10, 128, 250, rounded as u8];
                    let wanted = expected(mode, source, backdrop, 1.0);
                    let close = target.iter().zip(wanted).all(|(got, wanted)| {
                        wanted.is_nan() || (f64::from(*got) - wanted).abs() <= 1.01
                    });
                    assert!(close, "{mode:?} {opacity} {alpha} {under}: {target:?} {wanted:?}");
                }
            }
        }
    }

    #[test]
    fn inks_are_blended_by_what_they_leave_of_the_light() {
        let light = |inks: [u8; 3], alpha: u8| {
            let [a, b, c] = inks.map(|ink| 255 - ink);
            [a, b, c, alpha]
        };
        for mode in MODES.into_iter().filter(|mode| *mode != BlendMode::Dissolve) {
            for (alpha, under) in [(255, 255), (255, 128), (60, 255), (128, 200), (200, 0)] {
                let mut target = [200, 100, 3, 40, under];
                let step = BlendStep { mode, opacity: FULL, seed: 0 };
                blend(step, [0, 0], [10, 128, 250, 255, alpha], &mut target);
                let wanted = [([10, 128, 250], [200, 100, 3]), ([255; 3], [40; 3])];
                let [colors, black] = wanted.map(|(source, backdrop)| {
                    expected(mode, light(source, alpha), light(backdrop, under), 1.0)
                });
                let wanted = [colors[0], colors[1], colors[2], black[0]].map(|part| 255.0 - part);
                let close = target
                    .iter()
                    .zip(wanted)
                    .all(|(got, wanted)| (f64::from(*got) - wanted).abs() <= 1.01);
                assert!(close, "{mode:?} {alpha} {under}: {target:?} {wanted:?}");
                assert!((f64::from(target[4]) - colors[3]).abs() <= 0.51);
            }
        }
    }

    #[test]
    fn an_opaque_backdrop_gives_what_the_general_formula_gives() {
        for (alpha, front) in
            (1..=255_u8).flat_map(|alpha| [0, 1, 77, 254, 255].map(|f| (alpha, f)))
        {
            for back in 0..=255_u8 {
                let (own, rest) = (u32::from(alpha) * 255, 255 * (255 - u32::from(alpha)));
                let sum = u32::from(front) * own + u32::from(back) * rest;
                let wanted = ((sum + (own + rest) / 2) / (own + rest)) as u8;
                let got = composite([front; 4], alpha, [back, back, back, 255]);
                assert_eq!(got, [wanted, wanted, wanted, 255], "{front} {alpha} {back}");
            }
        }
    }

    #[test]
    fn dissolve_shows_as_many_pixels_as_its_alpha() {
        for (alpha, part) in [(0, 0.0), (64, 0.25), (128, 0.5), (255, 1.0)] {
            let step = BlendStep { mode: BlendMode::Dissolve, opacity: FULL, seed: 3 };
            let shown = (0..100).flat_map(|y| (0..100).map(move |x| [x, y])).filter(|at| {
                let mut target = [0; 4];
                blend(step, *at, [9, 9, 9, alpha], &mut target);
                assert!(matches!(target, [0, 0, 0, 0] | [9, 9, 9, 255]), "{target:?}");
                target[3] == 255
            });
            let shown = shown.count() as f64 / 10_000.0;
            assert!((shown - part).abs() < 0.02, "{alpha}: {shown}");
        }
    }
}
