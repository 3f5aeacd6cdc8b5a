//! Opens a stored SVG: a level of the size that it has as an image, whose only tile is the file.

use super::{Compression, Photometric, SampleFormat, level};
use crate::{
    error::{Error, Result},
    limits,
    pyramid::{index::Index, open::Step},
    store::{ByteRange, Object, Read},
    svg::{self, Natural},
};

/// Opens an SVG with the bytes read so far, or returns the read of the others.
pub fn open(key: &str, object: &Object) -> Result<Step> {
    if object.len > limits::SVG_BYTES {
        let (kib, limit) = (object.len.div_ceil(1024), limits::SVG_BYTES >> 10);
        let message = format!("the SVG has {kib} KiB: expected at most {limit} KiB");
        return Err(Error::too_large(message));
    }
    let Some(bytes) = object.get(ByteRange::new(0, object.len)) else {
        let range = ByteRange::new(0, object.len);
        let version = Some(object.version.clone());
        return Ok(Step::Continue(vec![Read { key: key.to_owned(), range, version }]));
    };
    let Natural { size, texts, images } = svg::natural(bytes)?;
    let format = SampleFormat { photometric: Photometric::Rgb, samples: 4, alpha: true };
    let compression = Compression::Svg { texts, images };
    let level = level(object, [size.width, size.height], compression, format)?;
    Ok(Step::Break(Index {
        version: object.version.clone(),
        len: object.len,
        modified: object.modified,
        levels: vec![level],
        orientation: 1,
        resolution: None,
        icc: None,
        xmp: None,
        photoshop: None,
    }))
}
