//! The text of a layer, with all that its pixels depend on.

use super::{Document, font::Fonts};
use crate::{
    commands::{OnPath, TextAttributes},
    protocol::Path,
    ratio::Ratio,
};

/// The text of a layer: plain data. Equal texts in layers of equal size have equal pixels.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LayerText {
    /// The formatted text.
    pub document: Document,
    /// Its fonts.
    pub fonts: Fonts,
    /// `textAttr=`
    pub attributes: TextAttributes,
    /// `textAngle=`: by how many degrees lines are rotated clockwise.
    pub angle: Ratio,
    /// `textPath=`: the baseline.
    pub path: Option<Path>,
    /// `pathAttr=`
    pub on_path: OnPath,
    /// `textFlowPath=`: the areas that lines fill.
    pub flow: Option<Path>,
    /// `textFlowXPath=`: the areas that they leave free.
    pub flow_around: Option<Path>,
}
