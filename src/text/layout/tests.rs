use super::{scale::Scale, shape::Span, *};
use crate::{
    commands::{OnPath, TextAttributes, Wrap},
    text::{
        CharacterFormat,
        font::{Families, FontSource, Metrics, Style, fonts},
        rtf,
    },
};

fn text(rtf: &str, renderer: Renderer) -> LayerText {
    let document = rtf::read(rtf, renderer).unwrap().document;
    let families = Families { map: &[], default: "", synthesize: true };
    let fonts = fonts(&document, families).unwrap();
    LayerText {
        document,
        fonts,
        attributes: TextAttributes::default(),
        angle: 0_u32.into(),
        path: None,
        on_path: OnPath::default(),
        flow: None,
        flow_around: None,
    }
}

fn laid_out(rtf: &str, renderer: Renderer, size: [u32; 2]) -> LaidOut {
    let size = size.map(|side| Some(side).filter(|side| *side > 0));
    layout(&text(rtf, renderer), size).unwrap()
}

/// The glyphs' positions.
fn origins(laid_out: &LaidOut) -> Vec<[f64; 2]> {
    let glyphs = laid_out.drawing.marks.iter();
    let glyphs = glyphs.filter(|mark| matches!(mark.shape, MarkShape::Glyph { .. }));
    glyphs.map(|mark| mark.to_layer.apply([0.0; 2])).collect()
}

/// The baselines from top to bottom, each once.
fn baselines(rtf: &str, renderer: Renderer, size: [u32; 2]) -> Vec<f64> {
    let mut baselines: Vec<f64> = Vec::new();
    for [_, y] in origins(&laid_out(rtf, renderer, size)) {
        if !baselines.contains(&y) {
            baselines.push(y);
        }
    }
    baselines
}

fn arial() -> Metrics {
    let font = FontSource::BuiltIn(crate::text::font::BuiltIn::Regular);
    let font = crate::text::font::FontHandle::new(font).font().unwrap();
    // Of Arial's tables head, hhea and OS/2.
    let [ascent, descent, typo_ascent, typo_descent] = [1854.0, 434.0, 1491.0, 431.0];
    Metrics { em: 2048.0, ascent, descent, typo_ascent, typo_descent, ..font.metrics }
}

/// Measured on the real server, with a font of Arial's metrics.
#[test]
fn cells_of_text_are_rounded_ascent_and_descent() {
    let style = Style { font: 0, embolden: false, slant: false };
    let scale = Scale { point: 1.0, fit: 0.0 };
    for (size, cell) in [(24, [11.0, 3.0]), (80, [36.0, 8.0])] {
        let format = CharacterFormat { size, ..CharacterFormat::default() };
        let span = Span { format, style, small: false };
        let made = scale.cell(Renderer::Text, &span, &arial());
        assert_eq!([made.above, made.below], cell, "{size}");
    }
}

/// Measured on the real server, whose default font has the metrics of this one: `hhea` ascender
/// 0.928 em, typographic ascender 0.76 em.
#[test]
fn the_first_baseline_is_at_the_ascender_of_the_renderer() {
    assert_eq!(baselines("\\fs40 Normal", Renderer::Text, [230, 50]), [19.0]);
    assert_eq!(baselines("\\fs40 Normal", Renderer::TextPs, [230, 50]), [15.0]);
}

/// The cell of 12 pixels is 11 + 3 pixels.
#[test]
fn text_is_aligned_vertically_by_its_cells() {
    for (align, baseline) in [("\\vertalt", 11.0), ("\\vertalc", 29.0), ("\\vertalb", 47.0)] {
        let made = baselines(&format!("{align} abc"), Renderer::Text, [300, 50]);
        assert_eq!(made, [baseline], "{align}");
    }
}

#[test]
fn lines_follow_each_other_by_their_cells() {
    // 40 pixels: 37 + 9. With textPs=, 120 % of the size.
    assert_eq!(baselines("\\fs80 a\\line b", Renderer::Text, [0, 0]), [37.0, 83.0]);
    assert_eq!(baselines("\\fs80 a\\line b", Renderer::TextPs, [0, 0]), [30.0, 78.0]);
    let spaced = |command: &str| baselines(&format!("{command} a\\line b"), Renderer::Text, [0, 0]);
    assert_eq!(spaced("\\sl-400"), [11.0, 31.0], "exactly 20 points");
    assert_eq!(spaced("\\sl100"), [11.0, 25.0], "at least 5 points");
    assert_eq!(spaced("\\sl480\\slmult1"), [11.0, 39.0], "twice");
}

/// `\up20` is 10 pixels. The line moves down so that the raised cell begins at 0.
#[test]
fn raised_text_moves_its_line_down() {
    let made = baselines("\\fs40 a{\\up20 b}", Renderer::Text, [230, 50]);
    assert_eq!(made, [29.0, 19.0]);
    let made = baselines("\\fs40 a{\\up20 b}", Renderer::TextPs, [230, 50]);
    assert_eq!(made, [15.0, 5.0], "textPs= does not move it");
}

#[test]
fn script_is_two_thirds_large_and_shifted() {
    let made = laid_out("\\fs36 n{\\super n}{\\sub n}", Renderer::Text, [300, 50]);
    let [normal, raised, lowered] = origins(&made)[..] else { panic!("three glyphs") };
    // 18 pixels: 0.24 em up, 0.15 em down, in whole pixels.
    assert_eq!([normal[1] - raised[1], lowered[1] - normal[1]], [4.0, 3.0]);
    let sizes: Vec<f64> = made.drawing.marks.iter().map(|mark| mark.to_layer.0[0]).collect();
    assert!((sizes[1] / sizes[0] - 2.0 / 3.0).abs() < 1e-9);
}

#[test]
fn lines_begin_at_the_left_at_a_whole_pixel_or_end_at_the_right() {
    let width = |rtf: &str| laid_out(rtf, Renderer::Text, [0, 0]).size[0];
    let first = |rtf: &str| origins(&laid_out(rtf, Renderer::Text, [301, 50]))[0][0];
    assert_eq!(first("abc"), 0.0);
    assert_eq!(first("\\qc abc").fract(), 0.0);
    let right = first("\\qr abc");
    assert!((301.0 - f64::from(width("abc")) - right).abs() < 1.0 && right.fract() != 0.0);
}

#[test]
fn a_layer_without_size_is_as_large_as_its_text() {
    let made = laid_out("abc", Renderer::Text, [0, 0]);
    assert_eq!((made.size[1], made.origin), (14, None));
    let high = laid_out("abc abc abc abc", Renderer::Text, [50, 0]);
    assert_eq!(high.size, [50, 28], "two lines fit beside each other");
    let empty = laid_out("", Renderer::Text, [0, 0]);
    assert_eq!(empty.size, [1, 14], "an empty text has a line");
    let point = laid_out("\\qr abc", Renderer::TextPs, [0, 0]);
    let [x, y] = point.origin.unwrap();
    assert!((f64::from(point.size[0]) - x).abs() < 1.0, "it ends at its origin");
    assert_eq!(y, 9.0, "its origin is on its baseline");
}

#[test]
fn paragraphs_of_a_layer_without_size_have_one_alignment() {
    let mixed = text("\\ql a\\par\\qr b", Renderer::Text);
    assert!(layout(&mixed, [None; 2]).is_err());
    assert!(layout(&mixed, [Some(100), Some(50)]).is_ok());
    let mixed = text("\\ql a\\par\\qr b", Renderer::TextPs);
    assert!(layout(&mixed, [None; 2]).is_ok());
}

#[test]
fn tabs_end_at_their_stops() {
    let made = laid_out("\\tx1000\\tqr\\tx3000 a\\tab b\\tab c", Renderer::TextPs, [300, 50]);
    let [a, b, c] = origins(&made)[..] else { panic!("three glyphs") };
    assert_eq!([a[0], b[0]], [0.0, 50.0]);
    let wide = laid_out("c", Renderer::Text, [0, 0]);
    assert!((150.0 - c[0] - f64::from(wide.size[0])).abs() < 1.0, "{c:?}");
}

#[test]
fn words_break_where_the_attributes_say() {
    let lines = |wrap: Wrap, width: u32| {
        let mut text = text("aaaa bbbb-cccc dddddddddddddddddd", Renderer::Text);
        text.attributes.wrap = wrap;
        let made = layout(&text, [Some(width), None]).unwrap();
        made.size[1] / 14
    };
    assert_eq!(lines(Wrap::None, 60), 1);
    assert_eq!(lines(Wrap::NonBreaking, 60), 4);
    assert!(lines(Wrap::Wrap, 60) > 4);
}

#[test]
fn a_text_of_the_most_characters_is_laid_out_and_a_longer_one_is_refused() {
    let long = "word ".repeat(limits::TEXT_CHARACTERS / 5);
    assert!(laid_out(&long, Renderer::Text, [700, 0]).size[1] > 1000);
    let mut fitted = text(&long, Renderer::Text);
    fitted.attributes.mode = crate::commands::ResolutionMode::Auto;
    assert!(layout(&fitted, [Some(700), Some(700)]).is_ok());
    let longer = text(&"word ".repeat(limits::TEXT_CHARACTERS / 5 + 1), Renderer::Text);
    assert!(layout(&longer, [Some(700), None]).is_err());
}

#[test]
fn hostile_sizes_and_paths_are_bounded() {
    for (rtf, size) in [
        ("\\fs32767 Huge", [1, 1]),
        ("\\fs1 tiny", [1, 1]),
        ("\\li99999999\\ri99999999 a b", [10, 10]),
        ("\\sl-1 a\\line b", [10, 10]),
        ("\\expndtw-32000 abc", [10, 10]),
        ("\\charscalex-32000\\charscaley32000 abc", [10, 10]),
        ("\\up32767 a{\\dn32767 b}", [10, 10]),
        ("\\margl99999\\margt99999 a", [10, 10]),
        ("\\copyfit32767\\fs1 a", [1000, 1000]),
    ] {
        for renderer in [Renderer::Text, Renderer::TextPs] {
            laid_out(rtf, renderer, size);
        }
    }
    for path in ["M5,5", "M5,5L5,5", "M0,0L999999999,0", "M0,0Z", "M0,0C0,0,0,0,0,0Z"] {
        let args = crate::protocol::Args { command: "textPath", value: path };
        let path = crate::protocol::Path::parse(&args).unwrap();
        let on_path = LayerText { path: path.clone(), ..text("abc", Renderer::TextPs) };
        let _ = layout(&on_path, [None; 2]);
        let flow = LayerText { flow: path, ..text("abc", Renderer::TextPs) };
        let _ = layout(&flow, [None; 2]);
    }
    // As many curves as a path may have, and as many lines as a text may have.
    let curves = "C9,9,800,9,800,900,9,900,400,500,9,9".repeat(limits::PATH_POINTS / 2 - 8);
    let args = crate::protocol::Args { command: "textFlowPath", value: &format!("M9,9{curves}Z") };
    let flow = crate::protocol::Path::parse(&args).unwrap();
    let long = "\\fs10\\copyfit20 a\\line ".repeat(2000);
    let error = layout(&LayerText { flow, ..text(&long, Renderer::TextPs) }, [None; 2]);
    assert!(error.unwrap_err().message.contains("too long"));
}
