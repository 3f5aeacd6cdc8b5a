//! The metadata that a reply contains: its profile, and the XMP packet and the paths of the image in
//! layer 0 (r-iccembed, r-xmpembed, r-pathembed).

use std::rc::Rc;

use super::{
    convert::{ProfileSource, StoredBytes},
    layout::Layout,
    matrix::Matrix,
    source::Opened,
    space,
};
use crate::{
    codec::Metadata,
    commands::Reply,
    error::{Error, Result},
    limits,
    pyramid::moved_paths,
    resolved::Resolved,
};

/// The metadata of a reply.
#[derive(Debug, Clone, Default)]
pub struct Embedded {
    /// Its profile.
    pub profile: Option<ProfileSource>,
    /// The XMP packet of the image in layer 0.
    pub xmp: Option<StoredBytes>,
    /// The paths of the image in layer 0, as Photoshop image resources; empty without any.
    pub paths: Rc<[u8]>,
}

impl Embedded {
    /// Finds the metadata that a request embeds. Fails if there is too much of it.
    pub fn of(resolved: &Resolved, layout: &Layout, sources: &[Opened]) -> Result<Self> {
        let embeds = |metadata| {
            resolved.embeds.contains(&metadata) && resolved.output.format.stores(metadata)
        };
        let mut embedded = Self::default();
        if embeds(Metadata::Profile) && resolved.answer.reply != Reply::Mask {
            embedded.profile = space::of_reply(resolved, sources)?;
        }
        let main = resolved.picture.main_source();
        let Some(source) = sources.iter().find(|source| Some(source.key) == main) else {
            return Ok(embedded);
        };
        if embeds(Metadata::Xmp) {
            embedded.xmp = packet(source)?;
        }
        if embeds(Metadata::Paths) {
            embedded.paths = paths(source, layout)?;
        }
        Ok(embedded)
    }

    /// Bytes of all.
    pub fn memory(&self) -> u64 {
        let profile = self.profile.as_ref().map_or(0, ProfileSource::memory);
        let xmp = self.xmp.as_ref().map_or(0, |xmp| xmp.len);
        profile.saturating_add(xmp).saturating_add(self.paths.len() as u64)
    }
}

/// The XMP packet of an image, unchanged.
fn packet(source: &Opened) -> Result<Option<StoredBytes>> {
    let Some(span) = source.index.xmp else { return Ok(None) };
    let (len, most) = (span.len, limits::METADATA_BYTES);
    if len > most {
        let message = format!("xmpEmbed=: a packet of {len} bytes, the limit is {most} bytes");
        return Err(Error::too_large(message));
    }
    Ok(Some(StoredBytes::in_image(source, span)))
}

/// The closed paths of an image, at their places in the reply. A perspective moves their points, and
/// the curves between them follow about.
fn paths(source: &Opened, layout: &Layout) -> Result<Rc<[u8]>> {
    let Some(resources) = source.resources()? else { return Ok(Rc::default()) };
    let reply = layout.transform.reply;
    let sides = [reply.width, reply.height].map(f64::from);
    let by = [-(reply.x as f64) / sides[0], -(reply.y as f64) / sides[1]];
    let to_fractions = Matrix::scale_and_move(sides.map(|side| 1.0 / side), by);
    let image = layout.layer_0()?.image();
    let matrix = to_fractions * layout.transform.frame.matrix() * image;
    let moved = moved_paths(resources, source.index.orientation, &|at| matrix.apply(at));
    Ok(moved.into())
}
