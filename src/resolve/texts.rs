//! The texts of layers and their fonts (r-text, r-textps, r-font-handling).

use std::{collections::BTreeMap, sync::Arc};

use super::Lookups;
use crate::{
    catalog::{Attributes, Catalog},
    commands::{self, LayerCommands, Reads, TextContent},
    error::{Error, ErrorKind, Result},
    limits,
    picture::Picture,
    resolved::Resolved,
    store::Fetched,
    text::{
        LayerText, Renderer,
        font::{Families, FontMap, FontSource, fonts},
        rtf,
    },
    time_slice::Work,
};

/// The texts of layers by their numbers.
pub type Texts = BTreeMap<u32, LayerText>;

/// Reads the texts of layers and chooses their fonts. Also returns the error for the first text
/// whose fonts the catalog lacks.
pub fn texts(
    layers: &BTreeMap<u32, LayerCommands>,
    catalog: &Catalog,
    attributes: &Attributes,
) -> Result<(Texts, Option<Error>)> {
    let families = Families {
        map: &catalog.fonts,
        default: attributes.text("DefaultFont"),
        synthesize: attributes.text("SynthesizeFontStyles") != "0",
    };
    let (mut texts, mut lacking) = (Texts::new(), None);
    for (number, layer) in layers {
        let commands::Text { content, attributes, angle, path, flow, flow_around, on_path } =
            layer.attributes.text.clone();
        let (text, renderer) = match content {
            None => continue,
            Some(TextContent::Plain(text)) => (text, Renderer::Text),
            Some(TextContent::Photoshop(text)) => (text, Renderer::TextPs),
        };
        let mut document = rtf::read(&text, renderer)?.document;
        let fonts = fonts(&document, families).or_else(|error| {
            lacking.get_or_insert(error);
            // The size of the layer does not matter any more.
            document.faces.clear();
            let built_in = Families { map: &[], default: "", synthesize: true };
            fonts(&document, built_in)
        })?;
        let text =
            LayerText { document, fonts, attributes, angle, path, on_path, flow, flow_around };
        texts.insert(*number, text);
    }
    Ok((texts, lacking))
}

/// Looks up the stored fonts of a picture: their versions and lengths. Fails for a font that is not
/// stored, or too long.
pub fn look_up<'a>(resolved: &'a mut Resolved, lookups: &'a Lookups<'a>) -> Work<'a, Result<()>> {
    Box::pin(async move {
        if resolved.answer.reply.kind().reads < Reads::Plan {
            return Ok(());
        }
        let keys = font_keys(&mut resolved.picture)?;
        if keys.is_empty() {
            return Ok(());
        }
        lookups.fonts(&keys).await;
        set_font_versions(&mut resolved.picture, &lookups.fetched())
    })
}

/// The fonts of a catalog, for SVGs.
pub fn font_map(catalog: &Catalog, attributes: &Attributes) -> FontMap {
    let default = attributes.text("DefaultFont").to_owned();
    FontMap { fonts: Arc::clone(&catalog.fonts), default }
}

/// The keys of the stored fonts of a picture, each once. Fails for too many.
#[inline(never)]
pub fn font_keys(picture: &mut Picture) -> Result<Vec<String>> {
    let mut keys: Vec<String> = Vec::new();
    for font in picture.fonts_mut() {
        if let Some(key) = font.key().filter(|key| !keys.iter().any(|other| other == key)) {
            keys.push(key.to_owned());
        }
    }
    if keys.len() > limits::FONTS {
        let (used, most) = (keys.len(), limits::FONTS);
        return Err(Error::too_large(format!("{used} fonts, the limit is {most}")));
    }
    Ok(keys)
}

/// Sets the versions and lengths of the fonts of a picture, which were looked up. Fails for a font
/// that is not stored, or too long.
#[inline(never)]
pub fn set_font_versions(picture: &mut Picture, fetched: &Fetched) -> Result<()> {
    for font in picture.fonts_mut() {
        let FontSource::Stored { key, version } = &mut font.source else { continue };
        let Some(object) = fetched.object(key) else {
            let message = format!("{key}: no such font; publish the folder of its font map again");
            return Err(Error::new(ErrorKind::Value, message));
        };
        if object.len > limits::FONT_BYTES {
            let (len, limit) = (object.len, limits::FONT_BYTES);
            let message = format!("{key}: a font of {len} bytes, the limit is {limit}");
            return Err(Error::too_large(message));
        }
        *version = Some(object.version.clone());
        font.len = object.len;
    }
    Ok(())
}
