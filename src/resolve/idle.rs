//! Finds unsupported commands that have no effect on their request, so that it can be rendered
//! without them.

use crate::commands::{LayerCommands, Place, Request, Scope};

/// Whether this unsupported command has no effect in this request. `pictured` tells whether layer 0
/// shows an image.
pub fn is_idle(request: &Request, place: Place, name: &str, pictured: bool) -> bool {
    let Place::In(Scope { layer, effect }) = place else { return false };
    let commands = match layer {
        Some(number) => request.layers.get(&number),
        None => Some(&request.composite),
    };
    let Some(LayerCommands { attributes, .. }) = commands else { return false };
    match name {
        // r-res: size= and scale= take precedence.
        "res" => {
            attributes.size != [None; 2]
                || attributes.size_normalized != [None; 2]
                || attributes.source.scale.is_some()
        }
        // A fully transparent colour does not change the transparent areas of the image.
        "color" => {
            layer == Some(0)
                && effect.is_none()
                && pictured
                && attributes.appearance.color.is_some_and(|color| color.alpha == 0)
        }
        // Layers without text ignore the attributes of text.
        "textAttr" | "textAngle" | "textPath" | "textFlowPath" | "textFlowXPath" | "pathAttr" => {
            attributes.text.content.is_none()
        }
        _ => false,
    }
}
