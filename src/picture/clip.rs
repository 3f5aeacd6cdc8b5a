//! Clip paths, and the paths that Photoshop saved in the images of a picture.

use super::{Content, Layer, Picture};
use crate::protocol::Path;

/// A path that clips a layer or the composite.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clip {
    /// The path.
    pub path: ClipPath,
    /// Whether the part inside the path is transparent instead of the part outside.
    pub exclude: bool,
}

/// Where a clip path comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ClipPath {
    /// The request gives it, in pixels of the layer or the composite.
    Given(Path),
    /// It has this name in the file of the layer's image; for the composite, of layer 0's image.
    Embedded(String),
}

impl Picture {
    /// The embedded paths that the picture uses, those of nested requests too: for each, the key of
    /// the image and the name. A layer that shows no image has none.
    pub fn embedded_paths(&self) -> Vec<(&str, &str)> {
        let mut paths = Vec::new();
        self.add_embedded_paths(&mut paths);
        paths
    }

    fn add_embedded_paths<'a>(&'a self, paths: &mut Vec<(&'a str, &'a str)>) {
        let of_composite = self.layers.first().map(|layer| {
            let clips = &self.composite.clips;
            (layer, &self.crop_paths, clips)
        });
        let of_layers = self.layers.iter().map(|layer| {
            let Layer { transform, treatment, .. } = layer;
            (layer, &transform.crop_paths, &treatment.clips)
        });
        for (layer, crops, clips) in of_composite.into_iter().chain(of_layers) {
            let Content::Source(source) = &layer.content else { continue };
            let clips = clips.iter().filter_map(|clip| match &clip.path {
                ClipPath::Given(_) => None,
                ClipPath::Embedded(name) => Some(name),
            });
            paths
                .extend(crops.iter().chain(clips).map(|name| (source.key.as_str(), name.as_str())));
        }
        for content in self.contents() {
            content.pictures().for_each(|picture| picture.add_embedded_paths(paths));
        }
    }
}
