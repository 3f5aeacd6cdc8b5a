//! The formats of paragraphs (r-paragraph-formatting) and of characters
//! (r-basic-character-formatting, r-advanced-text-formatting).

use crate::color::Color;

/// The format of a paragraph. Lengths are in twips.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ParagraphFormat {
    /// `\ql`, `\qr`, `\qc`, `\qj`
    pub alignment: Alignment,
    /// How the last line of a justified paragraph is aligned: `\lastql` and its like. Other
    /// paragraphs ignore it.
    pub last_line: Alignment,
    /// `\fi`: the indent of the first line, in addition to `left`. It is negative for a hanging
    /// indent.
    pub first_line: i32,
    /// `\li`: the indent at the left.
    pub left: i32,
    /// `\ri`: the indent at the right.
    pub right: i32,
    /// `\sb`: additional space before it. `text=` applies it to the first paragraph too.
    pub space_before: i32,
    /// `\sa`: additional space after it. `text=` applies it to the last paragraph too.
    pub space_after: i32,
    /// `\sl` and `\slmult`
    pub line_spacing: LineSpacing,
    /// `\tx` and its like, from left to right. No two are at one position.
    pub tabs: Vec<TabStop>,
}

/// The alignment of lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Alignment {
    /// At the left.
    #[default]
    Left,
    /// At the right.
    Right,
    /// In the centre.
    Center,
    /// At both sides: spaces are stretched.
    Justify,
}

/// The distance of a baseline from the next one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum LineSpacing {
    /// That of the fonts in the line.
    #[default]
    Auto,
    /// In twips. A line whose fonts need more has more.
    AtLeast(i32),
    /// In twips, 1 or more, whatever the fonts need.
    Exactly(i32),
    /// In 240ths of what the fonts in the line need, 1 or more.
    Multiple(i32),
}

/// A tab stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TabStop {
    /// Its distance from the left margin, in twips, 0 or more. Indents do not move it.
    pub position: i32,
    /// Which part of the text that follows the tab is at its position.
    pub align: TabAlign,
}

/// The part of a text that stands at its tab stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TabAlign {
    /// Its left end.
    #[default]
    Left,
    /// Its right end: `\tqr`.
    Right,
    /// Its middle: `\tqc`.
    Center,
    /// Its first decimal point, else its right end: `\tqdec`.
    Decimal,
}

/// The format of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CharacterFormat {
    /// `\f`: the index of an entry of [`Document::faces`](super::Document::faces). `None` is
    /// `attribute::DefaultFont`.
    pub face: Option<u16>,
    /// `\fs`: the size in half points, 1 or more.
    pub size: u16,
    /// `\cf`: the colour.
    pub color: Color,
    /// `\b`
    pub bold: bool,
    /// `\i`
    pub italic: bool,
    /// `\ul` and the other forms of it, which are drawn as `\ul`.
    pub underline: bool,
    /// `\strike`
    pub strike: bool,
    /// `\caps`: small letters are drawn as capitals.
    pub caps: bool,
    /// `\scaps`: small letters are drawn as smaller capitals. `caps` outranks it.
    pub small_caps: bool,
    /// `\super`, `\sub`
    pub script: Script,
    /// `\up`, `\dn`: by how many half points its baseline is raised; below 0, lowered.
    pub baseline_shift: i16,
    /// `\expnd`, `\expndtw`: space that is added after each character, in twips.
    pub tracking: i16,
    /// `\kerning`: the smallest size, in half points, at which pairs are kerned; 0 is never.
    pub kerning_from: u16,
    /// `\kerningmetric`, `\kerningoptical`
    pub kerning: Kerning,
    /// `\charscalex`: the width in percent of the font's. It is not 0; a negative one mirrors.
    pub scale_x: i16,
    /// `\charscaley`: the height in percent of the font's. It is not 0; a negative one mirrors.
    /// `text=` scales the height of lines too.
    pub scale_y: i16,
    /// `\rtlch`: whether the characters run from right to left, whatever their script.
    pub right_to_left: bool,
    /// `\baselinedir`: how characters stand in lines that run downwards.
    pub orientation: Orientation,
    /// `\copyfit`: the largest size to which copy fitting may enlarge it, in half points. It has no
    /// effect where it is not above `size` (r-copy-fitting).
    pub copy_fit: u16,
    /// `\copyfitlines`, `\copyfitmaxlines`
    pub copy_fit_lines: LineLimit,
}

impl Default for CharacterFormat {
    fn default() -> Self {
        Self {
            face: None,
            size: 24,
            color: Color::BLACK,
            bold: false,
            italic: false,
            underline: false,
            strike: false,
            caps: false,
            small_caps: false,
            script: Script::Normal,
            baseline_shift: 0,
            tracking: 0,
            kerning_from: 1,
            kerning: Kerning::Metric,
            scale_x: 100,
            scale_y: 100,
            right_to_left: false,
            orientation: Orientation::Upright,
            copy_fit: 0,
            copy_fit_lines: LineLimit::None,
        }
    }
}

/// Whether characters are smaller, and raised or lowered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Script {
    /// They are not.
    #[default]
    Normal,
    /// `\super`: smaller and raised.
    Super,
    /// `\sub`: smaller and lowered.
    Sub,
}

/// Where the distances of pairs of characters come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Kerning {
    /// From the tables of the font.
    #[default]
    Metric,
    /// From the shapes of the characters.
    Optical,
}

/// How characters of a Roman font stand in lines that run downwards
/// ([`TextFlow::Vertical`](super::TextFlow::Vertical)). Others stand upright.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// `\baselinedir0`: upright.
    #[default]
    Upright,
    /// `\baselinedir1`: turned 90° clockwise.
    Turned,
}

/// A limit to the lines of a copy-fitted text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum LineLimit {
    /// No limit.
    #[default]
    None,
    /// `\copyfitlines`: text that does not fit at its smallest size takes further lines.
    Soft(u16),
    /// `\copyfitmaxlines`: further lines are not drawn.
    Hard(u16),
}
