//! Sets the lines of a text below each other (r-paragraph-formatting, r-text-positioning).

use super::{
    area::Area,
    lines::{Breaker, End, Line},
    scale::{Cell, Scale},
    shape::{Kind, Opened, Shaped, Span},
    tabs::Tabs,
};
use crate::{
    commands::Wrap,
    error::Result,
    text::{Document, LineLimit, LineSpacing, Paragraph, ParagraphFormat, Renderer},
};

/// The lines of a text at their places.
#[derive(Debug, Default)]
pub struct Lines {
    /// The lines from top to bottom.
    pub lines: Vec<SetLine>,
    /// The widths of the clusters of each paragraph.
    pub widths: Vec<Vec<f64>>,
    /// Where the last line ends, with the space after it.
    pub bottom: f64,
    /// Whether the area ends before the text does, or the text has more lines than its limit.
    pub overflows: bool,
    /// Whether a word is too long for its line.
    pub cuts_word: bool,
}

/// A line at its place.
#[derive(Debug)]
pub struct SetLine {
    /// The number of its paragraph.
    pub paragraph: usize,
    /// The line.
    pub line: Line,
    /// Where it may begin, and how long it may be.
    pub interval: [f64; 2],
    /// The vertical position of its baseline.
    pub baseline: f64,
}

/// A text that is set into an area.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The text.
    pub document: &'a Document,
    /// Its shaped paragraphs.
    pub shaped: &'a [Shaped],
    /// Its fonts.
    pub opened: &'a Opened<'a>,
    /// Where lines may break.
    pub wrap: Wrap,
}

/// Where the next line goes.
struct Cursor {
    /// The last line's baseline and cell.
    last: Option<(f64, Cell)>,
    /// Where the first line begins.
    top: f64,
    /// Space between paragraphs before the next line.
    gap: f64,
}

/// A line, where it may begin, and how long it may be.
type Placed = (Line, [f64; 2]);

/// How far a line moves down where the area has no room for it, in pixels, and how often at most.
const STEP: f64 = 1.0;
const STEPS: u32 = 20_000;

impl Lines {
    /// Whether the whole text is in the area.
    pub fn fits(&self, area: &Area) -> bool {
        let is_long = |line: &SetLine| line.line.width > line.interval[1] + 1e-6;
        !self.overflows && self.bottom <= area.bottom && !self.lines.iter().any(is_long)
    }
}

impl Setting<'_> {
    /// Sets the text in an area.
    pub fn set(&self, area: &Area, scale: Scale) -> Result<Lines> {
        let is_photoshop = self.document.renderer == Renderer::TextPs;
        let mut lines = Lines::default();
        let mut cursor = Cursor { last: None, top: area.top, gap: 0.0 };
        let mut limited = 0;
        let paragraphs = self.document.paragraphs.iter().zip(self.shaped);
        for (number, (Paragraph { format, .. }, shaped)) in paragraphs.enumerate() {
            // With `textPs=`, there is no space above the first paragraph.
            if !is_photoshop || number > 0 {
                cursor.gap += scale.twips(format.space_before);
            }
            let hyphens = self.hyphens(shaped, scale)?;
            let row = Row {
                setting: self,
                area,
                scale,
                format,
                breaker: Breaker {
                    shaped,
                    tabs: Tabs::new(format, scale),
                    wrap: if area.is_free() { Wrap::None } else { self.wrap },
                    hyphens: &hyphens,
                },
            };
            let mut widths = scale.widths(shaped, self.opened)?;
            let mut start = 0;
            loop {
                let Some((placed, baseline, cell)) = row.set(start, &cursor, &mut widths)? else {
                    lines.overflows = true;
                    break;
                };
                let last = placed.last().map(|(line, _)| line.clusters.start);
                start = placed.last().map_or(usize::MAX, |(line, _)| line.next);
                let limit = placed.iter().find_map(|(line, _)| limit(shaped, line));
                limited += u32::from(limit.is_some());
                let is_over = limit.is_some_and(|(most, _)| limited > most.into());
                let cuts = |(line, _): &Placed| line.end == End::WithinWord;
                lines.cuts_word |= placed.iter().any(cuts);
                lines.overflows |= is_over;
                if !(is_over && limit.is_some_and(|(_, is_hard)| is_hard)) {
                    cursor = Cursor { last: Some((baseline, cell)), gap: 0.0, ..cursor };
                    lines.lines.extend(placed.into_iter().map(|(line, interval)| SetLine {
                        paragraph: number,
                        line,
                        interval,
                        baseline,
                    }));
                }
                let len = shaped.clusters.len();
                // After a line break at the end of a paragraph, there is an empty line.
                let ends = shaped.clusters.last().is_none_or(|last| last.kind != Kind::Break);
                if start >= len && (ends || last.is_none_or(|last| last >= len)) {
                    break;
                }
            }
            lines.widths.push(widths);
            cursor.gap += scale.twips(format.space_after);
        }
        let end = cursor.last.map_or(area.top, |(baseline, cell)| baseline + cell.below);
        lines.bottom = end + if is_photoshop { 0.0 } else { cursor.gap.max(0.0) };
        lines.overflows |= lines.bottom > area.bottom;
        area.check()?;
        Ok(lines)
    }

    /// The width of a hyphen in each span.
    fn hyphens(&self, shaped: &Shaped, scale: Scale) -> Result<Vec<f64>> {
        let has = shaped.clusters.iter().any(|cluster| cluster.kind == Kind::SoftHyphen);
        let width = |span: &Span| {
            let font = self.opened.font(span.style.font)?;
            let across = f64::from(span.format.scale_x).abs() / 100.0;
            Ok(font.hyphen().1 * scale.size(span) / font.metrics.em * across)
        };
        shaped.spans.iter().filter(|_| has).map(width).collect()
    }

    /// The height of the characters of a span in a font.
    fn cell(&self, scale: Scale, span: &Span, font: u16) -> Result<Cell> {
        Ok(scale.cell(self.document.renderer, span, &self.opened.font(font)?.metrics))
    }
}

/// What the lines of a paragraph have in common.
struct Row<'a> {
    setting: &'a Setting<'a>,
    area: &'a Area,
    scale: Scale,
    format: &'a ParagraphFormat,
    breaker: Breaker<'a>,
}

impl Row<'_> {
    /// Sets the line that begins with cluster `start`: one in each interval that the area has at
    /// its height. Also returns their baseline and height. `None` where the area ends.
    fn set(
        &self,
        start: usize,
        cursor: &Cursor,
        widths: &mut [f64],
    ) -> Result<Option<(Vec<Placed>, f64, Cell)>> {
        let is_photoshop = self.setting.document.renderer == Renderer::TextPs;
        let mut cell = self.cell_at(start)?;
        let mut lower = 0.0;
        for _ in 0..STEPS {
            let baseline = self.baseline(cursor, cell) + lower;
            let [above, below] = [baseline - cell.above, baseline + cell.below];
            // With `textPs=`, only complete lines are drawn.
            if if is_photoshop { below > self.area.bottom } else { above >= self.area.bottom } {
                return Ok(None);
            }
            let placed = self.placed(start, [above, below], widths);
            if placed.is_empty() {
                lower += STEP;
                continue;
            }
            let mut all = cell;
            for (line, _) in &placed {
                all = all.max(self.cell_of(line)?);
            }
            if all == cell || lower > 0.0 {
                return Ok(Some((placed, baseline, all)));
            }
            // Larger characters follow those that the line begins with.
            cell = all;
        }
        Ok(None)
    }

    /// The lines in the intervals of the area between two vertical positions.
    fn placed(&self, start: usize, between: [f64; 2], widths: &mut [f64]) -> Vec<Placed> {
        let first = if start == 0 { self.format.first_line } else { 0 };
        let left = self.scale.twips(self.format.left.saturating_add(first));
        let right = self.scale.twips(self.format.right);
        let mut placed: Vec<Placed> = Vec::new();
        for [x, len] in self.area.intervals(between) {
            let room = (len - left - right).max(0.0);
            let at = placed.last().map_or(start, |(line, _)| line.next);
            let line = self.breaker.line(at, left, room, widths);
            // In a shape, a word goes on to where there is room for it.
            if self.area.is_shape() && (line.end == End::WithinWord || line.width > room) {
                continue;
            }
            let is_last = line.end == End::Forced;
            placed.push((line, [x + left, room]));
            if is_last {
                break;
            }
        }
        placed
    }

    /// The baseline of the next line, in whole pixels.
    fn baseline(&self, cursor: &Cursor, cell: Cell) -> f64 {
        let Some((baseline, last)) = cursor.last else {
            return (cursor.top + cursor.gap + cell.above + 0.5).floor();
        };
        let usual = match self.setting.document.renderer {
            Renderer::Text => last.below + cell.above,
            Renderer::TextPs => cell.leading,
        };
        let spacing = match self.format.line_spacing {
            LineSpacing::Auto => usual,
            LineSpacing::AtLeast(twips) => usual.max(self.scale.twips(twips)),
            LineSpacing::Exactly(twips) => self.scale.twips(twips),
            LineSpacing::Multiple(parts) => usual * f64::from(parts) / 240.0,
        };
        (baseline + cursor.gap + spacing + 0.5).floor()
    }

    fn cell_of(&self, line: &Line) -> Result<Cell> {
        let shaped = self.breaker.shaped;
        let mut cell: Option<Cell> = None;
        let mut seen = None;
        for cluster in shaped.clusters.get(line.clusters.clone()).unwrap_or_default() {
            let of = (cluster.span, cluster.font);
            if seen != Some(of)
                && let Some(span) = shaped.spans.get(cluster.span)
            {
                seen = Some(of);
                let other = self.setting.cell(self.scale, span, cluster.font)?;
                cell = Some(cell.map_or(other, |cell| cell.max(other)));
            }
        }
        cell.map_or_else(|| self.cell_at(line.clusters.start), Ok)
    }

    /// The height of the character at a position; at the end, that of the paragraph's end.
    fn cell_at(&self, at: usize) -> Result<Cell> {
        let shaped = self.breaker.shaped;
        let cluster = shaped.clusters.get(at);
        let found = cluster.and_then(|it| Some((shaped.spans.get(it.span)?, it.font)));
        let (span, font) = found.unwrap_or((&shaped.end, shaped.end.style.font));
        self.setting.cell(self.scale, span, font)
    }
}

/// The limit to the lines of the text that begins a line, and whether it is a hard one.
fn limit(shaped: &Shaped, line: &Line) -> Option<(u16, bool)> {
    let cluster = shaped.clusters.get(line.clusters.start)?;
    let format = &shaped.spans.get(cluster.span)?.format;
    match format.copy_fit_lines {
        LineLimit::Soft(most) => Some((most, false)).filter(|_| most > 0),
        LineLimit::Hard(most) => Some((most, true)).filter(|_| most > 0),
        LineLimit::None => None,
    }
}
