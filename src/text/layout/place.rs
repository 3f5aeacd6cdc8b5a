//! Places the clusters of a line from left to right, as glyphs and lines along the text.

use unicode_bidi::{Level, ParagraphBidiInfo};

use super::{
    drawing::{Affine, Drawing, Mark, MarkShape},
    lines::{End, Line},
    scale::Scale,
    shape::{Cluster, Kind, Opened, Shaped, Span},
};
use crate::{
    error::{Error, Result},
    text::{Alignment, ParagraphFormat, font},
};

/// How far slanted outlines lean to the right, in parts of their height: the tangent of 12°.
const SLANT: f64 = 0.212_556_561_670_022;

/// A line of text that is placed.
pub struct Placing<'a> {
    /// The paragraph.
    pub shaped: &'a Shaped,
    /// Its format.
    pub format: &'a ParagraphFormat,
    /// The widths of its clusters.
    pub widths: &'a [f64],
    /// The opened fonts.
    pub opened: &'a Opened<'a>,
    /// The sizes.
    pub scale: Scale,
    /// Whether a centred line begins at a whole pixel, as with `text=`.
    pub whole_pixels: bool,
}

/// The part of a drawing along which a line under or through a text runs.
#[derive(PartialEq)]
struct Rule {
    span: usize,
    font: u16,
    from: f64,
    to: f64,
}

impl Placing<'_> {
    /// Where a line begins that may take `room` pixels from `left`. Without a limit, `left` is the
    /// point at which it is aligned.
    pub fn start(&self, line: &Line, left: f64, room: f64) -> f64 {
        let rest = room - line.width;
        let rest = if room.is_finite() { rest } else { -line.width };
        left + match self.alignment(line) {
            Alignment::Left | Alignment::Justify => 0.0,
            Alignment::Right => rest,
            Alignment::Center if self.whole_pixels && room.is_finite() => (rest / 2.0).floor(),
            Alignment::Center => rest / 2.0,
        }
    }

    fn alignment(&self, line: &Line) -> Alignment {
        let ParagraphFormat { alignment, last_line, .. } = self.format;
        let is_last = *alignment == Alignment::Justify && line.end == End::Forced;
        if is_last { *last_line } else { *alignment }
    }

    /// Draws a line from `start` pixels, with its baseline at y 0. `along` is the transform of a
    /// cluster whose middle is at x.
    pub fn draw(
        &self,
        line: &Line,
        start: f64,
        room: f64,
        along: &dyn Fn(f64) -> Option<Affine>,
        drawing: &mut Drawing,
    ) -> Result<()> {
        let clusters = self.shaped.clusters.get(line.clusters.clone()).unwrap_or_default();
        let stretch = self.stretch(line, clusters, room);
        let mut pen = start;
        let mut rules: Vec<(bool, Rule)> = Vec::new();
        for nth in order(clusters, self.shaped.is_right_to_left) {
            let (Some(cluster), Some(width)) =
                (clusters.get(nth), self.widths.get(line.clusters.start + nth))
            else {
                continue;
            };
            let stretched = stretch.filter(|(after, _)| nth >= *after && is_space(cluster));
            let width = width + stretched.map_or(0.0, |(_, more)| more);
            let span = self.span(cluster)?;
            if let Some(along) = along(pen + width / 2.0) {
                self.glyphs(cluster, span, pen, width, along, drawing)?;
            }
            for (is_under, wanted) in [(true, span.format.underline), (false, span.format.strike)] {
                if wanted {
                    let rule =
                        Rule { span: cluster.span, font: cluster.font, from: pen, to: pen + width };
                    add_rule(&mut rules, is_under, rule);
                }
            }
            pen += width;
        }
        if line.hyphen
            && let Some(last) = clusters.last()
        {
            let (id, _) = self.opened.font(last.font)?.hyphen();
            let shape = MarkShape::Glyph { font: last.font, id, embolden: false };
            if let Some(along) = along(pen) {
                let to_layer = self.outline(last, self.span(last)?, [pen, 0.0])?.then(along);
                let color = self.span(last)?.format.color;
                drawing.marks.push(Mark { shape, to_layer, color });
            }
        }
        for (is_under, rule) in rules {
            self.rule(is_under, &rule, along, drawing)?;
        }
        Ok(())
    }

    /// The clusters after which spaces are stretched, and by how much, in a justified line.
    fn stretch(&self, line: &Line, clusters: &[Cluster], room: f64) -> Option<(usize, f64)> {
        let rest = room - line.width;
        if self.alignment(line) != Alignment::Justify || !rest.is_finite() || rest <= 0.0 {
            return None;
        }
        let tab = clusters.iter().rposition(|cluster| cluster.kind == Kind::Tab);
        let after = tab.map_or(0, |tab| tab + 1);
        let spaces = clusters.iter().skip(after).filter(|cluster| is_space(cluster)).count();
        (spaces > 0).then(|| (after, rest / spaces as f64))
    }

    fn span(&self, cluster: &Cluster) -> Result<&Span> {
        let span = self.shaped.spans.get(cluster.span);
        span.ok_or_else(|| Error::bug("a cluster without a format"))
    }

    /// The transform from units of a cluster's font to pixels, for a glyph at a position.
    fn outline(&self, cluster: &Cluster, span: &Span, [x, y]: [f64; 2]) -> Result<Affine> {
        let unit = self.scale.size(span) / self.opened.font(cluster.font)?.metrics.em;
        let [across, down] =
            [span.format.scale_x, span.format.scale_y].map(|part| unit * f64::from(part) / 100.0);
        let slant = span.style.slant && cluster.font == span.style.font;
        let slant = if slant { SLANT * across } else { 0.0 };
        Ok(Affine([across, 0.0, slant, -down, x, y - self.scale.raise(span)]))
    }

    fn glyphs(
        &self,
        cluster: &Cluster,
        span: &Span,
        pen: f64,
        width: f64,
        along: Affine,
        drawing: &mut Drawing,
    ) -> Result<()> {
        let glyphs = self.shaped.glyphs.get(cluster.glyphs.clone()).unwrap_or_default();
        // A mirrored cluster is drawn from its right end.
        let pen = if span.format.scale_x < 0 { pen + width } else { pen };
        let base = self.outline(cluster, span, [pen, 0.0])?;
        let embolden = span.style.embolden && cluster.font == span.style.font;
        let mut from = 0.0;
        for glyph in glyphs {
            let at = Affine::moved([from + glyph.offset[0], glyph.offset[1]]);
            let shape = MarkShape::Glyph { font: cluster.font, id: glyph.id, embolden };
            let to_layer = at.then(base).then(along);
            drawing.marks.push(Mark { shape, to_layer, color: span.format.color });
            from += glyph.advance;
        }
        Ok(())
    }

    /// Draws the line under or through a part of a text, in whole pixels.
    fn rule(
        &self,
        is_under: bool,
        rule: &Rule,
        along: &dyn Fn(f64) -> Option<Affine>,
        drawing: &mut Drawing,
    ) -> Result<()> {
        let Some(span) = self.shaped.spans.get(rule.span) else { return Ok(()) };
        let metrics = &self.opened.font(rule.font)?.metrics;
        let unit = self.scale.size(span) / metrics.em;
        let font::Line { top, thickness } =
            if is_under { metrics.underline } else { metrics.strike };
        let height = (thickness * unit + 0.5).floor().max(1.0);
        // A line under raised text stays with the text.
        let y = (-top * unit + 0.5).floor() - self.scale.raise(span);
        if let Some(along) = along((rule.from + rule.to) / 2.0) {
            let to_layer = Affine([rule.to - rule.from, 0.0, 0.0, height, rule.from, y]);
            let mark = Mark {
                shape: MarkShape::Square,
                to_layer: to_layer.then(along),
                color: span.format.color,
            };
            drawing.marks.push(mark);
        }
        Ok(())
    }
}

/// Adds a part of a rule to the one before it, or as a new one.
fn add_rule(rules: &mut Vec<(bool, Rule)>, is_under: bool, rule: Rule) {
    let before = rules.iter_mut().rev().find(|(under, _)| *under == is_under);
    match before {
        Some((_, last)) if (last.span, last.font, last.to) == (rule.span, rule.font, rule.from) => {
            last.to = rule.to;
        }
        _ => rules.push((is_under, rule)),
    }
}

fn is_space(cluster: &Cluster) -> bool {
    matches!(cluster.kind, Kind::Space | Kind::NoBreakSpace)
}

/// The clusters of a line from left to right (UAX #9, L1 and L2).
fn order(clusters: &[Cluster], is_right_to_left: bool) -> Vec<usize> {
    let base = u8::from(is_right_to_left);
    if clusters.iter().all(|cluster| cluster.level == 0) && !is_right_to_left {
        return (0..clusters.len()).collect();
    }
    let level = |cluster: &Cluster| {
        let level = if cluster.kind == Kind::Tab { base } else { cluster.level };
        Level::new(level).unwrap_or_else(|_| Level::ltr())
    };
    let levels: Vec<Level> = clusters.iter().map(level).collect();
    ParagraphBidiInfo::reorder_visual(&levels)
}
