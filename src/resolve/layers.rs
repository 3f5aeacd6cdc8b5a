//! The contents and masks of layers: object names, nested requests, remote images.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    Given,
    canonical::Spelling,
    merge::Merged,
    nested::{self, Nesting},
    object, profiles, resolved,
    texts::Texts,
    view,
};
use crate::{
    catalog::{Attributes, Catalog},
    color::{Color, icc::SRGB},
    commands::{self, Place, Reply, Row, Scope},
    error::{Error, Result},
    picture::{
        Blend, Clip, ClipPath, Content, Effect, Layer, Mask, ObjectId, Placement, ProfileName,
        Source, SvgInputs, Transform, Treatment,
    },
    protocol::{Variables, Wrapper, embedded},
    resolved::Resolved,
    store::keys::Kind,
};

/// The images that layers show and the images that mask them.
#[derive(Debug, Default)]
pub struct Contents {
    /// The values of `src=` and `mask=`, by layer and command.
    named: BTreeMap<(u32, &'static str), Shown>,
    /// The image that layer 0 shows if no command gives it other content.
    own: Option<Image>,
    /// The error for the first image that does not exist.
    missing: Option<Error>,
}

/// An image, and the mask that its record gives it.
#[derive(Debug, Clone)]
pub struct Image {
    /// The image.
    pub source: Source,
    /// `catalog::MaskPath`
    pub mask: Option<Box<Source>>,
}

/// The value of `src=` or `mask=`.
#[derive(Debug)]
pub enum Shown {
    /// A stored or remote image.
    Image(Image),
    /// A nested request.
    Request(Rc<Resolved>),
}

impl Contents {
    /// Sets the image that layer 0 shows if no command gives it other content.
    pub fn show_own(&mut self, image: Option<Image>) {
        self.own = image;
    }

    /// Sets what `src=` or `mask=` of a layer shows.
    pub fn show(&mut self, layer: u32, command: &'static str, shown: Shown) {
        self.named.insert((layer, command), shown);
    }

    /// Records that an image does not exist. The first error counts.
    pub fn miss(&mut self, error: Error) {
        self.missing.get_or_insert(error);
    }

    /// The error for the first image that does not exist.
    pub fn missing(&self) -> Option<Error> {
        self.missing.clone()
    }

    /// Resolves each value without a look-up: the first object that a name can denote is taken.
    /// Nested requests inherit `variables` (C15). `object` is that of the enclosing request's path.
    pub fn read(
        merged: &Merged,
        object: &ObjectId,
        (catalog, attributes): (&Catalog, &Attributes),
        variables: &Variables,
        nesting: &Nesting,
    ) -> Result<Self> {
        let assumed = profiles::assumed(attributes, &catalog.icc);
        let image = |key| {
            let resolution = attributes.resolution;
            let assumed = assumed.clone();
            let source = Source { key, anchor: None, resolution, assumed, svg: None };
            Image { source, mask: None }
        };
        let own = Some(object).filter(|object| !object.id.is_empty());
        let own = own.map(|object| image(object.asset_key()));
        let mut contents = Self { own, ..Self::default() };
        for ((place, _), binding) in &merged.bindings {
            let name = binding.entry.row.name();
            let (Place::In(scope), "src" | "mask", Row::Command(_)) =
                (place, name, binding.entry.row)
            else {
                continue;
            };
            let column = binding.token.column;
            let value = binding.value.trim();
            let shown = match embedded(value) {
                Some((Wrapper::ImageServing, text)) => {
                    let within = |error| nested::outside(error, name, text, binding.token);
                    let nesting = nesting.enter(false).map_err(|error| error.at(column))?;
                    let raw = nested::read(text, variables, catalog).map_err(within)?;
                    let given = Given::by(catalog);
                    let request = (raw, None);
                    let resolved =
                        resolved(request, (catalog, &given), variables.clone(), &nesting);
                    Shown::Request(Rc::new(resolved.map_err(within)?))
                }
                Some((Wrapper::Bare, url)) => {
                    let permitted = catalog.attributes.remote.permit(url.trim());
                    Shown::Image(image(permitted.map_err(|mut error| {
                        error.message = format!("{name}={}", error.message);
                        error.at(column)
                    })?))
                }
                // `evaluate` has already refused these wrappers by name.
                Some((Wrapper::ImageRendering | Wrapper::Graphics, _)) => continue,
                None if value.is_empty() => continue,
                None => {
                    let ids = object::candidates(value, &object.root);
                    let ids = ids.map_err(|error| error.at(column))?;
                    let key = ids.first().map(ObjectId::asset_key).unwrap_or_default();
                    Shown::Image(image(key))
                }
            };
            contents.show(scope.layer.unwrap_or(0), name, shown);
        }
        Ok(contents)
    }

    /// The canonical text of a nested request; `None` if the command has none, or if it belongs to
    /// a hidden layer.
    pub fn canonical(&self, place: Place, name: &str, spelling: Spelling) -> Option<&str> {
        let Place::In(Scope { layer, .. }) = place else { return None };
        let layer = layer.unwrap_or(0);
        let found = self.named.iter().find(|((of, key), _)| *of == layer && *key == name);
        match found {
            Some((_, Shown::Request(nested))) => Some(match spelling {
                Spelling::Whole => &nested.answer.canonical,
                Spelling::Key => &nested.identity.commands,
            }),
            Some((_, Shown::Image(_))) | None => None,
        }
    }

    /// Counts the layers of the nested requests that it shows.
    pub fn count_layers(&self, nesting: &Nesting) -> Result<()> {
        self.named.values().try_for_each(|shown| match shown {
            Shown::Request(nested) => nesting.count_layers(&nested.picture),
            Shown::Image(_) => Ok(()),
        })
    }

    /// The first unsupported feature in a nested request.
    pub fn unsupported(&self) -> Option<Error> {
        self.named.values().find_map(|shown| match shown {
            Shown::Request(nested) => nested.unsupported.clone(),
            Shown::Image(_) => None,
        })
    }

    /// The layers with their contents. Layer 0 always exists. It shows its own image unless `src=`
    /// or a text gives it other content; a colour then fills its transparent parts.
    pub fn layers(
        mut self,
        mut layers: BTreeMap<u32, commands::LayerCommands>,
        mut texts: Texts,
        reply: Reply,
        attributes: &Attributes,
        inputs: &dyn Fn() -> SvgInputs,
    ) -> Vec<Layer> {
        layers.entry(0).or_default();
        let mut own = self.own.take();
        let content = |shown| content(shown, inputs);
        let layers = layers.into_iter().map(|(number, layer)| {
            let mut transform = transform(&layer.attributes);
            let mut named = self.named.remove(&(number, "src"));
            let text = texts.remove(&number).map(|text| Content::Text(Box::new(text)));
            if number == 0 {
                transform.scale = view::layer_scale(transform.scale, reply, attributes);
                transform.boxed = view::boxed(reply, &layer.attributes, attributes);
                let own = own.take().filter(|_| text.is_none());
                named = named.or(own.map(Shown::Image));
            }
            let (named, masked) = named.map(content).unzip();
            let solid = layer.attributes.appearance.color.map(Content::Solid);
            let mask = self.named.remove(&(number, "mask")).map(|shown| content(shown).0);
            let mask = mask.map(|content| Mask { content, yields: false });
            let of_record = masked.flatten().map(|content| Mask { content, yields: true });
            Layer {
                number,
                hidden: layer.attributes.hidden,
                content: named.or(text).or(solid).unwrap_or_default(),
                mask: mask.or(of_record),
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
}

/// The content that shows an image or a nested request, and the mask that a record gives it.
fn content(shown: Shown, inputs: &dyn Fn() -> SvgInputs) -> (Content, Option<Content>) {
    let image = |source| Content::Source(drawing(source, inputs));
    match shown {
        Shown::Image(Image { source, mask }) => (image(source), mask.map(|mask| image(*mask))),
        Shown::Request(nested) => (Content::Picture(Box::new(nested.picture.clone())), None),
    }
}

/// The image with the variables and fonts of its request, if it is an SVG. Its colours are sRGB
/// (r-svg-support).
fn drawing(source: Source, inputs: &dyn Fn() -> SvgInputs) -> Source {
    if !Kind::Svg.holds(&source.key) {
        return source;
    }
    let svg = Some(Box::new(inputs()));
    let assumed = Rc::new([const { Some(ProfileName::BuiltIn(&SRGB)) }; 3]);
    Source { svg, assumed, ..source }
}

fn transform(layer: &commands::LayerAttributes) -> Transform {
    Transform {
        crop: layer.source.crop,
        crop_paths: layer.crop_embedded.clone(),
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
    let clips =
        [(layer.clip, layer.clip_embedded, false), (layer.clip_out, layer.clip_out_embedded, true)];
    let clips = clips.into_iter().flat_map(|(given, embedded, exclude)| {
        let paths = given.into_iter().map(ClipPath::Given);
        let paths = paths.chain(embedded.into_iter().map(ClipPath::Embedded));
        paths.map(move |path| Clip { path, exclude })
    });
    let effects = effects.into_iter().map(|(number, effect)| Effect {
        number,
        // E10
        color: effect.appearance.color.unwrap_or(Color::BLACK),
        mask_use: effect.appearance.mask_use,
        position: effect.appearance.position,
        ops: effect.ops,
        blend: blend(&effect.appearance),
    });
    Treatment {
        ops,
        flip: layer.flip,
        clips: clips.collect(),
        blend: blend(&layer.appearance),
        effects: effects.collect(),
    }
}

fn blend(appearance: &commands::Appearance) -> Blend {
    let commands::Appearance { opacity, fill_opacity, blend: mode, .. } = *appearance;
    Blend { mode, opacity, fill_opacity }
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
        let mask = outer.layers[1].mask.as_ref().unwrap();
        assert!(matches!(mask.content, Content::Source(_)) && !mask.yields);
        assert_eq!(nested(&inner.layers[0]).view.size, [Some(7), None]);
    }
}
