//! Black point compensation (ISO 18619): the black of the source becomes that of the destination.

use super::{
    curve::unit,
    device::{FromPcs, ToPcs},
    matrix::Vector,
    pcs::{D50, lab_to_xyz, xyz_to_lab},
    profile::Profile,
    transform::Intent,
};
use crate::{error::Result, pixel::ColorModel};

/// The black of the perceptual reference medium of version 4 (ICC.1:2022, 6.3.4.3).
const REFERENCE: Vector = [0.00336, 0.0034731, 0.00287];

/// The lightest L* that counts as a black.
const LIGHTEST: f64 = 50.0;

/// A scale and an offset for each of X, Y and Z.
pub type Scaling = (Vector, Vector);

/// Changes nothing.
pub const UNSCALED: Scaling = ([1.0; 3], [0.0; 3]);

/// Maps one black to another, and leaves white where it is (ISO 18619, 4.4).
pub fn scaling(from: Vector, to: Vector) -> Scaling {
    let scale = [0, 1, 2].map(|at| (to[at] - D50[at]) / (from[at] - D50[at]));
    (scale, [0, 1, 2].map(|at| D50[at] * (1.0 - scale[at])))
}

/// Scales an XYZ.
pub fn scaled((scale, offset): &Scaling, xyz: Vector) -> Vector {
    [0, 1, 2].map(|at| xyz[at] * scale[at] + offset[at])
}

/// The black point of a source (ISO 18619, 4.2).
pub fn of_source(profile: &Profile, intent: Intent) -> Result<Vector> {
    if profile.version >= 4 && intent.is_rendering() {
        return match profile.is_shaper() {
            true => darkest(profile, Intent::Relative),
            false => Ok(REFERENCE),
        };
    }
    // Full ink on all plates is no black of a press. Its perceptual table knows the right one.
    if intent == Intent::Relative && profile.is_output && profile.model == ColorModel::Cmyk {
        return printed(profile);
    }
    darkest(profile, intent)
}

/// The black point of a destination (ISO 18619, 4.3). Where its table bends before it reaches the
/// darkest colour, a parabola through the straight part tells where black would be.
pub fn of_destination(profile: &Profile, intent: Intent) -> Result<Vector> {
    if profile.version >= 4 && intent.is_rendering() || !profile.has_table(intent, false) {
        return of_source(profile, intent);
    }
    let first = match intent {
        Intent::Relative => of_source(profile, intent)?,
        Intent::Perceptual | Intent::Saturation | Intent::Absolute => [0.0; 3],
    };
    let way = RoundTrip::new(profile, intent)?;
    let mut ramp = [0.0; 256];
    for (at, made) in ramp.iter_mut().enumerate() {
        *made = way.lightness(at as f64 * (100.0 / 255.0));
    }
    for at in (1..ramp.len() - 1).rev() {
        ramp[at] = ramp[at].min(ramp[at + 1]);
    }
    let (least, most) = (ramp[0], ramp[255]);
    if least >= most {
        return Ok([0.0; 3]);
    }
    let places = ramp.iter().enumerate().map(|(at, made)| (at as f64 * (100.0 / 255.0), *made));
    if intent == Intent::Relative {
        let bends =
            |(l, made): (f64, f64)| l > least + 0.2 * (most - least) && (l - made).abs() >= 4.0;
        if !places.clone().any(bends) {
            return Ok(first);
        }
    }
    let range = if intent == Intent::Relative { 0.1..0.5 } else { 0.03..0.25 };
    let places = places.map(|(l, made)| (l, (made - least) / (most - least)));
    let black = root(places.filter(|(_, part)| range.contains(part)));
    Ok(lab_to_xyz([black, 0.0, 0.0]))
}

/// The lightness of the darkest colour of a device: no light, or all inks. A black is neutral, or
/// greys would become coloured.
fn darkest(profile: &Profile, intent: Intent) -> Result<Vector> {
    if !profile.has_table(intent, true) && !profile.is_shaper() {
        return Ok([0.0; 3]);
    }
    let device = match profile.model {
        ColorModel::Gray | ColorModel::Rgb => [0.0; 4],
        ColorModel::Cmyk => [1.0; 4],
    };
    let [l, ..] = xyz_to_lab(profile.to_pcs(intent)?.at(device));
    Ok(lab_to_xyz([l.max(0.0).min(LIGHTEST), 0.0, 0.0]))
}

/// The colour that the perceptual table of a press prints for black.
fn printed(profile: &Profile) -> Result<Vector> {
    if !profile.has_table(Intent::Perceptual, true) {
        return Ok([0.0; 3]);
    }
    let way = RoundTrip::new(profile, Intent::Perceptual)?;
    Ok(lab_to_xyz([way.lightness(0.0).max(0.0).min(LIGHTEST), 0.0, 0.0]))
}

/// From the profile connection space to the device by one intent, and back by colorimetry.
struct RoundTrip {
    scaling: Scaling,
    from_pcs: FromPcs,
    to_pcs: ToPcs,
}

impl RoundTrip {
    fn new(profile: &Profile, intent: Intent) -> Result<Self> {
        let of_reference = profile.version >= 4 && intent.is_rendering();
        let scaling = if of_reference { scaling([0.0; 3], REFERENCE) } else { UNSCALED };
        let from_pcs = profile.from_pcs(intent)?;
        Ok(Self { scaling, from_pcs, to_pcs: profile.to_pcs(Intent::Relative)? })
    }

    /// The L* that a grey of lightness `l` comes back with.
    fn lightness(&self, l: f64) -> f64 {
        let xyz = scaled(&self.scaling, lab_to_xyz([l, 0.0, 0.0]));
        let made = self.to_pcs.at(self.from_pcs.at(xyz));
        xyz_to_lab(made)[0]
    }
}

/// The zero of the parabola that fits these points best (least squares), within 0 and 50.
fn root(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    // Sums of the powers of x, and of these times y.
    let (mut powers, mut values, mut count) = ([0.0; 5], [0.0; 3], 0);
    for (x, y) in points {
        let mut power = 1.0;
        for (nth, sum) in powers.iter_mut().enumerate() {
            *sum += power;
            if let Some(value) = values.get_mut(nth) {
                *value += power * y;
            }
            power *= x;
        }
        count += 1;
    }
    let [n, x1, x2, x3, x4] = powers;
    let normal = [[n, x1, x2], [x1, x2, x3], [x2, x3, x4]];
    let Some(inverse) = super::matrix::inverse(&normal).filter(|_| count >= 3) else { return 0.0 };
    let [c, b, a] = super::matrix::apply(&inverse, values);
    let zero = if a.abs() < 1e-10 {
        -c / b
    } else {
        let under = b * b - 4.0 * a * c;
        if under <= 0.0 {
            return 0.0;
        }
        (-b + under.sqrt()) / (2.0 * a)
    };
    LIGHTEST * unit(zero / LIGHTEST)
}
