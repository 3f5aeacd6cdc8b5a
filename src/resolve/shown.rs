//! Adds the images that were looked up to the request, with the commands of their records
//! (decisions B8, C1, C2, C16, J8).

use std::rc::Rc;

use super::{
    RequestContext,
    assembly::Assembly,
    images::{ImageName, Names},
    layer_lookups::{Answer, Around},
    layers::{Contents, Image, Shown},
    lookup::{self, Found},
    profiles, source,
};
use crate::{
    catalog::Attributes,
    error::{Error, ErrorKind, Result},
    picture::{ObjectId, Source},
    protocol::embedded,
    ratio::Ratio,
};

/// The images of a request after their look-ups.
pub struct Images {
    /// The object that layer 0 shows.
    pub main: Option<Found>,
    /// The value of layer 0's `src=`, and the object that it names; no object if it names a remote
    /// image.
    pub source: Option<(String, Option<ObjectId>)>,
    /// Whether layer 0 shows a text, a colour or a nested request instead.
    pub is_replaced: bool,
    /// The images of the other layers, and the masks.
    pub contents: Contents,
    /// The images that do not exist.
    pub missing: Vec<Missing>,
}

/// An image that does not exist.
pub struct Missing {
    /// Its layer.
    pub layer: u32,
    /// Whether it is the image of the layer, and not its mask.
    pub is_image: bool,
    /// The error.
    pub error: Error,
}

/// Adds the images to the request. The first answer is the object of the template or of the path,
/// and `places` tells which of the others belongs to each name.
#[inline(never)]
pub fn shown(
    assembly: &mut Assembly,
    names: &Names,
    mut answers: Vec<Answer>,
    places: &[usize],
    Around { context, last, draws, .. }: &Around,
) -> Result<Images> {
    let others = answers.split_off(1);
    let main = answers.pop().and_then(Answer::object);
    let mut images = Images::of(main, names.is_replaced);
    for (name, place) in names.images.iter().zip(places) {
        let found = match others.get(*place) {
            Some(Answer::Object(found)) => found.as_deref(),
            Some(Answer::Request(request)) => {
                assembly.uses_request(name, request);
                let shown = Shown::Request(Rc::clone(&request.resolved));
                images.contents.show(name.layer, name.command, shown);
                continue;
            }
            Some(Answer::Missing(error)) => {
                images.miss(name, error.clone());
                continue;
            }
            None => None,
        };
        if name.layer == 0 && name.command == "src" {
            if let Some(found) = found {
                assembly.shows(found, *last)?;
            }
            images.main = found.cloned();
            let object = embedded(&name.value).is_none();
            let object = object.then(|| lookup::named_object(&name.value, context));
            images.source = Some((name.value.clone(), object));
            continue;
        }
        let attributes = found.map(|found| attributes(found, context));
        let (Some(found), Some(attributes)) = (found, attributes) else {
            images.miss(name, name.missing(&place_of(name, context)));
            continue;
        };
        assembly.uses_image(found, attributes);
        if name.command == "src" {
            assembly.shows_in_layer(found, name, &names.variables)?;
        } else {
            source::modifier(found).map_err(|error| error.at(name.token.column))?;
        }
        match image(found, name.command, attributes) {
            Ok(image) => images.contents.show(name.layer, name.command, Shown::Image(image)),
            Err(place) => images.miss(name, name.missing(&place)),
        }
    }
    if *draws
        && let Some(main) = &images.main
        && let Some(place) = dangling_mask(main)
    {
        let ObjectId { root, id } = &main.object;
        let message = format!("layer=0: {root}/{id}: no such mask ({place})");
        let error = Error::new(ErrorKind::NotFound, message);
        images.missing.push(Missing { layer: 0, is_image: false, error });
    }
    Ok(images)
}

/// The catalog attributes that apply to an object: those of its own catalog (r-image-catalogs).
fn attributes<'a>(found: &'a Found, context: &'a RequestContext) -> &'a Attributes {
    match Rc::ptr_eq(&found.catalog.catalog, &context.catalog) {
        true => &context.attributes,
        false => &found.catalog.catalog.attributes,
    }
}

/// The key at which the pyramid of an object that was not found is expected.
fn place_of(name: &ImageName, context: &RequestContext) -> String {
    match embedded(&name.value) {
        Some(_) => String::new(),
        None => lookup::named_object(&name.value, context).asset_key(),
    }
}

/// Where the `MaskPath` of a record leads, if there is no image.
fn dangling_mask(found: &Found) -> Option<String> {
    let path = found.mask_path().filter(|_| found.mask.is_none())?;
    Some(format!("its MaskPath is {path}"))
}

/// The image of an object, as a layer shows it or as a mask. The error is the place of the image
/// that does not exist.
pub fn image(
    found: &Found,
    command: &str,
    attributes: &Attributes,
) -> std::result::Result<Image, String> {
    let fields = found.record.as_ref().map(|record| &record.fields);
    let resolution = fields.and_then(|fields| fields.resolution).and_then(Ratio::written);
    let resolution = resolution.unwrap_or(attributes.resolution);
    let source = |key: &super::access::Key, anchor| {
        let key = key.as_str().to_owned();
        let assumed = profiles::assumed(attributes, &found.catalog.catalog.icc);
        Source { key, anchor, resolution, assumed, svg: None }
    };
    if let Some(place) = dangling_mask(found) {
        return Err(place);
    }
    let mask = found.mask.as_ref().map(|key| Box::new(source(key, None)));
    if command == "mask"
        && let Some(source) = mask
    {
        return Ok(Image { source: *source, mask: None });
    }
    let Some(key) = &found.asset else {
        let led = found.path_key.as_ref().map(|key| format!("its Path leads to {key}"));
        return Err(led.unwrap_or_else(|| found.expected_key()));
    };
    Ok(Image { source: source(key, fields.and_then(|fields| fields.anchor)), mask })
}

impl Images {
    /// The images of a request whose layers name none.
    pub fn of(main: Option<Found>, is_replaced: bool) -> Self {
        let (source, contents, missing) = (None, Contents::default(), Vec::new());
        Self { main, source, is_replaced, contents, missing }
    }

    /// Whether an image is missing. The default image does not replace an SVG whose file is missing
    /// (J13).
    pub fn are_missing(&self) -> bool {
        let found = self.main.as_ref();
        let there = found.is_some_and(|main| main.asset.is_some() || main.is_svg());
        let unfound = |missing: &Missing| missing.error.kind == ErrorKind::NotFound;
        !there && !self.is_replaced || self.missing.iter().any(unfound)
    }

    /// Shows the default image in place of each missing image of a layer.
    pub fn stand_in(&mut self, found: Found, attributes: &Attributes) {
        if let Ok(image) = image(&found, "src", attributes) {
            let absent = self.missing.extract_if(.., |missing| {
                missing.is_image && missing.error.kind == ErrorKind::NotFound
            });
            for Missing { layer, .. } in absent {
                self.contents.show(layer, "src", Shown::Image(image.clone()));
            }
        }
        let there = |main: &Found| main.asset.is_some() || main.is_svg();
        if !self.is_replaced && !self.main.as_ref().is_some_and(there) {
            self.main = Some(found);
        }
    }

    /// The contents of all layers. `attributes` apply to layer 0.
    pub fn finish(&mut self, attributes: &Attributes) -> Contents {
        let mut contents = std::mem::take(&mut self.contents);
        let own = self.main.as_ref().and_then(|main| image(main, "src", attributes).ok());
        contents.show_own(own);
        self.missing.drain(..).for_each(|missing| contents.miss(missing.error));
        contents
    }

    fn miss(&mut self, name: &ImageName, error: Error) {
        let (layer, is_image) = (name.layer, name.command == "src");
        self.missing.push(Missing { layer, is_image, error });
    }
}
