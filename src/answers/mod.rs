//! The answers: a file for each kind of reply, and the way from the state of a request to it.
//!
//! A kind is a row of the table in `commands/reply.rs`, a file here, and a line in `Answer::of`.

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
    scene::Scene,
    store::Store,
};

/// What a kind of reply is made from.
enum Answer {
    /// The scene: no source image is looked for.
    Scene(fn(&Scene, String, f64) -> HttpReply),
    /// The source image, or the fact that there is none.
    Source(fn(&mut State) -> Result<HttpReply>),
    /// The same, after these parts of the image's file are read.
    Metadata(fn(&Index) -> Vec<Span>, fn(&mut State) -> Result<HttpReply>),
    /// The pixels.
    Image,
}

impl Answer {
    fn of(scene: &Scene) -> Self {
        match scene.reply {
            Reply::Img | Reply::Tmb | Reply::Mask | Reply::LoadCache => Self::Image,
            Reply::Props => Self::Source(props::answer),
            Reply::ImageProps => Self::Metadata(imageprops::needs, imageprops::answer),
            Reply::Map if scene.moves_areas() => Self::Source(map::answer),
            Reply::Map => Self::Scene(map::stored),
            Reply::Xmp => Self::Metadata(xmp::needs, xmp::answer),
            Reply::Exists => Self::Source(exists::answer),
            Reply::CatalogProps => Self::Scene(catalogprops::answer),
            Reply::Xlate => Self::Scene(xlate::answer),
            Reply::UserData | Reply::Targets | Reply::ImageSet => Self::Scene(record::answer),
            Reply::Set => Self::Source(set::answer),
            Reply::MbrSet => Self::Scene(mbrset::answer),
            Reply::Validate => Self::Scene(validate::answer),
            Reply::Resolve => Self::Scene(resolve::answer),
            // req=explain is answered in its own room, whatever else the request says.
            Reply::Explain | Reply::Message => Self::Scene(message::answer),
        }
    }
}

/// The reply to a request that needs no source image; `None` where it needs one.
pub fn at_once(scene: &Scene, now: f64) -> Option<HttpReply> {
    match Answer::of(scene) {
        Answer::Scene(print) => Some(print(scene, entity_tag(scene, None), now)),
        Answer::Source(_) | Answer::Metadata(..) | Answer::Image => None,
    }
}

/// The reply to any request. It goes as far along the pipeline as its kind needs.
pub async fn answer(state: &mut State<'_>, store: &(impl Store + Codecs)) -> Result<HttpReply> {
    match Answer::of(&state.scene) {
        Answer::Scene(print) => {
            Ok(print(&state.scene, state.tag.clone(), state.request.received_at))
        }
        Answer::Source(print) => print(state),
        Answer::Metadata(needs, print) => {
            state.read(needs, store).await?;
            print(state)
        }
        Answer::Image => image::answer(state, store).await,
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
            let scene = resolve::resolve(&raw, Catalog::builtin()).unwrap();
            assert_eq!(at_once(&scene, 0.0).is_none(), scene.needs_source(), "{request}");
            scene.needs_source()
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
