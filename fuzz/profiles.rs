//! Invariants of every ICC profile, even a damaged one.

use azulejo::{
    color::icc::{Intent, Profile, SRGB, Transform},
    pixel::PixelFormat,
    time_slice::at_once,
};

const INTENTS: [Intent; 4] =
    [Intent::Perceptual, Intent::Relative, Intent::Saturation, Intent::Absolute];

/// Reads any bytes as a profile, converts from it and to it, or says why not. Returns whether one of both
/// is possible.
pub fn check_profile(bytes: &[u8], intent: usize) -> Result<bool, String> {
    let srgb = SRGB.profile();
    let intent = INTENTS[intent % INTENTS.len()];
    let mut possible = false;
    for [from, to] in [[bytes, &srgb], [&srgb, bytes]] {
        let (Ok(from), Ok(to)) = (Profile::read(from), Profile::read(to)) else { continue };
        let made = at_once(async |slice| Transform::new(&from, &to, intent, true, slice).await);
        let transform = match made {
            Ok(transform) => transform,
            Err(error) if error.message.is_empty() => {
                return Err("an error without words".to_owned());
            }
            Err(_) => continue,
        };
        possible = true;
        let pixel = PixelFormat { model: from.model, alpha: true };
        let made_pixel = PixelFormat { model: to.model, alpha: true };
        let row: Vec<u8> = (0..pixel.samples() * 50).map(|at| (at * 37 % 256) as u8).collect();
        let mut made = Vec::new();
        transform.convert(pixel, &row, None, &mut made);
        if made.len() != made_pixel.samples() * 50 {
            return Err(format!("{} samples of 50 pixels", made.len()));
        }
        let alphas = |row: &[u8], samples: usize| {
            row.chunks_exact(samples).filter_map(|pixel| pixel.last().copied()).collect::<Vec<_>>()
        };
        if alphas(&row, pixel.samples()) != alphas(&made, made_pixel.samples()) {
            return Err("another alpha".to_owned());
        }
    }
    Ok(possible)
}
