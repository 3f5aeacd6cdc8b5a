//! `perspective=` and `perspectiveN=`: the new positions of a layer's corners.

use crate::{error::Result, protocol::Args, ratio::Ratio};

/// `perspective=` and `perspectiveN=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Perspective {
    /// x and y of the top left, top right, bottom right and bottom left corner.
    pub corners: [Ratio; 8],
    /// Whether they are fractions of the composite image's size instead of pixels.
    pub normalized: bool,
    /// How pixels are resampled.
    pub sampling: Sampling,
}

/// The resampling options of `perspective=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// `R1`
    Nearest,
    /// `R2`
    Bilinear,
    /// `R3`, or `R3Tn` with a jitter of 0 to 200.
    Super(Option<u8>),
}

impl Perspective {
    /// Reads the four corners and the sampling; `None` if no corner is given.
    pub(super) fn read(args: &Args, normalized: bool) -> Result<Option<Self>> {
        let wanted =
            "the x and y of four corners, clockwise from the top left, and R1, R2, R3 or R3Tn";
        let Some(corners) = args.numbers::<8>(wanted)? else { return Ok(None) };
        // These are the only case-sensitive keywords of the protocol.
        let sampling = match args.text(8) {
            None | Some("R3") => Sampling::Super(None),
            Some("R1") => Sampling::Nearest,
            Some("R2") => Sampling::Bilinear,
            Some(text) => {
                let jitter = text.strip_prefix("R3T").and_then(|jitter| jitter.parse().ok());
                let jitter = jitter.filter(|jitter| *jitter <= 200);
                Sampling::Super(Some(jitter.ok_or_else(|| args.wrong(wanted))?))
            }
        };
        if !convex(&corners.map(Ratio::to_f64)) {
            return Err(
                args.wrong("four corners of a convex shape, clockwise from the top left (D29)")
            );
        }
        Ok(Some(Self { corners, normalized, sampling }))
    }
}

/// Whether all corners turn the same way, so that no sides cross.
fn convex(corners: &[f64; 8]) -> bool {
    let corner = |nth: usize| [corners[nth % 4 * 2], corners[nth % 4 * 2 + 1]];
    let turn = |nth: usize| {
        let [a, b, c] = [corner(nth), corner(nth + 1), corner(nth + 2)];
        (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    };
    let turns = [turn(0), turn(1), turn(2), turn(3)];
    turns.iter().all(|&turn| turn > 0.0) || turns.iter().all(|&turn| turn < 0.0)
}
