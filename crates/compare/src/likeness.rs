//! What makes two pictures of one size differ, by their measures.
//!
//! The thresholds lie between the measures of pairs of known origin, which `crates/calibration`
//! makes. docs/diff.md shows them.

use crate::{
    decode::Decoded,
    measures::{Measures, measure},
};

/// What makes two pictures of one size differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Nothing: all pixels are equal.
    Equal,
    /// No more than encoders differ.
    Encoder,
    /// One has more contrast in its fine detail: another kernel, or another sharpening.
    Resampling,
    /// One is shifted.
    Shifted,
    /// The colours of one are those of the other, mapped.
    Colours,
    /// They show something else, at least in a part.
    Different,
}

/// The result of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// What makes them differ.
    pub likeness: Likeness,
    /// All measures, over the background on which they are less alike.
    pub measures: Measures,
}

/// The least shift in pixels that counts.
const SHIFT: f64 = 0.2;
/// The shift from which on the whole one may be longer than what is looked for.
const LONG_SHIFT: f64 = 2.25;
/// The least part of the differences that a shift must explain.
const SHIFT_SHARE: f64 = 0.25;
/// The least difference in sharpness that counts.
const GAIN: f64 = 0.02;
/// The lowest score of two files of encoders that were told the same. A lower one has other reasons.
const SAME_ENCODING: f64 = 85.0;
/// The typical difference of cells, in levels, from which on a change of colours is looked for.
const COLOURS: f64 = 1.0;
/// The most of that difference that may be left once the colours are mapped.
const COLOURS_LEFT: f64 = 0.4;
/// The largest difference of a cell, in levels, that is left by a change of colours.
const COLOURS_CELL: f64 = 64.0;
/// The largest difference of a cell, in levels, of pictures that show the same.
const CELL: f64 = 20.0;

/// Compares two pictures of one size. Pictures with alpha are compared over white and over black.
/// `None` if they have no pixels.
pub fn compare(old: &Decoded, new: &Decoded) -> Option<Comparison> {
    let (old_picture, new_picture) = (&old.picture, &new.picture);
    let equal = Measures { score: 100.0, ..Measures::default() };
    let mut worst = Comparison { likeness: Likeness::Equal, measures: equal };
    if old_picture.rgba == new_picture.rgba {
        return Some(worst);
    }
    let has_alpha = old_picture.has_alpha() || new_picture.has_alpha();
    let same_encoding = old.encoding.is_some() && old.encoding == new.encoding;
    for background in if has_alpha { &[255, 0][..] } else { &[255] } {
        let (old, new) = (old_picture.over(*background), new_picture.over(*background));
        if old.pixels == new.pixels {
            continue;
        }
        let measures = measure(&old, &new)?;
        if worst.likeness == Likeness::Equal || measures.score < worst.measures.score {
            worst = Comparison { likeness: likeness(&measures, same_encoding), measures };
        }
    }
    Some(worst)
}

/// What makes pictures with these measures differ.
fn likeness(measures: &Measures, same_encoding: bool) -> Likeness {
    let Measures { score, shift, gain, cells, mapped } = measures;
    let is_shifted = shift.most() >= SHIFT && shift.share >= SHIFT_SHARE;
    let is_recoloured = cells.typical >= COLOURS && mapped.typical <= COLOURS_LEFT * cells.typical;
    if is_shifted && shift.most() >= LONG_SHIFT {
        Likeness::Different
    } else if is_recoloured && mapped.most <= COLOURS_CELL {
        Likeness::Colours
    } else if cells.most > CELL {
        Likeness::Different
    } else if is_shifted {
        Likeness::Shifted
    } else if gain.abs() >= GAIN || (same_encoding && *score < SAME_ENCODING) {
        Likeness::Resampling
    } else {
        Likeness::Encoder
    }
}
