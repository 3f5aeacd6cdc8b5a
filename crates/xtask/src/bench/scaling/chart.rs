//! Draws lines with axes as an SVG.

use std::fmt::Write;

pub use super::ticks::Scale;
use super::ticks::{Range, label};

/// A picture of panels beside each other.
#[derive(Debug)]
pub struct Figure {
    pub title: String,
    /// What a reader who cannot see the lines is told.
    pub description: String,
    pub panels: Vec<Panel>,
}

/// Lines over the same axes.
#[derive(Debug)]
pub struct Panel {
    pub title: String,
    pub x: Axis,
    /// Always linear and from zero, so that heights compare.
    pub y: Axis,
    pub series: Vec<Series>,
}

/// An axis. Its label names the unit.
#[derive(Debug)]
pub struct Axis {
    pub label: String,
    pub scale: Scale,
}

/// A line.
#[derive(Debug)]
pub struct Series {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

const PANEL: f64 = 320.0;
const HEIGHT: f64 = 380.0;
/// The area of the lines within a panel.
const LEFT: f64 = 54.0;
const TOP: f64 = 104.0;
const RIGHT: f64 = 306.0;
const BOTTOM: f64 = 330.0;
/// How long dashes and gaps are, for readers who cannot tell the colours apart.
const DASHES: [&str; 4] = ["none", "7 4", "2 4", "9 4 2 4"];

/// Colours of light and of dark surroundings. Each line has a contrast of at least 4 to the ground.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:var(--ink)}.head{font-weight:600;font-size:14px}\
svg{--ground:#fff;--ink:#222;--grid:#ddd;--a:#1a56b0;--b:#b0400a;--c:#17703f;--d:#7a3a9c}\
@media(prefers-color-scheme:dark){svg{--ground:#161a20;--ink:#e4e6ea;--grid:#3a4048;--a:#7fb2ff;--b:#ffa070;\
--c:#6fd6a0;--d:#d6a0f5}}\
.ground{fill:var(--ground)}.grid{stroke:var(--grid)}.axis{stroke:var(--ink)}\
.line{fill:none;stroke-width:2}.s0{stroke:var(--a)}.s1{stroke:var(--b)}.s2{stroke:var(--c)}.s3{stroke:var(--d)}\
.dot{stroke-width:2;fill:var(--ground)}";

/// The text of the file.
pub fn svg(figure: &Figure) -> String {
    let width = PANEL * figure.panels.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title desc\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n\
         <style>{STYLE}</style>\n<rect class=\"ground\" width=\"{width}\" height=\"{HEIGHT}\"/>\n",
        escaped(&figure.title),
        escaped(&figure.description)
    );
    for (nth, panel) in figure.panels.iter().enumerate() {
        let left = nth as f64 * PANEL;
        let _ = writeln!(svg, "<g transform=\"translate({left} 0)\">\n{}</g>", lines(panel));
    }
    svg + "</svg>\n"
}

fn lines(panel: &Panel) -> String {
    let points = || panel.series.iter().flat_map(|series| &series.points);
    let x = Range::of(points().map(|point| point.0), panel.x.scale);
    let y = Range::of(points().map(|point| point.1), Scale::Linear);
    let across = |value| LEFT + x.place(value) * (RIGHT - LEFT);
    let up = |value| BOTTOM - y.place(value) * (BOTTOM - TOP);
    let (mut texts, mut out) = (String::new(), String::new());
    let mut text = |x: f64, y: f64, more: &str, text: &str| {
        let _ = writeln!(texts, "<text x=\"{x:.1}\" y=\"{y:.1}\"{more}>{}</text>", escaped(text));
    };
    text(LEFT, 22.0, " class=\"head\"", &panel.title);
    for tick in &x.ticks {
        text(across(*tick), BOTTOM + 18.0, " text-anchor=\"middle\"", &label(*tick));
    }
    text((LEFT + RIGHT) / 2.0, BOTTOM + 38.0, " text-anchor=\"middle\"", &panel.x.label);
    for tick in &y.ticks {
        text(LEFT - 8.0, up(*tick) + 4.0, " text-anchor=\"end\"", &label(*tick));
    }
    let turned =
        format!(" text-anchor=\"middle\" transform=\"rotate(-90 14 {:.1})\"", (TOP + BOTTOM) / 2.0);
    text(14.0, (TOP + BOTTOM) / 2.0, &turned, &panel.y.label);
    for (nth, series) in panel.series.iter().enumerate() {
        text(LEFT + 34.0, legend(nth) + 4.0, "", &series.name);
    }
    for tick in &y.ticks {
        let class = if *tick == 0.0 { "axis" } else { "grid" };
        let at = up(*tick);
        let _ = writeln!(out, "<path class=\"{class}\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/>");
    }
    for tick in &x.ticks {
        let at = across(*tick);
        let _ = writeln!(out, "<path class=\"axis\" d=\"M{at:.1} {BOTTOM}v5\"/>");
    }
    for (nth, series) in panel.series.iter().enumerate() {
        let dash = DASHES[nth % DASHES.len()];
        let class = format!("class=\"line s{}\" stroke-dasharray=\"{dash}\"", nth % 4);
        let at = legend(nth);
        let _ = writeln!(out, "<path {class} d=\"M{LEFT} {at}h26\"/>");
        let shown = |(x, y): &&(f64, f64)| across(*x).is_finite() && up(*y).is_finite();
        let points: Vec<(f64, f64)> =
            series.points.iter().filter(shown).map(|(x, y)| (across(*x), up(*y))).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        if !path.is_empty() {
            let _ = writeln!(out, "<path {class} d=\"M{}\"/>", path.join("L"));
        }
        for (x, y) in points {
            let _ = writeln!(
                out,
                "<circle class=\"dot s{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>",
                nth % 4
            );
        }
    }
    out + &texts
}

/// The height of a line of the legend.
fn legend(nth: usize) -> f64 {
    42.0 + nth as f64 * 18.0
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(points: Vec<(f64, f64)>) -> Figure {
        let axis = |label: &str, scale| Axis { label: label.to_owned(), scale };
        let series = Series { name: "JPEG & <PNG>".to_owned(), points };
        let panel = Panel {
            title: "Size".to_owned(),
            x: axis("megapixels", Scale::Linear),
            y: axis("milliseconds", Scale::Linear),
            series: vec![series],
        };
        Figure {
            title: "Growth".to_owned(),
            description: "It grows.".to_owned(),
            panels: vec![panel],
        }
    }

    #[test]
    fn svg_names_itself_for_those_who_do_not_see_it() {
        let svg = svg(&figure(vec![(1.0, 10.0), (2.0, 20.0)]));
        for part in [
            "role=\"img\" aria-labelledby=\"title desc\"",
            "<title id=\"title\">Growth</title>",
            "<desc id=\"desc\">It grows.</desc>",
            ">megapixels</text>",
            ">milliseconds</text>",
            "prefers-color-scheme:dark",
        ] {
            assert!(svg.contains(part), "{part} is not in\n{svg}");
        }
    }

    #[test]
    fn svg_puts_points_where_the_axes_say() {
        let svg = svg(&figure(vec![(1.0, 10.0), (2.0, 20.0)]));
        // Two of two megapixels, and 20 of 20 ms: the upper right corner. Half of both: the middle.
        assert!(svg.contains(&format!("d=\"M180.0 217.0L{RIGHT:.1} {TOP:.1}\"")), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 2);
    }

    #[test]
    fn svg_is_well_formed_whatever_it_is_given() {
        for points in [vec![], vec![(0.0, 0.0)], vec![(f64::NAN, 1.0), (1.0, f64::INFINITY)]] {
            let svg = svg(&figure(points));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.contains("JPEG &amp; &lt;PNG&gt;"), "{svg}");
            assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
        }
    }
}
