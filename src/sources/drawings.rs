//! Reads the SVGs of a picture, and chooses the fonts of their texts.

use std::rc::Rc;

use futures_util::{StreamExt, stream};

use super::{resources::read_embedded_paths, source::OpenSource};
use crate::{
    error::{Error, Result},
    limits,
    pyramid::{Compression, Span},
    resolved::Resolved,
    store::{Store, keys::Kind},
    svg::{self, Drawing},
    text::font::Faces,
};

/// Reads what the layout of a picture depends on besides the indexes of its images: their embedded
/// paths, and SVGs as a whole.
pub async fn read_shapes(
    resolved: &Resolved,
    images: impl Iterator<Item = &mut OpenSource>,
    store: &impl Store,
) -> Result<()> {
    let mut images: Vec<&mut OpenSource> = images.collect();
    read_embedded_paths(resolved, images.iter_mut().map(|image| &mut **image), store).await?;
    let drawings = resolved.picture.drawings();
    if drawings.is_empty() {
        return Ok(());
    }
    images.retain(|image| drawings.iter().any(|(key, _)| *key == image.key));
    read_files(&mut images, store).await?;
    for image in images {
        for (_, inputs) in drawings.iter().filter(|(key, _)| *key == image.key) {
            if image.drawings.iter().any(|(drawn, _)| drawn == *inputs) {
                continue;
            }
            let fonts = inputs.faces.fonts()?;
            let unread = || Error::bug("an SVG of the picture was not read");
            let bytes = image.fetched.object(&image.key).and_then(|object| object.from(0));
            let drawing = Drawing::read(bytes.ok_or_else(unread)?, &inputs.variables, fonts);
            let drawing = drawing.map_err(|error| named(&image.key, error))?;
            image.drawings.push(((*inputs).clone(), Rc::new(drawing)));
        }
    }
    Ok(())
}

/// Chooses the fonts of the SVGs of a picture, whose texts are known once they are read. The fonts
/// are not looked up.
pub async fn choose_fonts(
    resolved: &mut Resolved,
    images: impl Iterator<Item = &mut OpenSource>,
    store: &impl Store,
) -> Result<()> {
    let mut drawings = resolved.picture.drawings_mut();
    let mut with_texts = Vec::new();
    for image in images.filter(|image| Kind::Svg.holds(&image.key)) {
        let index = image.index()?;
        if index.levels.iter().any(|level| level.compression == Compression::Svg { texts: true }) {
            with_texts.push(image);
        }
    }
    read_files(&mut with_texts, store).await?;
    for image in with_texts {
        let bytes = image.fetched.object(&image.key).and_then(|object| object.from(0));
        for (_, inputs) in drawings.iter_mut().filter(|(key, _)| *key == image.key) {
            let texts = svg::texts(bytes.unwrap_or_default(), &inputs.variables);
            let texts = texts.map_err(|error| named(&image.key, error))?;
            inputs.faces = Faces::choose(texts, &inputs.map);
        }
    }
    Ok(())
}

/// Reads files as a whole, several at once.
async fn read_files(images: &mut [&mut OpenSource], store: &impl Store) -> Result<()> {
    let reads = images.iter_mut().map(async |image| {
        let len = image.index()?.len;
        image.span(Some(Span { start: 0, len }), store).await.map(drop)
    });
    let mut reads = stream::iter(reads).buffer_unordered(limits::CONCURRENT_READS);
    while let Some(read) = reads.next().await {
        read?;
    }
    Ok(())
}

fn named(key: &str, error: Error) -> Error {
    Error { message: format!("{key}: {}", error.message), ..error }
}
