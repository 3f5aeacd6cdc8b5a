//! Invariants of font files.

use std::rc::Rc;

use azulejo::{
    commands::{OnPath, TextAttributes},
    text::{
        LayerText, Renderer,
        font::{Families, Font, FontHandle, FontSource, fonts},
        layout::{LaidOut, layout},
        rtf,
    },
};

/// A text that uses most of a font.
const TEXT: &str = "\\fs48{\\b\\ul Hello} fi AVA e\u{301} \u{5e9}\u{5dc} \u{939}\u{93f} \u{644}\u{627}\\tab 1\\par x";

/// A text in one font in place of the built-in one.
pub fn set_in(font: Font, text: &str, renderer: Renderer) -> azulejo::error::Result<LayerText> {
    let document = rtf::read(text, renderer)?.document;
    let families = Families { map: &[], default: "", synthesize: true };
    let mut chosen = fonts(&document, families)?;
    let source = FontSource::Stored { key: "fonts/test.ttf".into(), version: None };
    let mut handle = FontHandle::new(source);
    handle.set_font(Rc::new(font));
    if let Some(first) = chosen.handles.first_mut() {
        *first = handle;
    }
    Ok(LayerText {
        document,
        fonts: chosen,
        attributes: TextAttributes::default(),
        angle: 0_u32.into(),
        path: None,
        on_path: OnPath::default(),
        flow: None,
        flow_around: None,
    })
}

/// A font is opened, or refused with a reason. A text in it has a size, its glyphs have places, and
/// their outlines are finite.
pub fn check_font(bytes: &[u8]) -> Result<(), String> {
    for renderer in [Renderer::Text, Renderer::TextPs] {
        let Ok(font) = Font::open(bytes.to_vec()) else { return Ok(()) };
        let text = set_in(font, TEXT, renderer).map_err(|error| error.message)?;
        let LaidOut { drawing, size, .. } = match layout(&text, [Some(200), None]) {
            Ok(laid_out) => laid_out,
            Err(error) if error.message.is_empty() => return Err("no reason".to_owned()),
            Err(_) => continue,
        };
        if size[0] != 200 || size[1] == 0 {
            return Err(format!("{size:?}"));
        }
        let is_finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        if !drawing.marks.iter().all(|mark| is_finite(&mark.to_layer.0)) {
            return Err("a glyph without a place".to_owned());
        }
        let font = text.fonts.handles.first().map(FontHandle::font);
        let font = font.ok_or("no font")?.map_err(|error| error.message)?;
        if !(0..50).all(|glyph| is_finite(&font.outline(glyph).bounds)) {
            return Err("an endless outline".to_owned());
        }
    }
    Ok(())
}
