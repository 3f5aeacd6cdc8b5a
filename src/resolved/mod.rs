//! The resolved request: all names are looked up, all variables substituted, all defaults chosen.

mod color;
mod data;
mod delivery;
mod identity;
mod shown;

pub use color::{ColorManagement, StoredProfile};
pub use data::{Described, ReplyData, Set, Streams};
pub use delivery::{Audience, Delivery};
pub use identity::{EntityHash, Identity};
pub use shown::{Shown, Tag};

use crate::{
    catalog::{Record, Thumbnail},
    codec::{EncodeOptions, Metadata},
    commands::{Flip, Manifest, Reads, Reply, ReplyFormat},
    error::{Error, ErrorKind, Result},
    picture::{Content, Layer, ObjectId, Picture, Transform},
    protocol::{Encoding, RemoteRules},
};

/// A request that is ready to be planned and answered.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The object in the URL's path, under the name it was found by.
    pub object: ObjectId,
    /// The key of its pyramid, which is a URL for a remote image; or the error that explains why
    /// there is none.
    pub asset: Result<String>,
    /// The URLs of the remote images that it shows, and the rules that permit reading each.
    pub remote: Vec<(String, RemoteRules)>,
    /// The picture to render.
    pub picture: Picture,
    /// The error for a feature of the picture that is unsupported. Replies without pixels do not
    /// fail with it.
    pub unsupported: Option<Error>,
    /// The error for the first image of another layer, or mask, that does not exist. Replies without
    /// pixels do not fail with it.
    pub missing_layer: Option<Error>,
    /// How the reply is encoded.
    pub output: EncodeOptions,
    /// The same in other formats that the client accepts. The smallest file is sent.
    pub alternatives: Vec<EncodeOptions>,
    /// The metadata that the reply contains, as far as its format has a place for it.
    pub embeds: Vec<Metadata>,
    /// What of the reply depends on its client.
    pub adaptation: Adaptation,
    /// How its colours are managed.
    pub color: ColorManagement,
    /// The kind and the form of the reply.
    pub answer: Answer,
    /// How the reply is sent and cached.
    pub delivery: Delivery,
    /// The inputs of the reply's entity tag and cache key.
    pub identity: Identity,
}

/// What of a reply depends on its client (Smart Imaging).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adaptation {
    /// The format: a smaller one than requested may be sent (r-bfc).
    pub format: bool,
    /// The size, by the client's screen (r-dpr).
    pub pixel_ratio: bool,
    /// The quality, by the client's connection (r-network).
    pub network: bool,
}

/// The kind and the form of the reply.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `req=`
    pub reply: Reply,
    /// The second argument of `req=`: the format of a non-image reply.
    pub format: ReplyFormat,
    /// The character encoding of XML.
    pub encoding: Encoding,
    /// The call of a JSONP reply.
    pub jsonp: Jsonp,
    /// The list of streams that is requested in place of an image.
    pub manifest: Option<Manifest>,
    /// The record of the object.
    pub record: Option<RequestedRecord>,
    /// `imageSet=`: a set that replaces the record's.
    pub image_set: Option<String>,
    /// `labelkey=`: the user-data key whose values label the members of a set.
    pub label_key: Option<String>,
    /// The data that was looked up for this kind of reply.
    pub data: ReplyData,
    /// The HTML areas of the request.
    pub maps: Maps,
    /// Pixels per inch of a source that has no resolution.
    pub resolution: f64,
    /// The catalog's rules for thumbnails of it.
    pub thumbnail: Thumbnail,
    /// The request in canonical form, object first: equal for requests with the same meaning.
    pub canonical: String,
}

/// The call of a JSONP reply.
#[derive(Debug, Clone, Default)]
pub struct Jsonp {
    /// `id=`: an identifier, which is passed to the function.
    pub id: String,
    /// `handler=`: the name of the function.
    pub handler: String,
}

/// The record of an object, and which part of the object is requested.
#[derive(Debug, Clone)]
pub struct RequestedRecord {
    /// The record.
    pub record: Record,
    /// The name of the smart crop or swatch that is requested; `None` for the whole image.
    pub part: Option<String>,
}

/// The HTML areas (image maps) that the commands of a request set.
#[derive(Debug, Clone, Default)]
pub struct Maps {
    /// `map=` of layer 0, in coordinates of the layer.
    pub layer: Option<String>,
    /// `mapA=`, in coordinates of the source.
    pub source: Option<String>,
    /// `map=` of the composite, in its coordinates.
    pub composite: Option<String>,
}

impl Answer {
    /// The record of the object, without the requested part.
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref().map(|requested| &requested.record)
    }
}

impl Resolved {
    /// Whether the reply depends on the paths that Photoshop saved in an image.
    pub fn uses_paths(&self, key: &str) -> bool {
        let embeds = self.embeds.contains(&Metadata::Paths)
            && self.output.format.stores(Metadata::Paths)
            && self.picture.main_source() == Some(key);
        embeds || self.picture.embedded_paths().iter().any(|(of, _)| *of == key)
    }

    /// Fails if the picture needs an unsupported feature, or an image of another layer that does not
    /// exist.
    pub fn drawable(&self) -> Result<()> {
        self.unsupported.as_ref().or(self.missing_layer.as_ref()).cloned().map_or(Ok(()), Err)
    }

    /// The error for an image that the picture lacks: that of layer 0, or of another layer.
    pub fn missing_image(&self) -> Option<Error> {
        let first = self.picture.layers.first();
        let empty = first.is_some_and(|first| first.content == Content::Empty);
        (empty && self.asset.is_err())
            .then(|| self.missing())
            .or_else(|| self.missing_layer.clone())
    }

    /// Whether the reply needs the source image. An image map whose areas do not move needs none.
    pub fn needs_source(&self) -> bool {
        let reply = self.answer.reply;
        reply.kind().reads >= Reads::Source && (reply != Reply::Map || self.moves_areas())
    }

    /// The error for a missing image. It names the object and the key of its pyramid.
    pub fn missing(&self) -> Error {
        let ObjectId { root, id } = &self.object;
        let missing = |key: &String| {
            let message = format!("{root}/{id}: no such image ({key})");
            Error::new(ErrorKind::NotFound, message)
        };
        self.asset.as_ref().map_or_else(Error::clone, missing)
    }

    /// Whether there is data to print without an image: a record or a set.
    pub fn is_described(&self) -> bool {
        self.answer.record.is_some() || matches!(self.answer.data, ReplyData::Set(_))
    }

    /// Whether there cannot be any HTML areas: no record and no layer above layer 0 (J10).
    pub fn has_no_areas(&self) -> bool {
        self.answer.record.is_none() && !self.picture.has_upper_layers()
    }

    /// Whether the HTML areas differ from the record's, or have to be transformed from the
    /// coordinates of the source.
    pub fn moves_areas(&self) -> bool {
        let (
            Picture { layers, composite, crop_paths, view, .. },
            Maps { layer, source, composite: of_composite },
        ) = (&self.picture, &self.answer.maps);
        let flip = |first: &Layer| first.treatment.flip.and(composite.flip) != Flip::default();
        layers.first().is_some_and(|first| first.transform != Transform::default() || flip(first))
            || !crop_paths.is_empty()
            || view.size != [None; 2]
            || view.inverse_scale.is_some()
            || view.fit.is_some()
            || view.region.is_some()
            || view.rect.is_some()
            || self.picture.has_upper_layers()
            || [layer, source, of_composite].into_iter().any(Option::is_some)
            || self.unsupported.is_some()
    }
}
