//! A reply that is a stored tile. Its compressed data is sent as it is.

use super::execute::embedded;
use crate::{
    codec::{EncodeOptions, Encoded, jpeg},
    error::Result,
    plan::{ImageAlone, Plan},
    store::Fetched,
};

/// The file of a reply that shows one whole tile and nothing else, made of the tile's own data. `None`
/// for other replies, and where the tile's format or quality is not what was requested: then its
/// pixels are drawn and encoded.
pub fn unchanged(image: ImageAlone, plan: &Plan, fetched: &Fetched) -> Result<Option<Encoded>> {
    let level = image.level;
    let stored = image.unchanged_tile().and_then(|number| level.tile(number));
    let object = fetched.object(image.source.key());
    let bytes = stored.zip(object).and_then(|(span, object)| object.get(span.into()));
    let Some(bytes) = bytes else { return Ok(None) };
    let options = EncodeOptions { embedded: embedded(plan, fetched)?, ..image.options.clone() };
    let size = [level.tile_width, level.tile_height];
    let file = jpeg::stored_file(level.jpeg_tables.as_deref(), bytes, size, &options);
    Ok(file.map(|file| Encoded { format: options.format, file, tried: None }))
}
