//! The resolved request: no name is left to look up, no variable to replace, no default to choose.

mod data;
mod delivery;
mod identity;

pub use data::{Described, ReplyData, Set, Streams};
pub use delivery::{Audience, Delivery};
pub use identity::{EntityHash, Identity};

use crate::{
    catalog::{Record, Thumbnail},
    codec::EncodeOptions,
    commands::{Flip, Manifest, Reads, Reply, ReplyFormat},
    error::{Error, ErrorKind, Result},
    picture::{Layer, ObjectId, Picture, Transform},
    protocol::{Encoding, RemoteRules},
};

/// One request, ready to be planned and answered.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The image in the URL's path, under the name it was found by.
    pub object: ObjectId,
    /// The key of its pyramid, which is a URL for a remote image; or why there is none.
    pub asset: Result<String>,
    /// Which remote images may be read, if its own is one.
    pub remote: RemoteRules,
    /// What is drawn.
    pub picture: Picture,
    /// What the picture needs that is not supported yet. Replies without pixels are still given.
    pub unsupported: Option<Error>,
    /// How the view is encoded.
    pub output: EncodeOptions,
    /// What is answered, in which form.
    pub answer: Answer,
    /// How the reply is sent and cached.
    pub delivery: Delivery,
    /// What makes the reply differ from others.
    pub identity: Identity,
}

/// What is answered, in which form.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `req=`
    pub reply: Reply,
    /// The second argument of `req=`: how properties are written.
    pub format: ReplyFormat,
    /// How XML is encoded.
    pub encoding: Encoding,
    /// Identifier and function name of a JSONP reply.
    pub jsonp: (String, String),
    /// The list of streams that is asked for in place of an image.
    pub manifest: Option<Manifest>,
    /// The catalog's record of the object, and the part of it that is meant.
    pub record: Option<(Record, Option<String>)>,
    /// `imageSet=`: a set in place of the record's.
    pub image_set: Option<String>,
    /// `labelkey=`: which user data of the members of a set are their labels.
    pub label_key: Option<String>,
    /// What was looked up for this kind of reply.
    pub data: ReplyData,
    /// The HTML areas of the request.
    pub maps: Maps,
    /// Pixels per inch of a source that has no resolution.
    pub resolution: f64,
    /// The catalog's rules for thumbnails of it.
    pub thumbnail: Thumbnail,
    /// The request in canonical form, object first: equal for requests that mean the same.
    pub canonical: String,
}

/// HTML areas, as the commands of a request set them.
#[derive(Debug, Clone, Default)]
pub struct Maps {
    /// `map=` of layer 0, in coordinates of the layer.
    pub layer: Option<String>,
    /// `mapA=`, in coordinates of the source.
    pub source: Option<String>,
    /// `map=` of the composite, in its coordinates.
    pub composite: Option<String>,
}

impl Resolved {
    /// Fails with what the picture needs that is not supported yet.
    pub fn drawable(&self) -> Result<()> {
        self.unsupported.clone().map_or(Ok(()), Err)
    }

    /// Whether an image must be found to answer. An image map that nothing moves is only printed.
    pub fn needs_source(&self) -> bool {
        let reply = self.answer.reply;
        reply.kind().reads >= Reads::Source && (reply != Reply::Map || self.moves_areas())
    }

    /// The error where its image is missing: it names the object, and the key of its pyramid.
    pub fn missing(&self) -> Error {
        let ObjectId { root, id } = &self.object;
        let missing = |key: &String| {
            let message = format!("{root}/{id}: no such image ({key})");
            Error::new(ErrorKind::NotFound, message)
        };
        self.asset.as_ref().map_or_else(Error::clone, missing)
    }

    /// Whether a set is known of it, or an item at least, without a picture.
    pub fn is_described(&self) -> bool {
        self.answer.record.is_some() || matches!(self.answer.data, ReplyData::Set(_))
    }

    /// Whether neither a record nor a layer but the first could have areas: there are none (J10).
    pub fn has_no_areas(&self) -> bool {
        self.answer.record.is_none() && !self.picture.has_upper_layers()
    }

    /// Whether HTML areas are not those of the record, or are seen elsewhere than in the source.
    pub fn moves_areas(&self) -> bool {
        let (Picture { layers, composite, view }, Maps { layer, source, composite: behind }) =
            (&self.picture, &self.answer.maps);
        let flip = |first: &Layer| first.treatment.flip.and(composite.flip) != Flip::default();
        layers.first().is_some_and(|first| first.transform != Transform::default() || flip(first))
            || view.size != [None; 2]
            || view.inverse_scale.is_some()
            || view.fit.is_some()
            || view.region.is_some()
            || view.rect.is_some()
            || self.picture.has_upper_layers()
            || [layer, source, behind].into_iter().any(Option::is_some)
            || self.unsupported.is_some()
    }
}
