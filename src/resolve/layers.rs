//! Resolves the contents and masks of layers: object names, nested requests, remote images.

use std::collections::BTreeMap;

use super::{
    Given,
    canonical::Spelling,
    merge::Merged,
    nested::{self, Nesting},
    object, resolved, view,
};
use crate::{
    catalog::{Attributes, Catalog},
    commands::{self, Place, Reply, Row, Scope, TextContent},
    error::{Error, Result},
    picture::{Content, Layer, ObjectId, Transform, Treatment},
    protocol::{Variables, Wrapper, embedded},
    resolved::Resolved,
};

/// The values of `src=` and `mask=`, by layer and command.
pub struct Contents(BTreeMap<(Option<u32>, &'static str), Named>);

/// The value of one such command.
enum Named {
    /// An object or a remote image.
    Image(Content),
    /// A nested request.
    Request(Box<Resolved>),
}

impl Contents {
    /// Resolves each value. Nested requests inherit `variables` (C15). `object` is that of the
    /// enclosing request's path.
    pub fn read(
        merged: &Merged,
        object: &ObjectId,
        catalog: &Catalog,
        variables: &Variables,
        nesting: &mut Nesting,
    ) -> Result<Self> {
        let mut contents = BTreeMap::new();
        for ((place, _), binding) in &merged.bindings {
            let name = binding.entry.row.name();
            let (Place::In(scope), "src" | "mask", Row::Command(_)) =
                (place, name, binding.entry.row)
            else {
                continue;
            };
            let column = binding.token.column;
            let value = binding.value.trim();
            let named = match embedded(value) {
                Some((Wrapper::ImageServing, text)) => {
                    let within = |error| nested::outside(error, name, text, binding.token);
                    nesting.enter().map_err(|error| error.at(column))?;
                    let raw = nested::read(text, variables, catalog).map_err(within)?;
                    let given = Given::by(catalog);
                    let resolved = resolved(raw, (catalog, &given), variables.clone(), nesting);
                    let resolved = resolved.map_err(within)?;
                    nesting.leave();
                    Named::Request(Box::new(resolved))
                }
                Some((Wrapper::Bare, url)) => {
                    let permitted = catalog.attributes.remote.permit(url.trim());
                    Named::Image(Content::Remote(permitted.map_err(|mut error| {
                        error.message = format!("{name}={}", error.message);
                        error.at(column)
                    })?))
                }
                // `evaluate` has already refused these wrappers by name.
                Some((Wrapper::ImageRendering | Wrapper::Graphics, _)) => continue,
                None if value.is_empty() => continue,
                None => {
                    let ids = object::candidates(value, &object.root);
                    Named::Image(Content::Objects(ids.map_err(|error| error.at(column))?))
                }
            };
            contents.insert((scope.layer, name), named);
        }
        Ok(Self(contents))
    }

    /// The canonical text of a nested request; empty if the command has none.
    pub fn canonical(&self, place: Place, name: &str, spelling: Spelling) -> &str {
        let Place::In(Scope { layer, .. }) = place else { return "" };
        let found = self.0.iter().find(|((of, key), _)| *of == layer && *key == name);
        match found {
            Some((_, Named::Request(nested))) => match spelling {
                Spelling::Whole => &nested.answer.canonical,
                Spelling::Key => &nested.identity.commands,
            },
            Some((_, Named::Image(_))) | None => "",
        }
    }

    /// The first unsupported feature in a nested request.
    pub fn unsupported(&self) -> Option<Error> {
        self.0.values().find_map(|named| match named {
            Named::Request(nested) => nested.unsupported.clone(),
            Named::Image(_) => None,
        })
    }

    /// The layers with their contents. Layer 0 always exists.
    pub fn layers(
        mut self,
        mut layers: BTreeMap<u32, commands::LayerCommands>,
        reply: Reply,
        attributes: &Attributes,
    ) -> Vec<Layer> {
        layers.entry(0).or_default();
        let layers = layers.into_iter().map(|(number, layer)| {
            let named = self.take(number, "src");
            let commands::LayerCommands { attributes: layer, ops, .. } = layer;
            let (mut transform, flip) = (transform(&layer), layer.flip);
            if number == 0 {
                transform.scale = view::layer_scale(transform.scale, reply, attributes);
                transform.boxed = view::boxed(reply, &layer, attributes);
            }
            Layer {
                number,
                content: named.unwrap_or_else(|| content(layer)),
                mask: self.take(number, "mask"),
                transform,
                treatment: Treatment { ops, flip },
            }
        });
        layers.collect()
    }

    fn take(&mut self, layer: u32, command: &'static str) -> Option<Content> {
        Some(match self.0.remove(&(Some(layer), command))? {
            Named::Image(content) => content,
            Named::Request(nested) => Content::Picture(Box::new(nested.picture)),
        })
    }
}

fn transform(layer: &commands::LayerAttributes) -> Transform {
    Transform { crop: layer.source.crop, scale: layer.source.scale, size: layer.size, boxed: None }
}

/// The content of a layer without `src=`.
fn content(layer: commands::LayerAttributes) -> Content {
    match (layer.text.content, layer.appearance.color) {
        (Some(TextContent::Plain(text) | TextContent::Photoshop(text)), _) => Content::Text(text),
        (None, Some(_)) => Content::Solid,
        (None, None) => Content::Image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commands::takes_request, picture::Picture, protocol::read, resolve::resolve};

    fn picture(query: &str) -> Picture {
        let raw = read("Shop/shoe", query, takes_request).unwrap();
        resolve(&raw, Catalog::builtin()).unwrap().picture
    }

    #[test]
    fn requests_that_mean_the_same_have_equal_pictures() {
        let one = picture("wid=200&op_usm=1,2&crop=0,0,9,9&flip=lr");
        assert_eq!(one, picture("flip=lr&crop=1,1,2,2&op_usm=1,2,0&crop=0,0,9,9&id=7&wid=200"));
        for other in ["op_usm=1,2.5", "crop=0,0,9,8", "flip=ud", "wid=201", "layer=1&src=Shop/b"] {
            let other = format!("wid=200&op_usm=1,2&crop=0,0,9,9&flip=lr&{other}");
            assert_ne!(one, picture(&other), "{other}");
        }
    }

    #[test]
    fn a_nested_request_is_a_picture_of_the_picture() {
        let nested = |layer: &Layer| {
            let Content::Picture(picture) = &layer.content else { panic!("{layer:?}") };
            picture.as_ref().clone()
        };
        let outer = picture("layer=1&src=is{Shop/b?wid=70&src=is{Shop/c?wid=7}}&mask=Shop/d");
        assert_eq!(outer.layers[0].content, Content::Image);
        let inner = nested(&outer.layers[1]);
        assert_eq!(inner.view.size, [Some(70), None]);
        assert!(matches!(&outer.layers[1].mask, Some(Content::Objects(ids)) if ids.len() == 2));
        assert_eq!(nested(&inner.layers[0]).view.size, [Some(7), None]);
    }
}
