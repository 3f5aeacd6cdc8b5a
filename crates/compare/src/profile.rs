//! Brings two pictures with different profiles to one colour space.

use moxcms::{ColorProfile, Layout, TransformOptions};

use crate::decode::Decoded;

/// Converts both pictures to sRGB, unless they have the same profile. Returns whether it has.
pub fn unify(old: &mut Decoded, new: &mut Decoded) -> bool {
    if old.profile == new.profile {
        return false;
    }
    [old, new].into_iter().for_each(to_srgb);
    true
}

/// Converts a picture to sRGB. One without a profile, or with a damaged one, is taken for sRGB, as
/// browsers do.
fn to_srgb(decoded: &mut Decoded) {
    let Some(profile) = decoded.profile.take() else { return };
    let Ok(profile) = ColorProfile::new_from_slice(&profile) else { return };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options);
    let Ok(transform) = transform else { return };
    let picture = &mut decoded.picture;
    let mut converted = vec![0; picture.rgba.len()];
    if transform.transform(&picture.rgba, &mut converted).is_ok() {
        picture.rgba = converted;
    }
}
