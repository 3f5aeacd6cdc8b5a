//! Reads the Photoshop resources of images, which hold their embedded paths.

use futures_util::{StreamExt, stream};

use super::source::OpenSource;
use crate::{
    error::{Error, Result},
    limits,
    pyramid::Span,
    resolved::Resolved,
    store::Store,
};

/// Reads the resources of the images whose embedded paths the reply uses, several at once. They
/// stay with the bytes that were read of each image.
pub async fn read_embedded_paths(
    resolved: &Resolved,
    images: impl Iterator<Item = &mut OpenSource>,
    store: &impl Store,
) -> Result<()> {
    let mut spans: Vec<(&mut OpenSource, Span)> = Vec::new();
    for image in images {
        if resolved.uses_paths(&image.key)
            && let Some(span) = image.index()?.photoshop
        {
            spans.push((image, span));
        }
    }
    let bytes = spans.iter().fold(0, |bytes: u64, (_, span)| bytes.saturating_add(span.len));
    if bytes > limits::METADATA_BYTES {
        let limit = limits::METADATA_BYTES;
        let message = format!(
            "the Photoshop resources of the images whose paths are used have {bytes} bytes, the \
             limit is {limit}"
        );
        return Err(Error::too_large(message));
    }
    let reads =
        spans.into_iter().map(async |(image, span)| image.span(Some(span), store).await.map(drop));
    let mut reads = stream::iter(reads).buffer_unordered(limits::CONCURRENT_READS);
    while let Some(read) = reads.next().await {
        read?;
    }
    Ok(())
}
