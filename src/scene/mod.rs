//! The resolved request: no names to look up, no variables, no defaults left open.

mod identity;
mod reply_data;

pub use identity::Identity;
pub use reply_data::{Described, ReplyData, Set, Streams};

use crate::{
    catalog::{Record, Thumbnail, ThumbnailType},
    codec::EncodeOptions,
    color::Color,
    commands::{self, Fit, Flip, Manifest, Reads, Reply, ReplyFormat, Source},
    error::{Error, ErrorKind, Result},
    ops::Ops,
    protocol::{Encoding, RemoteRules},
    ratio::Ratio,
    resample::Kernel,
    store::keys::Kind,
};

/// One request, ready to be planned.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The image in the URL's path, under the name it was found by.
    pub object: ObjectId,
    /// The key of its pyramid, which is a URL where it lies on another server; or why there is none.
    pub asset: Result<String>,
    /// Which images of other servers may be asked for, should its own lie there.
    pub remote: RemoteRules,
    /// What is asked for, and how properties are written.
    pub reply: Reply,
    /// See [`Scene::reply`].
    pub format: ReplyFormat,
    /// How XML is encoded.
    pub encoding: Encoding,
    /// Identifier and function name of a JSONP reply.
    pub jsonp: (String, String),
    /// Layer 0, as far as it is drawn.
    pub layer: Layer,
    /// All layers that were named, from the back to the front.
    pub layers: Vec<StackedLayer>,
    /// What is done to them together; its ops are those of the view.
    pub composite: commands::Layer,
    /// What the picture needs that is not drawn yet. There is no picture then, but what is said
    /// of the request and its image can be answered.
    pub undrawn: Option<Error>,
    /// How the composite becomes the view.
    pub view: View,
    /// Changes of layer 0's pixels, in order, before those of the view.
    pub layer_ops: Ops,
    /// Changes of the view's pixels, in order.
    pub ops: Ops,
    /// The list of streams that is asked for in place of an image.
    pub manifest: Option<Manifest>,
    /// How the view is encoded.
    pub output: EncodeOptions,
    /// Pixels per inch of a source that does not say.
    pub resolution: f64,
    /// What a thumbnail of it is.
    pub thumbnail: Thumbnail,
    /// Attributes that the catalog's rules set, in order: names and values.
    pub ruled: Vec<(String, String)>,
    /// Headers that the catalog's rules set: name, value, whether it is added to one that is there.
    pub headers: Vec<(String, String, bool)>,
    /// What the catalog says of the object, and which part of it is meant.
    pub record: Option<(Record, Option<String>)>,
    /// `imageSet=`: a set in place of the record's.
    pub image_set: Option<String>,
    /// `labelkey=`: which user data of the members of a set are their labels.
    pub label_key: Option<String>,
    /// What else was looked up for a non-image reply.
    pub reply_data: ReplyData,
    /// Changes with every catalog and record that was looked for, found or not.
    pub revision: String,
    /// Who may have the reply.
    pub audience: Audience,
    /// Seconds a cache may keep the reply; `None` is for ever, 0 not at all.
    pub expiration: Option<u32>,
    /// `Last-Modified`, in milliseconds since 1970, where the catalog wants it: the newest of its
    /// time stamp, the record's and the image's own.
    pub last_modified: Option<f64>,
    /// The request in canonical form, object first: equal for requests that mean the same.
    pub canonical: String,
    /// The same without what changes no byte of the reply: unknown commands, comments, `id=`.
    pub commands: String,
}

impl Scene {
    /// Fails with what the picture needs that is not drawn yet.
    pub fn drawable(&self) -> Result<()> {
        self.undrawn.clone().map_or(Ok(()), Err)
    }
}

/// Who may have a reply, as far as address filters tell clients apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: no address filter was evaluated.
    Everybody,
    /// All clients that the request's own catalog lets in, which it does before any cache is asked.
    Admitted,
    /// One client: another catalog's filter was evaluated for one of its objects. No shared cache
    /// keeps the reply.
    OneClient,
}

impl Audience {
    /// Of a request whose own catalog has a filter, or one of whose objects' catalogs has.
    pub fn of(own_filter: bool, other_filter: bool) -> Self {
        match (own_filter, other_filter) {
            (_, true) => Self::OneClient,
            (true, false) => Self::Admitted,
            (false, false) => Self::Everybody,
        }
    }

    /// Whether the copy of a client is `Cache-Control: private`.
    pub fn is_private(self) -> bool {
        self != Self::Everybody
    }
}

/// A catalog and an image in it: `Shop/red-shoe`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectId {
    /// The catalog's rootId: the first element of the path.
    pub root: String,
    /// The image's id; it may hold `/`.
    pub id: String,
}

impl ObjectId {
    /// The key of its pyramid in the bucket.
    pub fn asset_key(&self) -> String {
        Kind::Asset.key_of(&self.root, &self.id)
    }
}

/// A layer of the composite: all that was said of it, and where its images come from.
#[derive(Debug, Clone)]
pub struct StackedLayer {
    /// Its number: the higher ones cover the lower ones.
    pub number: u32,
    /// What was said of it.
    pub said: commands::Layer,
    /// `src=`; layer 0 without it shows the object in the URL's path.
    pub image: Option<Picture>,
    /// `mask=`
    pub mask: Option<Picture>,
}

/// Where the image or mask of a layer comes from.
#[derive(Debug, Clone)]
pub enum Picture {
    /// The first of these that exists.
    Object(Vec<ObjectId>),
    /// The result of a request within the request.
    Request(Box<Scene>),
    /// An image on another server, whose URL is permitted.
    Remote(String),
}

/// An image layer: a part of a source, scaled and mirrored.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// What is taken of the source, and at what scale.
    pub source: Source,
    /// The box it is scaled to fit; a missing side is free.
    pub size: [Option<u32>; 2],
    /// Which axes are mirrored.
    pub flip: Flip,
    /// How a thumbnail puts it into the box of `size=`; elsewhere it is as large as its image.
    pub boxed: Option<Boxed>,
}

/// A layer that is as large as the box of `size=`, whatever the shape of its image
/// (r-thumbnail-scaling).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boxed {
    /// What is scaled how.
    pub kind: ThumbnailType,
    /// Where the image lies in the box: −1 left or top, 0 the middle, 1 right or bottom.
    pub align: [Ratio; 2],
}

/// The view: everything `r-view-transform-for-images` considers.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// `wid=` and `hei=`.
    pub size: [Option<u32>; 2],
    /// `dpr=`: how many times larger than asked for the view is, as far as `max_pix` allows.
    pub pixel_ratio: Ratio,
    /// Composite pixels per view pixel.
    pub inverse_scale: Option<Ratio>,
    /// `fit=`, where it is said.
    pub fit: Option<Fit>,
    /// Whether the composite may be enlarged where `fit=` is not said.
    pub upscale: bool,
    /// Where the picture lies in the view, as far as `align=` counts: −1 … 1, 0 the middle.
    pub align: [Ratio; 2],
    /// The region of interest: x, y, width, height in pixels of the composite.
    pub region: Option<[i64; 4]>,
    /// The part of the view that is the reply, and the factor that scales the view.
    pub rect: Option<([i64; 4], Ratio)>,
    /// The largest view where none is asked for; 0 is free.
    pub default_pix: [u32; 2],
    /// The largest reply; 0 is free.
    pub max_pix: [u32; 2],
    /// What shows where there is no image.
    pub background: Color,
    /// The resampling kernel.
    pub kernel: Kernel,
}

impl Scene {
    /// Whether an image must be found to answer. An image map that nothing moves is sent as it is stored.
    pub fn needs_source(&self) -> bool {
        self.reply.kind().reads >= Reads::Source && (self.reply != Reply::Map || self.moves_areas())
    }

    /// The error where its image is not there: it names the object, and the key it was looked for at.
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
        self.record.is_some() || matches!(self.reply_data, ReplyData::Set(_))
    }

    /// Whether neither a record nor a layer but the first could have areas: there are none (J10).
    pub fn has_no_areas(&self) -> bool {
        self.record.is_none() && self.layers.iter().all(|layer| layer.number == 0)
    }

    /// Whether HTML areas are not those of the record, or are seen elsewhere than in the source.
    pub fn moves_areas(&self) -> bool {
        let (layer, view) = (&self.layer, &self.view);
        let all = std::iter::once(&self.composite).chain(self.layers.iter().map(|l| &l.said));
        let mut said = all.map(|layer| &layer.attributes);
        layer.source.crop.is_some()
            || layer.source.scale.is_some()
            || layer.size != [None; 2]
            || layer.flip != Flip::default()
            || view.size != [None; 2]
            || view.inverse_scale.is_some()
            || view.fit.is_some()
            || view.region.is_some()
            || view.rect.is_some()
            || self.layers.iter().any(|layer| layer.number > 0)
            || said.any(|said| said.map.is_some() || said.map_source.is_some())
            || self.undrawn.is_some()
    }
}
