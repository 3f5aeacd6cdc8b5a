//! Assembles the effective request from the record, the template, the request itself, and the
//! default image if the image is missing (decisions B9, C1, C2, C16, J5 to J9).

use std::borrow::Cow;

use super::{
    Lookups, RequestContext,
    access::{Named, ObjectKind},
    assembly::Assembly,
    context::Enclosing,
    layer_lookups::{self, Around},
    layers::Contents,
    lookup::{self, Found},
    missing, missing_at,
    origin::Provenance,
    shown::Images,
    tokens::{self, Filled, is},
};
use crate::{
    catalog::{Attributes, Record, ThumbnailType, is_image_allowed},
    commands::{Reads, Reply},
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    protocol::{RawRequest, Token, expand},
    ratio::Ratio,
    resolved::RequestedRecord,
    time_slice::Work,
};

/// A request after all its look-ups: the merged commands, and the objects they name.
#[derive(Debug)]
pub struct EffectiveRequest {
    /// The object of the path, and all commands in the order of evaluation, with macros expanded.
    pub raw: RawRequest,
    /// The attributes that apply if no command sets a value.
    pub attributes: Attributes,
    /// The object that was found for layer 0, under its own name; otherwise the object of the path.
    pub object: ObjectId,
    /// The key of its pyramid, or the error that explains why there is none.
    pub asset: Result<String>,
    /// The images of all layers; `None` for a reply that does not need them.
    pub contents: Option<Contents>,
    /// Whether `src=` names the image of layer 0, even if no such image exists.
    pub sourced: bool,
    /// Commands that the look-up consumed: `template=`, and `src=` of layer 0.
    pub followed: Vec<Token>,
    /// The record of the object.
    pub record: Option<RequestedRecord>,
    /// `locale=`
    pub locale: String,
    /// The texts, records and lifetimes that the request was assembled from.
    pub provenance: Provenance,
}

/// The commands of the request that control how it is assembled.
struct Controls {
    locale: String,
    template: Option<(String, Named)>,
    default_image: (String, Named),
    reply: Option<Reply>,
    /// Whether the reply needs the images of all layers.
    draws: bool,
}

/// Looks up the objects that the request names, and merges their commands with it: the `Modifier`
/// field before the request's own commands, the `PostModifier` field after them.
pub fn assemble<'a>(
    context: &'a RequestContext,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<EffectiveRequest>> {
    Box::pin(async move {
        let tokens = expand(context.raw.tokens.clone(), &context.catalog.macros)?;
        let controls = Controls::of(&tokens, context)?;
        if controls.reply.is_some_and(|reply| reply.kind().reads == Reads::Catalog) {
            return of_the_catalog(context, tokens, controls);
        }
        let found = lookup::in_path(context, ObjectKind::Image, &controls.locale, lookups).await?;
        let unmatched = match is_unmatched(context, found.as_ref()) {
            false => None,
            true => Some(lookups.catalog(None).await?.catalog),
        };
        let mut assembly = Assembly::new(context, unmatched);
        let template = match &controls.template {
            Some((name, by)) => {
                let template =
                    lookup::named((name, *by), context, &controls.locale, lookups).await?;
                Some(template.ok_or_else(|| no_template(name, context))?)
            }
            None => None,
        };
        let last = assembly.around(template.as_ref(), found.as_ref(), tokens)?;
        let around = controls.around(context, last);
        let main = template.or(found);
        let images = layer_lookups::look_up(&mut assembly, main, &around, lookups).await?;
        let images = with_default(images, &mut assembly, &controls, context, lookups).await?;
        finish(context, assembly, controls, images)
    })
}

/// Looks up the default image, if an image is missing, and lets it stand in: for the whole request
/// (J7) or for each missing image (J8).
async fn with_default(
    mut images: Images,
    assembly: &mut Assembly,
    controls: &Controls,
    context: &RequestContext,
    lookups: &Lookups<'_>,
) -> Result<Images> {
    let Some(found) = stand_in(context, controls, &images, lookups).await? else {
        return Ok(images);
    };
    if assembly.attributes.default_image_per_layer {
        let found = lookup::with_mask(context, found, lookups).await?;
        assembly.stands_in(&found);
        images.stand_in(found, &assembly.attributes);
        return Ok(images);
    }
    assembly.only(&found, &context.raw.tokens, &context.catalog)?;
    assembly.stands_in(&found);
    let around = controls.around(context, None);
    let source = images.source;
    let images = layer_lookups::look_up(assembly, Some(found), &around, lookups).await?;
    Ok(Images { source: images.source.or(source), ..images })
}

/// The error for a missing image of layer 0. It names the image as the request does, and the key at
/// which its pyramid was expected.
fn missing_main(images: &Images, path: &ObjectId, attributes: &Attributes) -> Error {
    let found = images.main.as_ref();
    let place = |object: &ObjectId| {
        let led = found.and_then(|found| found.path_key.clone());
        let expected = || found.map_or_else(|| object.asset_key(), Found::expected_key);
        led.map_or_else(expected, |key| format!("its Path leads to {key}"))
    };
    let message = match &images.source {
        // Without direct access, the error does not reveal whether a pyramid exists.
        None if found.is_none() && !is_image_allowed(attributes) => return no_record(path),
        None => {
            let object = found.map_or(path, |found| &found.object);
            return missing_at(object, &place(object));
        }
        Some((source, None)) => format!("src={source}: no such image"),
        Some((source, Some(object))) => {
            format!("src={source}: no such image ({})", place(object))
        }
    };
    Error::new(ErrorKind::NotFound, message)
}

/// The effective request for a reply about the catalog. It does not depend on whether the object
/// exists.
#[inline(never)]
fn of_the_catalog(
    context: &RequestContext,
    tokens: Vec<Token>,
    controls: Controls,
) -> Result<EffectiveRequest> {
    let object = super::object::object(&context.raw.object)?;
    Ok(EffectiveRequest {
        raw: RawRequest { object: context.raw.object.clone(), tokens },
        attributes: context.attributes.clone(),
        asset: Err(missing(&object)),
        object,
        contents: None,
        sourced: false,
        followed: Vec::new(),
        record: None,
        locale: controls.locale,
        provenance: Provenance::default(),
    })
}

/// With FullMatch, a catalog that has no record of the id does not apply at all (r-fullmatch).
fn is_unmatched(context: &RequestContext, found: Option<&Found>) -> bool {
    let recorded = found.is_some_and(|found| {
        found.record.is_some() && context.root.as_deref() == Some(found.object.root.as_str())
    });
    context.attributes.full_match && context.root.is_some() && !recorded
}

/// Looks up the default image. Returns `None` unless the request is for an image, and an image is
/// missing.
async fn stand_in(
    context: &RequestContext,
    controls: &Controls,
    images: &Images,
    lookups: &Lookups<'_>,
) -> lookup::Answer {
    let (name, by) = &controls.default_image;
    if !images.are_missing() || !tokens::is_an_image(controls.reply) || name.is_empty() {
        return Ok(None);
    }
    let found = lookup::named((name, *by), context, &controls.locale, lookups).await?;
    Ok(found.filter(|found| found.asset.is_some() || found.record.is_some()))
}

#[inline(never)]
fn finish(
    context: &RequestContext,
    assembly: Assembly,
    controls: Controls,
    mut images: Images,
) -> Result<EffectiveRequest> {
    let object =
        images.main.as_ref().map_or_else(|| context.path.clone(), |main| main.object.clone());
    let asset = match &images.main {
        Some(Found { asset: Some(asset), .. }) => Ok(asset.as_str().to_owned()),
        _ => Err(missing_main(&images, &context.path, &context.attributes)),
    };
    let newest = assembly.newest;
    let Assembly { mut attributes, tokens, followed, provenance, .. } =
        assembly.finish(images.main.as_ref());
    let record = images.main.as_ref().and_then(|main| {
        Some(RequestedRecord { record: main.record.clone()?, part: main.part.clone() })
    });
    if let Some(RequestedRecord { record, part }) = &record {
        let fields = &record.fields;
        if let Some(part) = part.as_ref().and_then(|part| record.part(part)) {
            // Without wid= and hei=, a part is at most as large as the size in pixels that its
            // record gives.
            attributes.default_pix = [part.crop.width, part.crop.height];
        }
        let exact = |number: Option<f64>| number.and_then(Ratio::written);
        attributes.resolution = exact(fields.resolution).unwrap_or(attributes.resolution);
        let print = fields.print_resolution;
        attributes.print_resolution = print.unwrap_or(attributes.print_resolution);
        attributes.time_stamp = fields.time_stamp.or(attributes.time_stamp);
        let thumbnail = &mut attributes.thumbnail;
        thumbnail.resolution = exact(fields.thumb_res).unwrap_or(thumbnail.resolution);
        thumbnail.kind = fields.thumb_type.map_or(thumbnail.kind, ThumbnailType::of);
    }
    attributes.time_stamp = attributes.time_stamp.into_iter().chain(newest).reduce(f64::max);
    let contents = controls.draws.then(|| images.finish(&attributes));
    Ok(EffectiveRequest {
        raw: RawRequest { object: context.raw.object.clone(), tokens },
        attributes,
        object,
        asset,
        contents,
        sourced: images.source.is_some(),
        followed,
        record,
        locale: controls.locale,
        provenance,
    })
}

/// The error for an object that has no record and therefore may not be served.
pub fn no_record(ObjectId { root, id }: &ObjectId) -> Error {
    let why = "the catalog has no such record, which its AllowDirectAccess requires";
    Error::new(ErrorKind::NotFound, format!("{root}/{id}: {why}"))
}

impl Controls {
    #[inline(never)]
    fn of(tokens: &[Token], context: &RequestContext) -> Result<Self> {
        let filled = Filled::of(tokens, &context.raw.object.join("/"));
        let last = |name: &'static str| Ok(filled.last(name)?.map(Cow::into_owned));
        let named = |name: &'static str| {
            let token = tokens.iter().rfind(|token| is(token, name));
            Ok(last(name)?.map(|value| (value, tokens::named_by(token, context, &[]))))
        };
        let template = named("template")?.filter(|(name, _)| !name.is_empty());
        let default_image = || (context.attributes.default_image.clone(), Named::Owner);
        // A nested request ignores `locale=`, `req=` and `defaultImage=`.
        if let Some(Enclosing { locale, reply }) = context.enclosing.clone() {
            let default_image = default_image();
            return Ok(Self { locale, template, default_image, reply, draws: true });
        }
        let reply = filled.reply()?;
        Ok(Self {
            locale: last("locale")?.unwrap_or_default(),
            template,
            default_image: named("defaultimage")?.unwrap_or_else(default_image),
            draws: reply.is_some_and(needs_images),
            reply,
        })
    }

    fn around<'a>(&self, context: &'a RequestContext, last: Option<u16>) -> Around<'a> {
        let enclosing = Enclosing { locale: self.locale.clone(), reply: self.reply };
        Around { context, enclosing, draws: self.draws, last }
    }
}

/// Whether a kind of reply depends on the images of all layers.
fn needs_images(reply: Reply) -> bool {
    reply.kind().reads >= Reads::Plan || matches!(reply, Reply::Map | Reply::Resolve)
}

fn no_template(name: &str, context: &RequestContext) -> Error {
    let ObjectId { root, id } = lookup::named_object(name, context);
    let message = format!("template={name}: no such record ({})", Record::key(&root, &id));
    Error::new(ErrorKind::NotFound, message)
}
