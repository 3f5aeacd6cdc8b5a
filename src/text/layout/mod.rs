//! Lays out a text: shapes its paragraphs, breaks them into lines, and places their glyphs.
//!
//! The layout is our own, on top of a shaper: the protocol says where lines, tabs and baselines
//! are, and how text is fitted, and no layout library does the same. All positions are in pixels
//! of the layer at its own size, and do not depend on the view.

mod area;
mod drawing;
mod fit;
mod lines;
mod on_path;
mod path;
mod place;
mod scale;
mod set;
mod shape;
mod spans;
mod tabs;
mod text_box;
mod turned;

pub use drawing::{Affine, Drawing, Mark, MarkShape};
pub use shape::BOLDER;

use std::rc::Rc;

use shape::{Opened, shape};

use super::{LayerText, Renderer, TextFlow, font::Font};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// A text that is laid out.
#[derive(Debug, Clone)]
pub struct LaidOut {
    /// Its glyphs, in pixels of the layer.
    pub drawing: Rc<Drawing>,
    /// The size of the layer: that which is given, else what the text needs.
    pub size: [u32; 2],
    /// The point of the layer that is placed unless `origin=` or `anchor=` says otherwise; `None`
    /// is the centre.
    pub origin: Option<[f64; 2]>,
}

/// Lays out a text in a layer of this size. `None` leaves a side to the text (r-text-layers). Fails
/// for a feature that is unsupported, and for paragraphs with different alignments in a layer of
/// `text=` without a size (N7).
pub fn layout(text: &LayerText, size: [Option<u32>; 2]) -> Result<LaidOut> {
    super::require()?;
    let document = &text.document;
    check(text, size)?;
    let fonts = text.fonts.handles.iter().map(|handle| handle.font());
    let fonts = fonts.collect::<Result<Vec<Rc<Font>>>>()?;
    let opened = &Opened { fonts: &fonts, chosen: &text.fonts };
    let shaped = document.paragraphs.iter().map(|paragraph| shape(paragraph, opened));
    let shaped = shaped.collect::<Result<Vec<_>>>()?;
    let is_photoshop = document.renderer == Renderer::TextPs;
    let mut laid_out = match (&text.path, &text.flow) {
        (Some(path), None) if is_photoshop => turned::along(path, text, &shaped, opened, size)?,
        (None, Some(flow)) if is_photoshop => turned::within(flow, text, &shaped, opened, size)?,
        _ if is_photoshop && text.angle != 0_u32.into() => {
            turned::at_angle(text, &shaped, opened, size)?
        }
        _ => text_box::text_box(text, &shaped, opened, size)?,
    };
    let drawing = Rc::make_mut(&mut laid_out.drawing);
    drawing.fonts.clone_from(&text.fonts.handles);
    Ok(laid_out)
}

fn check(text: &LayerText, size: [Option<u32>; 2]) -> Result<()> {
    let document = &text.document;
    let runs = document.paragraphs.iter().flat_map(|paragraph| &paragraph.runs);
    let characters: usize = runs.map(|run| run.text.chars().count()).sum();
    if characters > limits::TEXT_CHARACTERS {
        let most = limits::TEXT_CHARACTERS;
        let message = format!("a text of {characters} characters, the limit is {most}");
        return Err(Error::too_large(message));
    }
    let is_photoshop = document.renderer == Renderer::TextPs;
    if is_photoshop && text.path.is_some() && text.flow.is_some() {
        let message = "textPath= and textFlowPath= in one layer; use one of them";
        return Err(Error::new(ErrorKind::Value, message));
    }
    if is_photoshop && document.flow == TextFlow::Vertical {
        let message = "\\stextflow1: vertical text is unsupported; use \\stextflow0";
        return Err(Error::unsupported(message));
    }
    if !is_photoshop && size.contains(&None) && document.mixed_alignments().is_some() {
        let message = "text=: paragraphs with different alignments need a size=; give both sides, \
                       or use one of \\ql, \\qc and \\qr";
        return Err(Error::new(ErrorKind::Value, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
