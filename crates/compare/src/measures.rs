//! All measures of two pictures of one size.

use crate::{
    cells::{Cells, Difference},
    picture::Opaque,
    score::score,
    sharpness,
    shift::{self, Shift},
};

/// The measures of a pair.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measures {
    /// The SSIMULACRA2 score.
    pub score: f64,
    /// How the new picture is shifted.
    pub shift: Shift,
    /// How much sharper it is.
    pub gain: f64,
    /// How its cells differ.
    pub cells: Difference,
    /// How they differ apart from a change of colours.
    pub mapped: Difference,
}

/// Measures two pictures of one size. `None` if they have no pixels.
pub fn measure(old: &Opaque, new: &Opaque) -> Option<Measures> {
    let score = score(old, new)?;
    let (old_luma, new_luma) = (old.luma(), new.luma());
    let shift = shift::find(&old_luma, &new_luma);
    let gain = sharpness::gain(&old_luma, &new_luma, shift.rounded());
    let cells = Cells::of(old, new, (shift.x, shift.y));
    let (mapped, cells) = (cells.difference_of_mapped(), cells.difference());
    Some(Measures { score, shift, gain, cells, mapped })
}
