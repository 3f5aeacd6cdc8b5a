//! Makes the reply to a request from its state. Each kind of reply (`req=`) has a file here.
//!
//! A new kind needs a row in the table of `commands/reply.rs`, a file here, and a line in
//! `Printer::of`.

mod banner;
mod catalogprops;
mod error;
mod exists;
pub mod explain;
mod image;
mod imageprops;
mod map;
mod mbrset;
mod message;
mod props;
mod record;
mod resolve;
mod set;
mod shared_layers;
mod state;
pub mod static_content;
mod validate;
mod xlate;
mod xmp;

pub use banner::answer as banner;
pub use error::{disclosed, error};
pub use state::State;

use crate::{
    codec::Codecs,
    commands::Reply,
    error::Result,
    http::HttpReply,
    pyramid::{Index, Span},
    reply::entity_tag,
    resolved::Resolved,
    store::Store,
};

/// The function that makes a kind of reply, by the data that it needs.
enum Printer {
    /// Needs the request, the catalog and the record. No source image is looked up.
    Record(fn(&Resolved, String) -> HttpReply),
    /// Needs the same, and the present time: a property list begins with its date.
    Dated(fn(&Resolved, String, f64) -> HttpReply),
    /// Needs the source image, or the fact that there is none.
    Source(fn(&mut State) -> Result<HttpReply>),
    /// Needs the source images, and the embedded paths that shape the picture.
    Shape(fn(&mut State) -> Result<HttpReply>),
    /// Needs the same, and these parts of the image's file.
    Metadata(fn(&Index) -> Vec<Span>, fn(&mut State) -> Result<HttpReply>),
    /// Needs the pixels.
    Image,
}

impl Printer {
    fn of(resolved: &Resolved) -> Self {
        match resolved.answer.reply {
            Reply::Img | Reply::Tmb | Reply::Mask | Reply::LoadCache => Self::Image,
            Reply::Props => Self::Shape(props::answer),
            Reply::ImageProps => Self::Metadata(imageprops::needs, imageprops::answer),
            Reply::Map if resolved.moves_areas() => Self::Shape(map::answer),
            Reply::Map => Self::Record(map::stored),
            Reply::Xmp => Self::Metadata(xmp::needs, xmp::answer),
            Reply::Exists => Self::Source(exists::answer),
            Reply::CatalogProps => Self::Dated(catalogprops::answer),
            Reply::Xlate => Self::Dated(xlate::answer),
            Reply::UserData | Reply::Targets | Reply::ImageSet => Self::Record(record::answer),
            Reply::Set => Self::Source(set::answer),
            Reply::MbrSet => Self::Record(mbrset::answer),
            Reply::Validate => Self::Dated(validate::answer),
            Reply::Resolve => Self::Record(resolve::answer),
            // `serve::prepare` handles `req=explain` itself, whatever else the request contains.
            Reply::Explain | Reply::Message => Self::Record(message::answer),
        }
    }
}

/// The reply to a request that needs no source image; `None` if it needs one.
pub fn at_once(resolved: &Resolved, now: f64) -> Option<HttpReply> {
    match Printer::of(resolved) {
        Printer::Record(print) => Some(print(resolved, entity_tag(resolved, &[]))),
        Printer::Dated(print) => Some(print(resolved, entity_tag(resolved, &[]), now)),
        Printer::Source(_) | Printer::Shape(_) | Printer::Metadata(..) | Printer::Image => None,
    }
}

/// The reply to any request. Runs the pipeline only as far as the kind of reply needs.
pub async fn answer(state: &mut State<'_>, store: &(impl Store + Codecs)) -> Result<HttpReply> {
    match Printer::of(&state.resolved) {
        Printer::Record(print) => Ok(print(&state.resolved, state.tag.clone())),
        Printer::Dated(print) => {
            Ok(print(&state.resolved, state.tag.clone(), state.request.received_at))
        }
        Printer::Source(print) => print(state),
        Printer::Shape(print) => {
            state.read_paths(store).await?;
            print(state)
        }
        Printer::Metadata(needs, print) => {
            state.read(needs, store).await?;
            print(state)
        }
        Printer::Image => image::answer(state, store).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog::Catalog, commands::takes_request, protocol, resolve};

    #[test]
    fn a_kind_that_reads_no_source_is_answered_at_once() {
        let needs_source = |request: &str| {
            let raw = protocol::read("Shop/shoe", request, takes_request).unwrap();
            let resolved = resolve::resolve(&raw, Catalog::builtin()).unwrap();
            assert_eq!(at_once(&resolved, 0.0).is_none(), resolved.needs_source(), "{request}");
            resolved.needs_source()
        };
        let kinds =
            ["img", "tmb", "mask", "loadcache", "props", "imageprops", "xmp", "exists", "set"];
        assert!(kinds.iter().all(|kind| needs_source(&format!("req={kind}"))));
        let kinds =
            ["catalogprops", "xlate", "userdata", "targets", "imageset", "mbrSet", "validate"];
        assert!(!kinds.iter().any(|kind| needs_source(&format!("req={kind}"))));
        let kinds = ["resolve", "explain", "message", "map"];
        assert!(!kinds.iter().any(|kind| needs_source(&format!("req={kind}"))));
        assert!(needs_source("req=map&wid=9"), "the areas move with the image");
    }
}
