//! Breaks a paragraph into lines (r-textattr: `wordWrap`).

use std::ops::Range;

use super::{
    shape::{Kind, Shaped},
    tabs::Tabs,
};
use crate::commands::Wrap;

/// A line of a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its clusters, without the spaces at its end.
    pub clusters: Range<usize>,
    /// The first cluster after it.
    pub next: usize,
    /// The sum of its clusters' widths, with the hyphen at its end.
    pub width: f64,
    /// Whether a hyphen stands at its end.
    pub hyphen: bool,
    /// Why it ends.
    pub end: End,
}

/// Why a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The next word has no room.
    Full,
    /// A word is too long for a line and goes on in the next one.
    WithinWord,
    /// A line break, or the end of the paragraph.
    Forced,
}

/// Pixels by which the sum of rounded widths may exceed its line.
const SLACK: f64 = 1e-6;

/// Breaks lines of a paragraph.
pub struct Breaker<'a> {
    /// The paragraph.
    pub shaped: &'a Shaped,
    /// Its tab stops.
    pub tabs: Tabs<'a>,
    /// Where lines may break.
    pub wrap: Wrap,
    /// The width of a hyphen in each span.
    pub hyphens: &'a [f64],
}

impl Breaker<'_> {
    /// The line that begins with cluster `start`, at `left` pixels from the margin, with `room`
    /// pixels. Sets the widths of its tabs.
    pub fn line(&self, start: usize, left: f64, room: f64, widths: &mut [f64]) -> Line {
        let clusters = &self.shaped.clusters;
        let wraps = self.wrap != Wrap::None;
        // The pen; where it was before the last spaces; the last place where the line may end.
        let (mut pen, mut solid, mut last) = (0.0, 0.0, None);
        for (at, cluster) in clusters.iter().enumerate().skip(start) {
            if cluster.kind == Kind::Break {
                return self.ended(start..at, at + 1, End::Forced, widths);
            }
            if cluster.breaks_before && at > start {
                let hyphen = self.hyphen_before(at).unwrap_or(0.0);
                if solid + hyphen <= room + SLACK {
                    last = Some(at);
                } else if wraps && last.is_none() && self.wrap == Wrap::NonBreaking {
                    // The first word is too long, and ends here.
                    return self.ended(start..at, at, End::Full, widths);
                }
            }
            if cluster.kind == Kind::Tab {
                let width = self.tabs.width(at, left + pen, self.shaped, widths);
                widths.get_mut(at).into_iter().for_each(|tab| *tab = width);
            }
            let width = widths.get(at).copied().unwrap_or(0.0);
            let hangs = matches!(cluster.kind, Kind::Space | Kind::SoftHyphen);
            if wraps && !hangs && pen + width > room + SLACK {
                if let Some(end) = last {
                    return self.ended(start..end, end, End::Full, widths);
                }
                if self.wrap == Wrap::Wrap && at > start {
                    return self.ended(start..at, at, End::WithinWord, widths);
                }
            }
            pen += width;
            solid = if cluster.kind == Kind::Space { solid } else { pen };
        }
        self.ended(start..clusters.len(), clusters.len(), End::Forced, widths)
    }

    /// The width of the hyphen of a line that ends before a cluster.
    fn hyphen_before(&self, at: usize) -> Option<f64> {
        let before = self.shaped.clusters.get(at.checked_sub(1)?)?;
        (before.kind == Kind::SoftHyphen).then(|| self.hyphens.get(before.span).copied())?
    }

    fn ended(&self, clusters: Range<usize>, next: usize, end: End, widths: &[f64]) -> Line {
        let hyphen = self.hyphen_before(clusters.end).filter(|_| end != End::Forced);
        let of = self.shaped.clusters.get(clusters.clone()).unwrap_or_default();
        let spaces = of.iter().rev().take_while(|cluster| cluster.kind == Kind::Space).count();
        let clusters = clusters.start..clusters.end - spaces;
        let width = widths.get(clusters.clone()).unwrap_or_default().iter().sum::<f64>();
        Line { clusters, next, width: width + hyphen.unwrap_or(0.0), hyphen: hyphen.is_some(), end }
    }
}
