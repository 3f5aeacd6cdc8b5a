//! The fonts that are part of the program: DejaVu Sans, regular and bold. `dejavu/README.md` tells
//! where they come from.

use std::rc::Rc;

use super::file::Font;
use crate::error::Result;

/// A built-in font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BuiltIn {
    /// DejaVu Sans.
    Regular,
    /// DejaVu Sans Bold.
    Bold,
}

/// The name that `\fonttbl` may give the built-in family.
pub const FAMILY: &str = "DejaVu Sans";

thread_local! {
    /// The built-in fonts that have been opened.
    static OPENED: [std::cell::OnceCell<Rc<Font>>; 2] = const { [const { std::cell::OnceCell::new() }; 2] };
}

impl BuiltIn {
    /// The opened font.
    pub fn font(self) -> Result<Rc<Font>> {
        let (nth, bytes): (usize, &[u8]) = match self {
            Self::Regular => (0, include_bytes!("dejavu/DejaVuSans.ttf")),
            Self::Bold => (1, include_bytes!("dejavu/DejaVuSans-Bold.ttf")),
        };
        OPENED.with(|opened| {
            if let Some(font) = opened[nth].get() {
                return Ok(Rc::clone(font));
            }
            let font = Rc::new(Font::open(bytes)?);
            Ok(Rc::clone(opened[nth].get_or_init(|| font)))
        })
    }
}
