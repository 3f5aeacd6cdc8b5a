//! The words that change the format of characters (r-basic-character-formatting,
//! r-advanced-text-formatting).

use super::words::{Action, Word, both, text, text_ps};
use crate::text::{CharacterFormat, Kerning, LineLimit, Orientation, Script};

pub const WORDS: &[Word] = &[
    text_ps("plain", Action::Plain),
    both("fs", Action::Characters(24, |to, number| set(&mut to.size, number))),
    both("b", Action::Switch(|to, on| to.bold = on)),
    both("i", Action::Switch(|to, on| to.italic = on)),
    both("strike", Action::Switch(|to, on| to.strike = on)),
    text_ps("caps", Action::Switch(|to, on| to.caps = on)),
    text_ps("scaps", Action::Switch(|to, on| to.small_caps = on)),
    both("sub", Action::Switch(|to, on| to.script = if on { Script::Sub } else { NORMAL })),
    both("super", Action::Switch(|to, on| to.script = if on { Script::Super } else { NORMAL })),
    both("nosupersub", Action::Switch(|to, _| to.script = NORMAL)),
    both("ul", UNDERLINE),
    both("uld", UNDERLINE),
    both("uldash", UNDERLINE),
    both("uldashd", UNDERLINE),
    both("uldashdd", UNDERLINE),
    both("uldb", UNDERLINE),
    both("ulth", UNDERLINE),
    both("ulw", UNDERLINE),
    both("ulwave", UNDERLINE),
    both("ulnone", Action::Switch(|to, _| to.underline = false)),
    both("up", Action::Characters(6, shift)),
    both("dn", Action::Characters(6, |to, number| shift(to, number.saturating_neg()))),
    both("kerning", Action::Characters(1, |to, number| any(&mut to.kerning_from, number))),
    both("kerningmetric", Action::Switch(|to, _| to.kerning = Kerning::Metric)),
    text_ps("kerningoptical", Action::Switch(|to, _| to.kerning = Kerning::Optical)),
    // A quarter point has 5 twips.
    both("expnd", Action::Characters(0, |to, number| track(to, number.saturating_mul(5)))),
    both("expndtw", Action::Characters(0, track)),
    both("charscalex", Action::Characters(100, |to, number| scale(&mut to.scale_x, number))),
    both("charscaley", Action::Characters(100, |to, number| scale(&mut to.scale_y, number))),
    both("ltrch", Action::Switch(|to, _| to.right_to_left = false)),
    text("rtlch", Action::Switch(|to, _| to.right_to_left = true)),
    text_ps("copyfit", Action::Characters(0, |to, number| any(&mut to.copy_fit, number))),
    text_ps("copyfitlines", Action::Characters(0, |to, number| limit(to, number, LineLimit::Soft))),
    text_ps(
        "copyfitmaxlines",
        Action::Characters(0, |to, number| limit(to, number, LineLimit::Hard)),
    ),
    text_ps("baselinedir", Action::Switch(|to, on| to.orientation = orientation(on))),
];

const UNDERLINE: Action = Action::Switch(|to, on| to.underline = on);
const NORMAL: Script = Script::Normal;

/// Sets a number of 1 or more.
fn set(to: &mut u16, number: i32) -> bool {
    number > 0 && any(to, number)
}

/// Sets a number of 0 or more. One that does not fit becomes the largest that does.
fn any(to: &mut u16, number: i32) -> bool {
    if number >= 0 {
        *to = u16::try_from(number).unwrap_or(u16::MAX);
    }
    number >= 0
}

/// Sets a number. One that does not fit becomes the nearest that does.
fn signed(to: &mut i16, number: i32) -> bool {
    *to = number.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    true
}

fn shift(to: &mut CharacterFormat, number: i32) -> bool {
    signed(&mut to.baseline_shift, number)
}

fn track(to: &mut CharacterFormat, number: i32) -> bool {
    signed(&mut to.tracking, number)
}

fn scale(to: &mut i16, number: i32) -> bool {
    number != 0 && signed(to, number)
}

fn limit(to: &mut CharacterFormat, number: i32, limit: fn(u16) -> LineLimit) -> bool {
    let mut lines = 0;
    let valid = any(&mut lines, number);
    if valid {
        to.copy_fit_lines = if lines == 0 { LineLimit::None } else { limit(lines) };
    }
    valid
}

fn orientation(turned: bool) -> Orientation {
    if turned { Orientation::Turned } else { Orientation::Upright }
}
