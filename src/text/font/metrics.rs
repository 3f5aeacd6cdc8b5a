//! The metrics of a font that lay out text: tables `head`, `hhea`, `OS/2` and `post` (OpenType
//! 1.9.1).

use skrifa::raw::{FontRef, TableProvider};

/// Lengths in units of the font, with y upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Units per em, 16 or more.
    pub em: f64,
    /// `hhea.ascender`
    pub ascent: f64,
    /// `hhea.descender` with its sign changed: positive below the baseline.
    pub descent: f64,
    /// `OS/2.sTypoAscender`; the ascent where the table is missing.
    pub typo_ascent: f64,
    /// `OS/2.sTypoDescender` with its sign changed.
    pub typo_descent: f64,
    /// The line under the text.
    pub underline: Line,
    /// The line through the text.
    pub strike: Line,
}

/// A line along the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Its top edge; negative below the baseline.
    pub top: f64,
    /// Its thickness.
    pub thickness: f64,
}

impl Metrics {
    /// Reads the metrics; `None` if a table that every font needs is missing, or without sense.
    pub fn read(font: &FontRef) -> Option<Self> {
        let em = f64::from(font.head().ok()?.units_per_em());
        let hhea = font.hhea().ok()?;
        let (ascent, descent) =
            (f64::from(hhea.ascender().to_i16()), -f64::from(hhea.descender().to_i16()));
        if em < 16.0 || ascent + descent <= 0.0 {
            return None;
        }
        let line = |top: i16, thickness: i16, usual: f64| {
            let thickness = if thickness > 0 { f64::from(thickness) } else { em / 20.0 };
            Line { top: if top == 0 { usual } else { top.into() }, thickness }
        };
        let post = font.post().ok();
        let (under, thick) = post.map_or((0, 0), |post| {
            (post.underline_position().to_i16(), post.underline_thickness().to_i16())
        });
        let os2 = font.os2().ok();
        let (through, size) =
            os2.as_ref().map_or((0, 0), |os2| (os2.y_strikeout_position(), os2.y_strikeout_size()));
        let typo = os2.map(|os2| [os2.s_typo_ascender(), os2.s_typo_descender()]);
        let [typo_ascent, typo_descent] = match typo {
            Some([up, down]) if i32::from(up) > i32::from(down) => [up.into(), -f64::from(down)],
            _ => [ascent, descent],
        };
        Some(Self {
            em,
            ascent,
            descent,
            typo_ascent,
            typo_descent,
            underline: line(under, thick, -em / 10.0),
            strike: line(through, size, em * 0.3),
        })
    }
}
