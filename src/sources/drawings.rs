//! Reads the SVGs of a picture.

use std::rc::Rc;

use futures_util::{StreamExt, stream};

use super::{resources::read_embedded_paths, source::OpenSource};
use crate::{
    error::{Error, Result},
    limits,
    pyramid::Span,
    resolved::Resolved,
    store::Store,
    svg::Drawing,
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
    let reads = images.iter_mut().map(async |image| {
        let len = image.index()?.len;
        image.span(Some(Span { start: 0, len }), store).await.map(drop)
    });
    let mut reads = stream::iter(reads).buffer_unordered(limits::CONCURRENT_READS);
    while let Some(read) = reads.next().await {
        read?;
    }
    drop(reads);
    for image in images {
        for (_, variables) in drawings.iter().filter(|(key, _)| *key == image.key) {
            if image.drawings.iter().any(|drawing| drawing.variables() == *variables) {
                continue;
            }
            let unread = || Error::bug("an SVG of the picture was not read");
            let bytes = image.fetched.object(&image.key).and_then(|object| object.from(0));
            let drawing = Drawing::read(bytes.ok_or_else(unread)?, variables);
            let name = |error: Error| Error {
                message: format!("{}: {}", image.key, error.message),
                ..error
            };
            image.drawings.push(Rc::new(drawing.map_err(name)?));
        }
    }
    Ok(())
}
