//! What is right, and changes nothing beside what else is said: it need not be drawn.

use crate::{
    codec::jpeg,
    commands::{LayerCommands, Place, Request, Scope},
};

/// Whether this command, which is not drawn yet, has no effect in this request. `pictured` is
/// whether layer 0 shows an image.
pub fn is_idle(request: &Request, place: Place, name: &str, pictured: bool) -> bool {
    let format = request.output.format;
    let Place::In(Scope { layer, effect }) = place else {
        return match name {
            // r-jpegsize and r-pscan: ignored where the reply is in another format.
            "jpegSize" => format.mime != jpeg::BASELINE.mime,
            "pscan" => *format != jpeg::PROGRESSIVE,
            _ => false,
        };
    };
    let said = match layer {
        Some(number) => request.layers.get(&number),
        None => Some(&request.composite),
    };
    let Some(LayerCommands { attributes, .. }) = said else { return false };
    match name {
        // r-res: size= and scale= go before.
        "res" => {
            attributes.size != [None; 2]
                || attributes.size_normalized != [None; 2]
                || attributes.source.scale.is_some()
        }
        // It fills what is transparent in the image with what is transparent.
        "color" => {
            layer == Some(0)
                && effect.is_none()
                && pictured
                && attributes.appearance.color.is_some_and(|color| color.alpha == 0)
        }
        // Attributes of a text are ignored by layers that show none.
        "textAttr" | "textAngle" | "textPath" | "textFlowPath" | "textFlowXPath" | "pathAttr" => {
            attributes.text.content.is_none()
        }
        _ => false,
    }
}
