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
    color::Color,
    commands::{self, Place, Reply, Row, Scope, TextContent},
    error::{Error, Result},
    picture::{
        Blend, Clip, Content, Effect, Layer, ObjectId, Placement, Source, Transform, Treatment,
    },
    protocol::{Path, Variables, Wrapper, embedded},
    resolved::Resolved,
};

/// The values of `src=` and `mask=`, by layer and command.
pub struct Contents(BTreeMap<(Option<u32>, &'static str), Named>);

/// The value of one such command.
enum Named {
    /// The key of a stored image, or the URL of a remote one.
    Image(String),
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
                    Named::Image(permitted.map_err(|mut error| {
                        error.message = format!("{name}={}", error.message);
                        error.at(column)
                    })?)
                }
                // `evaluate` has already refused these wrappers by name.
                Some((Wrapper::ImageRendering | Wrapper::Graphics, _)) => continue,
                None if value.is_empty() => continue,
                None => {
                    let ids = object::candidates(value, &object.root);
                    let ids = ids.map_err(|error| error.at(column))?;
                    let key = ids.first().map(ObjectId::asset_key).unwrap_or_default();
                    Named::Image(key)
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

    /// The layers with their contents. Layer 0 always exists; it shows `object` unless a command
    /// gives it other content.
    pub fn layers(
        mut self,
        mut layers: BTreeMap<u32, commands::LayerCommands>,
        object: Option<&ObjectId>,
        reply: Reply,
        attributes: &Attributes,
    ) -> Vec<Layer> {
        layers.entry(0).or_default();
        let source =
            |key| Content::Source(Source { key, anchor: None, resolution: attributes.resolution });
        let layers = layers.into_iter().map(|(number, layer)| {
            let named = self.take(number, "src", &source);
            let own = object.filter(|_| number == 0).map(|object| source(object.asset_key()));
            let mut transform = transform(&layer.attributes);
            if number == 0 {
                transform.scale = view::layer_scale(transform.scale, reply, attributes);
                transform.boxed = view::boxed(reply, &layer.attributes, attributes);
            }
            Layer {
                number,
                hidden: layer.attributes.hidden,
                content: named.or_else(|| content(&layer.attributes)).or(own).unwrap_or_default(),
                mask: self.take(number, "mask", &source),
                mask_use: layer.attributes.appearance.mask_use,
                transform,
                placement: placement(&layer.attributes),
                fill: layer.attributes.appearance.color,
                background: layer.attributes.background,
                treatment: treatment(layer),
            }
        });
        let layers = layers.filter(|layer| layer.number == 0 || !layer.hidden);
        layers.collect()
    }

    fn take(
        &mut self,
        layer: u32,
        command: &'static str,
        source: &dyn Fn(String) -> Content,
    ) -> Option<Content> {
        Some(match self.0.remove(&(Some(layer), command))? {
            Named::Image(key) => source(key),
            Named::Request(nested) => Content::Picture(Box::new(nested.picture)),
        })
    }
}

fn transform(layer: &commands::LayerAttributes) -> Transform {
    Transform {
        crop: layer.source.crop,
        scale: layer.source.scale,
        resolution: layer.source.resolution,
        size: layer.size,
        size_normalized: layer.size_normalized,
        boxed: None,
        rotate: layer.rotate,
        perspective: layer.perspective,
        extend: layer.extend,
    }
}

fn placement(layer: &commands::LayerAttributes) -> Placement {
    Placement {
        anchor: layer.source.anchor,
        origin: layer.origin,
        position: layer.appearance.position,
    }
}

/// The treatment that the commands of a layer or of the composite set.
pub fn treatment(commands: commands::LayerCommands) -> Treatment {
    let commands::LayerCommands { attributes: layer, ops, effects } = commands;
    let clip = |path: Option<Path>, exclude| path.map(|path| Clip { path, exclude });
    let clips = [clip(layer.clip, false), clip(layer.clip_out, true)];
    let effects = effects.into_iter().map(|(number, effect)| Effect {
        number,
        // r-effect: black, unless color= sets another colour.
        color: effect.appearance.color.unwrap_or(Color { rgb: [0; 3], alpha: 255 }),
        mask_use: effect.appearance.mask_use,
        position: effect.appearance.position,
        ops: effect.ops,
        blend: blend(&effect.appearance),
    });
    Treatment {
        ops,
        flip: layer.flip,
        clips: clips.into_iter().flatten().collect(),
        blend: blend(&layer.appearance),
        effects: effects.collect(),
    }
}

fn blend(appearance: &commands::Appearance) -> Blend {
    let commands::Appearance { opacity, fill_opacity, blend: mode, .. } = *appearance;
    Blend { mode, opacity, fill_opacity }
}

/// The content that the commands of a layer without `src=` give it.
fn content(layer: &commands::LayerAttributes) -> Option<Content> {
    match &layer.text.content {
        Some(TextContent::Plain(text) | TextContent::Photoshop(text)) => {
            Some(Content::Text(text.clone()))
        }
        None => layer.appearance.color.map(Content::Solid),
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
        assert!(
            matches!(&outer.layers[0].content, Content::Source(image) if image.key.ends_with("Shop/shoe.tif"))
        );
        let inner = nested(&outer.layers[1]);
        assert_eq!(inner.view.size, [Some(70), None]);
        assert!(matches!(&outer.layers[1].mask, Some(Content::Source(_))));
        assert_eq!(nested(&inner.layers[0]).view.size, [Some(7), None]);
    }
}
