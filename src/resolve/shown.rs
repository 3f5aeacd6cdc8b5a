//! Looks up the images of all layers in one batch, and adds the commands of their records to the
//! request (decisions B8, C1, C2, C16, J8).

use std::rc::Rc;

use super::{
    Lookups, RequestContext,
    assembly::Assembly,
    context::Enclosing,
    images::{ImageName, Names},
    layers::{Contents, Image, Shown},
    lookup::{self, Found},
    nested, source,
    within::{NestedRequest, Surroundings, within},
};
use crate::{
    catalog::Attributes,
    error::{Error, ErrorKind, Result},
    picture::{ObjectId, Source},
    protocol::{RemoteRules, Variables, Wrapper, embedded},
    ratio::Ratio,
    store::Together,
    time_slice::Work,
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

/// The result of one look-up.
#[derive(Clone)]
enum Answer {
    /// An object or a remote image; `None` if it does not exist or is refused.
    Object(Option<Box<Found>>),
    /// A nested request.
    Request(Rc<NestedRequest>),
    /// A nested request without its image.
    Missing(Error),
}

/// What every look-up of a request needs.
pub struct Around<'a> {
    /// The context of the request.
    pub context: &'a RequestContext,
    /// Its locale and its kind of reply.
    pub enclosing: Enclosing,
    /// Whether the reply needs the images of all layers, and not only that of layer 0.
    pub draws: bool,
    /// The number of the text that follows the request's own commands.
    pub last: Option<u16>,
}

/// Looks up the images of all layers. `main` is the object of the template or of the path.
pub fn look_up<'a>(
    assembly: &'a mut Assembly,
    main: Option<Found>,
    around: &'a Around<'a>,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<Images>> {
    Box::pin(async move {
        let Around { context, draws, .. } = *around;
        let names = Names::find(assembly, context, draws)?;
        let masked = draws && main.as_ref().is_some_and(|main| main.mask_path().is_some());
        if names.images.is_empty() && !masked {
            return Ok(Images::of(main, names.is_replaced));
        }
        let remote = &assembly.attributes.remote;
        let (distinct, places) = distinct(&names.images, context)?;
        let lookup = |name: &&ImageName| answer(name, &names.variables, remote, around, lookups);
        let all: Result<Vec<_>> = distinct.iter().map(lookup).collect();
        let own: Work<'_, Result<Answer>> = Box::pin(async move {
            Ok(Answer::Object(match main {
                Some(main) if masked => {
                    Some(Box::new(lookup::with_mask(context, main, lookups).await?))
                }
                main => main.map(Box::new),
            }))
        });
        let mut found = Together::new(std::iter::once(own).chain(all?));
        let mut answers = Vec::new();
        while let Some(answer) = found.next().await? {
            answers.push(answer);
        }
        drop(found);
        shown(assembly, &names, answers, &places, around)
    })
}

/// The names that differ, and for each name the index of the one that it equals. A repeated name
/// is looked up once.
#[inline(never)]
fn distinct<'a>(
    names: &'a [ImageName],
    context: &RequestContext,
) -> Result<(Vec<&'a ImageName>, Vec<usize>)> {
    let mut distinct: Vec<&ImageName> = Vec::new();
    let mut places = Vec::new();
    for name in names {
        let same = |known: &&ImageName| {
            (known.command, &known.value, known.by) == (name.command, &name.value, name.by)
        };
        let place = distinct.iter().position(same).unwrap_or(distinct.len());
        if place == distinct.len() {
            distinct.push(name);
        }
        places.push(place);
    }
    context.nesting.count_images(distinct.len())?;
    Ok((distinct, places))
}

/// Looks up one image.
fn answer<'a>(
    name: &ImageName,
    variables: &Rc<Variables>,
    remote: &RemoteRules,
    around: &'a Around<'a>,
    lookups: &'a Lookups<'a>,
) -> Result<Work<'a, Result<Answer>>> {
    let Around { context, enclosing, draws, .. } = around;
    let (context, draws) = (*context, *draws);
    match embedded(&name.value) {
        Some((Wrapper::ImageServing, text)) => {
            let enclosing = enclosing.clone();
            let around = Surroundings { context, variables: Rc::clone(variables), enclosing };
            let request = within(around, text.to_owned(), name.by, lookups);
            let name = name.clone();
            Ok(Box::pin(async move { of_request(&name, request.await) }))
        }
        Some((_, url)) => {
            let found = source::remote(name, url.trim(), remote, context, lookups)?;
            Ok(Box::pin(async move { Ok(Answer::Object(found.map(Box::new))) }))
        }
        None if !source::is_looked_up(&name.value) => {
            let error = name.missing("no object has such a name");
            Ok(Box::pin(async move { Ok(Answer::Missing(error)) }))
        }
        None => {
            let named = (name.value.as_str(), name.by);
            let found = lookup::named(named, context, &enclosing.locale, lookups);
            Ok(Box::pin(async move {
                Ok(Answer::Object(match found.await? {
                    Some(found) if draws => {
                        Some(Box::new(lookup::with_mask(context, found, lookups).await?))
                    }
                    found => found.map(Box::new),
                }))
            }))
        }
    }
}

/// The result of a nested request.
#[inline(never)]
fn of_request(name: &ImageName, request: Result<NestedRequest>) -> Result<Answer> {
    let text = embedded(&name.value).map_or("", |(_, text)| text);
    let outside = |error| nested::outside(error, name.command, text, &name.token);
    let request = request.map_err(outside)?;
    // A request with nothing to show lacks an image, too.
    let nothing = request.resolved.unsupported.clone();
    let nothing = nothing.filter(|error| error.kind == ErrorKind::NotFound);
    let missing = nothing.or_else(|| request.resolved.missing_image());
    Ok(match missing {
        Some(mut error) => {
            error.message = format!("layer={}: {}", name.layer, outside(error.clone()).message);
            Answer::Missing(error.at(name.token.column))
        }
        None => Answer::Request(Rc::new(request)),
    })
}

/// Adds the images to the request. The first answer is the object of the template or of the path,
/// and `places` tells which of the others belongs to each name.
#[inline(never)]
fn shown(
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
            Err(Some(place)) => images.miss(name, name.missing(&place)),
            Err(None) => images.miss(name, super::assemble::unsupported_svg(&found.object)),
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
    match Rc::ptr_eq(&found.catalog.0, &context.catalog) {
        true => &context.attributes,
        false => &found.catalog.0.attributes,
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
/// that does not exist; `None` for an SVG.
pub fn image(
    found: &Found,
    command: &str,
    attributes: &Attributes,
) -> std::result::Result<Image, Option<String>> {
    let fields = found.record.as_ref().map(|record| &record.fields);
    let resolution = fields.and_then(|fields| fields.resolution).and_then(Ratio::written);
    let resolution = resolution.unwrap_or(attributes.resolution);
    let source = |key: &super::access::Key, anchor| {
        let key = key.as_str().to_owned();
        Source { key, anchor, resolution }
    };
    if let Some(place) = dangling_mask(found) {
        return Err(Some(place));
    }
    let mask = found.mask.as_ref().map(|key| source(key, None));
    if command == "mask"
        && let Some(source) = mask
    {
        return Ok(Image { source, mask: None });
    }
    let Some(key) = &found.asset else {
        let led = found.path_key.as_ref().map(|key| format!("its Path leads to {key}"));
        return Err((!found.is_svg()).then(|| led.unwrap_or_else(|| found.object.asset_key())));
    };
    Ok(Image { source: source(key, fields.and_then(|fields| fields.anchor)), mask })
}

impl Images {
    /// The images of a request whose layers name none.
    fn of(main: Option<Found>, is_replaced: bool) -> Self {
        let (source, contents, missing) = (None, Contents::default(), Vec::new());
        Self { main, source, is_replaced, contents, missing }
    }

    /// Whether an image is missing. An SVG exists, although it is unsupported, and so the default
    /// image does not replace it.
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

impl Answer {
    fn object(self) -> Option<Found> {
        match self {
            Self::Object(found) => found.map(|found| *found),
            Self::Request(_) | Self::Missing(_) => None,
        }
    }
}
