//! Tab stops.

use super::{
    scale::Scale,
    shape::{Kind, Shaped},
};
use crate::text::{ParagraphFormat, TabAlign};

/// The distance of the stops after the last one that the paragraph sets, in twips: the default of
/// `\deftab` (RTF 1.9.1, "Document Formatting Properties").
const DEFAULT_STOPS: i32 = 720;

/// A position that is less than this beyond a stop, in pixels, is at the stop.
const AT_STOP: f64 = 1.0 / 64.0;

/// The tab stops of a paragraph.
pub struct Tabs<'a> {
    format: &'a ParagraphFormat,
    scale: Scale,
}

impl<'a> Tabs<'a> {
    /// The stops of a paragraph.
    pub fn new(format: &'a ParagraphFormat, scale: Scale) -> Self {
        Self { format, scale }
    }

    /// The width of the tab that is cluster `tab`, at `pen` pixels from the margin. It ends at its
    /// stop, or moves the text after it so that its end, middle or point is there.
    pub fn width(&self, tab: usize, pen: f64, shaped: &Shaped, widths: &[f64]) -> f64 {
        let (stop, align) = self.next(pen);
        let mut before = 0.0;
        if align != TabAlign::Left {
            let after = shaped.clusters.iter().zip(widths).skip(tab + 1);
            for (cluster, width) in after {
                let is_point = align == TabAlign::Decimal && cluster.kind == Kind::Point;
                if is_point || matches!(cluster.kind, Kind::Tab | Kind::Break) {
                    break;
                }
                before += width;
            }
        }
        let before = if align == TabAlign::Center { before / 2.0 } else { before };
        (stop - before - pen).max(0.0)
    }

    /// The stop after a position, both in pixels from the margin.
    fn next(&self, pen: f64) -> (f64, TabAlign) {
        let is_after = |at: &f64| *at > pen + AT_STOP;
        let mut stops = self.format.tabs.iter();
        let set = stops.find(|stop| is_after(&self.scale.twips(stop.position)));
        let set = set.map(|stop| (self.scale.twips(stop.position), stop.align));
        // The left edge of a hanging indent is a stop, too.
        let hanging = (self.format.first_line < 0).then(|| self.scale.twips(self.format.left));
        let hanging = hanging.filter(is_after).map(|at| (at, TabAlign::Left));
        match (set, hanging) {
            (Some(set), Some(hanging)) => {
                if set.0 <= hanging.0 {
                    set
                } else {
                    hanging
                }
            }
            (Some(stop), None) | (None, Some(stop)) => stop,
            (None, None) => {
                let step = self.scale.twips(DEFAULT_STOPS).max(1.0);
                (((pen + AT_STOP) / step).floor() * step + step, TabAlign::Left)
            }
        }
    }
}
