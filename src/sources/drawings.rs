//! Reads the SVGs of a picture: for the requests that they embed, for the fonts of their texts, and
//! to draw them.

use std::rc::Rc;

use futures_util::{StreamExt, stream};

use super::{opened::opened, resources::read_embedded_paths, source::OpenSource};
use crate::{
    error::{Error, Result},
    limits,
    picture::{EmbeddedImage, SvgInputs},
    plan::Layout,
    pyramid::{Compression, Span},
    resolved::Resolved,
    store::{FetchBuffer, Store, keys::Kind},
    svg::{self, Drawing, SvgImage},
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
    let is_drawn = |image: &OpenSource| drawings.iter().any(|(key, _)| *key == image.key);
    let drawn = images.iter_mut().map(|image| &mut **image);
    let mut drawn: Vec<&mut OpenSource> = drawn.filter(|image| is_drawn(image)).collect();
    read_files(&mut drawn, store).await?;
    for (key, inputs) in drawings {
        read_drawing(key, inputs, &mut images).map_err(|error| named(key, error))?;
    }
    Ok(())
}

/// Reads an SVG for these inputs, if it is not. Those that it embeds have been read.
fn read_drawing(key: &str, inputs: &SvgInputs, images: &mut [&mut OpenSource]) -> Result<()> {
    let same = |image: &&mut OpenSource| image.key == key;
    let is_read = |image: &&mut OpenSource| image.drawings.iter().any(|(of, _)| of == inputs);
    if images.iter().find(|image| same(image)).is_some_and(is_read) {
        return Ok(());
    }
    let embedded = sizes(inputs, images)?;
    let fonts = inputs.faces.fonts()?;
    let unread = || Error::bug("an SVG of the picture was not read");
    let image = images.iter_mut().find(|image| same(image)).ok_or_else(unread)?;
    let bytes = image.fetched.object(key).and_then(|object| object.from(0));
    let bytes = bytes.ok_or_else(unread)?;
    let drawing = Drawing::read(bytes, &inputs.variables, fonts, embedded.as_deref())?;
    image.drawings.push((inputs.clone(), Rc::new(drawing)));
    Ok(())
}

/// The sizes of the pictures that an SVG embeds; `None` if these are not resolved.
fn sizes(inputs: &SvgInputs, images: &mut [&mut OpenSource]) -> Result<Option<Vec<SvgImage>>> {
    let Some(embedded) = &inputs.images else { return Ok(None) };
    let indexes = images.iter_mut().map(|image| image.index());
    let indexes = indexes.collect::<Result<Vec<_>>>()?;
    let opened: Vec<_> =
        images.iter().zip(&indexes).map(|(image, index)| opened(image, index)).collect();
    let size = |EmbeddedImage { href, picture }: &EmbeddedImage| {
        let layout = Layout::new(picture, &opened).map_err(|mut error| {
            error.message = format!("<image href=\"{href}\">: {}", error.message);
            error
        })?;
        let reply = layout.transform.reply;
        Ok(SvgImage { href: href.clone(), size: [reply.width, reply.height] })
    };
    embedded.iter().map(size).collect::<Result<Vec<_>>>().map(Some)
}

/// Reads the SVGs whose images are not resolved yet into the results of look-ups. Returns whether
/// there are any: then the request has to be resolved again.
pub async fn read_embedding(
    resolved: &Resolved,
    images: impl Iterator<Item = &mut OpenSource>,
    store: &impl Store,
    buffer: &FetchBuffer,
) -> Result<bool> {
    let mut unresolved = resolved.picture.drawings();
    unresolved.retain(|(_, inputs)| inputs.images.is_none());
    let mut embedding = Vec::new();
    for image in images.filter(|image| unresolved.iter().any(|(key, _)| *key == image.key)) {
        let index = image.index()?;
        let has_images = |compression| matches!(compression, Compression::Svg { images: true, .. });
        if index.levels.iter().any(|level| has_images(level.compression)) {
            embedding.push(image);
        }
    }
    let mut bytes = 0;
    for image in &mut embedding {
        bytes += image.index()?.len;
    }
    if bytes > limits::METADATA_BYTES {
        let limit = limits::METADATA_BYTES;
        let message = format!("the SVGs with images have {bytes} bytes, the limit is {limit}");
        return Err(Error::too_large(message));
    }
    read_files(&mut embedding, store).await?;
    let mut fetched = buffer.fetched_mut();
    for image in &embedding {
        let bytes = image.fetched.object(&image.key).and_then(|object| object.whole());
        if fetched.object(&image.key).is_some_and(|object| object.whole().is_some()) {
            return Err(Error::bug("the images of an SVG were not resolved"));
        }
        let bytes = bytes.unwrap_or_default().to_vec();
        fetched.insert_whole(&image.key, image.version.clone(), bytes);
    }
    Ok(!embedding.is_empty())
}

/// Removes the SVGs that [`read_embedding`] has put there.
pub fn forget_embedding(resolved: &Resolved, buffer: &FetchBuffer) {
    let mut fetched = buffer.fetched_mut();
    for (key, inputs) in resolved.picture.drawings() {
        let version = fetched.object(key).map(|object| object.version.clone());
        if let Some(version) = version.filter(|_| inputs.images.is_some()) {
            fetched.insert_unread(key, version, 0, None);
        }
    }
}

/// Chooses the fonts of the SVGs of a picture, whose texts are known once they are read. The fonts
/// are not looked up.
pub async fn choose_fonts(
    resolved: &mut Resolved,
    images: impl Iterator<Item = &mut OpenSource>,
    store: &impl Store,
) -> Result<()> {
    let mut with_texts = Vec::new();
    for image in images.filter(|image| Kind::Svg.holds(&image.key)) {
        let index = image.index()?;
        let has_texts = |compression| matches!(compression, Compression::Svg { texts: true, .. });
        if index.levels.iter().any(|level| has_texts(level.compression)) {
            with_texts.push(image);
        }
    }
    read_files(&mut with_texts, store).await?;
    resolved.picture.for_each_drawing(&mut |key, inputs| {
        let image = with_texts.iter().find(|image| image.key == key);
        let Some(image) = image else { return Ok(()) };
        let bytes = image.fetched.object(key).and_then(|object| object.from(0));
        let texts = svg::texts(bytes.unwrap_or_default(), &inputs.variables);
        let texts = texts.map_err(|error| named(key, error))?;
        // There are no texts in a build without the feature. It does without the tables of Unicode.
        if cfg!(feature = "svg") {
            inputs.faces = Faces::choose(texts, &inputs.map);
        }
        Ok(())
    })
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
