//! Turns the parsed request into the resolved one. The stage applies the catalog, its rules, the
//! record, macros, variables and commands, then the catalog's defaults.

mod access;
mod lookups;
mod assembly;
mod canonical;
mod content;
mod embedded;
mod explain;
mod fallback;
mod files;
mod headers;
mod idle;
mod images;
mod layer_lookups;
mod layer_modifier;
mod layers;
mod lookup;
mod context;
mod merge;
pub mod nested;
pub mod object;
mod origin;
mod assemble;
mod preview;
mod profiles;
mod request;
mod texts;
mod tokens;
mod set;
mod shown;
mod smart;
mod smart_quality;
mod source;
mod streams;
mod translations;
mod view;
mod watermark;
mod within;

use access::{Named, ObjectKind};
use assemble::EffectiveRequest;
use canonical::Spelling;
pub use content::{File, StaticContent, content};
use context::RequestContext;
pub use context::is_for_content;
use embedded::EmbeddedRequest;
pub use explain::{
    Called, Explained, Holder, LivesBy, Origin, Rewritten, Trace, TracedCommand, TracedImage,
    TracedToken, explain,
};
pub use fallback::{ErrorForm, error_form, error_image, error_policy};
pub use files::pyramid_keys;
use layers::Contents;
use lookups::Lookups;
pub use merge::{Binding, Ignored, Merged, Why, merge, select};
use nested::Nesting;
pub use origin::{Field, Role};
pub use preview::{Readable, readable};
pub use profiles::{missing as missing_profile, wrong_model as wrong_profile};
pub use request::{Evaluated, check_answerable, complete, evaluate, nothing_to_show};
pub use source::is_looked_up;
pub use texts::{font_keys, set_font_versions};

use crate::{
    catalog::{Attributes, Catalog, Strings},
    codec::{Embedded, EncodeOptions},
    commands::{Lifetime, Manifest, Output, Reply, Request, RequestAttributes, literal},
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    picture::{ObjectId, OutputProfile, Picture, SvgInputs},
    pixel::{ColorModel, PixelFormat},
    protocol::{RawRequest, Token, Variables, expand, substitute},
    resolved::{
        Answer, Audience, Delivery, Identity, Jsonp, Maps, ReplyData, RequestedRecord, Resolved,
        Shown,
    },
    store::FetchBuffer,
    svg::SvgVariables,
    text::font::Faces,
    time_slice::Work,
};

/// Reads and resolves an HTTP request. Returns `None` if the URL names neither an object nor a
/// modifier (A13).
///
/// The look-ups (catalogs, records, whether a pyramid exists) go through `buffer`.
pub fn read<'a>(
    request: &'a HttpRequest,
    buffer: &'a FetchBuffer,
) -> Work<'a, Result<Option<Resolved>>> {
    Box::pin(async move {
        let object = context::object_of(request)?;
        if object.trim_matches('/').is_empty() && request.query.is_empty() {
            return Ok(None);
        }
        let lookups = &Lookups::new(&request.access, buffer);
        let context = context::find_ahead(request, Some(ObjectKind::Image), lookups).await?;
        if context.raw.object.is_empty() && context.raw.tokens.is_empty() {
            return Ok(None);
        }
        let effective = assemble::assemble(&context, lookups).await?;
        let (mut resolved, _) = resolve_effective(&context, effective, lookups).await?;
        smart::adapt(&mut resolved, &request.hints);
        Ok(Some(resolved))
    })
}

/// Resolves the effective request with those that its SVGs embed, and looks up what its kind of
/// non-image reply needs in addition.
fn resolve_effective<'a>(
    context: &'a RequestContext,
    effective: EffectiveRequest,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<(Resolved, Vec<EmbeddedRequest>)>> {
    Box::pin(async move {
        let Settled { mut resolved, attributes, locale } = settled(context, effective)?;
        let embedded = embedded::add(&mut resolved, context, &locale, lookups).await?;
        watermark::add(&mut resolved, &attributes, context, lookups).await?;
        profiles::look_up(&mut resolved, lookups).await?;
        texts::look_up(&mut resolved, lookups).await?;
        let by = if resolved.answer.image_set.is_some() { Named::Request } else { Named::Owner };
        resolved.answer.data = if resolved.answer.reply == Reply::Set {
            set::set(&resolved, (context, by), Strings::of(&attributes, &locale), lookups).await?
        } else if resolved.answer.reply == Reply::MbrSet {
            streams::streams(&resolved, (context, by), &attributes, lookups).await?
        } else if resolved.answer.reply == Reply::Xlate {
            translations::translations(&resolved, context, lookups).await?
        } else if resolved.answer.reply == Reply::CatalogProps {
            ReplyData::Catalog(Box::new(attributes))
        } else {
            ReplyData::Nothing
        };
        resolved.remote = lookups.permitted();
        resolved.identity.revision = lookups.revision();
        delivered(&mut resolved, context, lookups);
        Ok((resolved, embedded))
    })
}

/// Sets what shared caches need to know of a reply, after all its look-ups.
fn delivered(resolved: &mut Resolved, context: &RequestContext, lookups: &Lookups) {
    let delivery = &mut resolved.delivery;
    delivery.audience = Audience::of(context.is_private, lookups.is_filtered());
    let kind = resolved.answer.reply.kind();
    if kind.lifetime == Lifetime::Image {
        delivery.shared_expiration = shared_seconds(&context.attributes, delivery.expiration);
    }
    delivery.shown = lookups.shown(&context.path);
}

/// The lifetime in shared caches, by the attributes of the request's catalog. Whatever gives the
/// reply a shorter lifetime than the catalog's `Expiration` bounds this one, too (K14).
fn shared_seconds(attributes: &Attributes, expiration: Option<u32>) -> Option<u32> {
    let [shared, usual, own] =
        [seconds(attributes.shared_expiration?), seconds(attributes.expiration), expiration]
            .map(|seconds| seconds.unwrap_or(YEAR));
    Some(if own < usual { shared.min(own) } else { shared })
}

/// A request that is resolved as far as no further look-up is needed.
struct Settled {
    resolved: Resolved,
    attributes: Attributes,
    locale: String,
}

/// Resolves everything that needs no further look-up.
#[inline(never)]
fn settled(context: &RequestContext, effective: EffectiveRequest) -> Result<Settled> {
    let pictured = effective.asset.is_ok() || effective.sourced;
    let followed = &effective.followed;
    let given = Given { attributes: &effective.attributes, pictured, followed };
    let headers = headers::headers(context, &effective.raw)?;
    let request = (effective.raw, effective.contents);
    let mut resolved = settle(request, &context.catalog, &given, &context.nesting)?;
    if context.without_pixels && !resolved.answer.reply.kind().for_viewers {
        return Err(Error::new(ErrorKind::Forbidden, "the request is not signed"));
    }
    resolved.object = effective.object;
    resolved.asset = effective.asset;
    resolved.delivery.headers = headers;
    resolved.identity.ruled.clone_from(&context.applied.attributes);
    let strings = Strings::of(&effective.attributes, &effective.locale);
    let localized = resolved.answer.reply.kind().localized;
    resolved.answer.record = effective.record.map(|RequestedRecord { record, part }| {
        let record = if localized { strings.record(record) } else { record };
        RequestedRecord { record, part }
    });
    Ok(Settled { resolved, attributes: effective.attributes, locale: effective.locale })
}

/// Resolves a request against a catalog without any look-up. If a command occurs twice, the later
/// one wins (C1).
pub fn resolve(raw: &RawRequest, catalog: &Catalog) -> Result<Resolved> {
    let nesting = Nesting::up_to(catalog.attributes.max_nesting);
    settle((raw.clone(), None), catalog, &Given::by(catalog), &nesting)
}

/// The results of the look-ups that a request is resolved with.
struct Given<'a> {
    /// The catalog attributes: they apply if no command sets a value.
    attributes: &'a Attributes,
    /// Whether layer 0 has an image, even if the path names none.
    pictured: bool,
    /// Commands that the look-up already consumed. They belong to the canonical request, but are
    /// not evaluated again.
    followed: &'a [Token],
}

impl<'a> Given<'a> {
    /// The attributes of a catalog alone, without a look-up.
    fn by(catalog: &'a Catalog) -> Self {
        Self { attributes: &catalog.attributes, pictured: false, followed: &[] }
    }
}

/// A request, and the images of its layers; `None` if they were not looked up.
type Looked = (RawRequest, Option<Contents>);

fn settle(
    request: Looked,
    catalog: &Catalog,
    given: &Given,
    nesting: &Nesting,
) -> Result<Resolved> {
    let variables = Variables::of(&request.0.object.join("/"));
    resolved(request, (catalog, given), variables, nesting)
}

/// The error for an object that does not exist. It names the key of the pyramid, and no other data
/// of the store.
fn missing(object: &ObjectId) -> Error {
    missing_at(object, &object.asset_key())
}

/// The error for an object whose pyramid was expected at another key, `place`.
fn missing_at(object: &ObjectId, place: &str) -> Error {
    let ObjectId { root, id } = object;
    Error::new(ErrorKind::NotFound, format!("{root}/{id}: no such image ({place})"))
}

/// Resolves one request: the outermost or a nested one. `variables` come from the enclosing
/// request.
fn resolved(
    (raw, contents): Looked,
    (catalog, given): (&Catalog, &Given),
    mut variables: Variables,
    nesting: &Nesting,
) -> Result<Resolved> {
    let object = object::object(&raw.object)?;
    let tokens = expand(raw.tokens, &catalog.macros)?;
    variables.collect(&tokens);
    let tokens = substitute(tokens, &variables, literal)?;
    nesting.count(&tokens)?;
    let merged = merge(&tokens, nesting.depth > 0, &mut Err)?;
    let pictured = given.pictured || !object.id.is_empty();
    let Evaluated { request, unsupported } = evaluate(&merged, pictured, &mut Err)?;
    let shown = pictured || request.attributes.template.is_some();
    complete(&request, &merged, shown, &mut Err)?;
    check_answerable(&request, &object)?;
    let contents = match contents {
        Some(contents) => contents,
        None => {
            let catalog = (catalog, given.attributes);
            Contents::read(&merged, &object, catalog, &variables, nesting)?
        }
    };
    contents.count_layers(nesting)?;
    // The canonical request includes the commands that the look-up consumed.
    let mut whole = Vec::new();
    let with_followed = match given.followed {
        [] => None,
        followed => {
            whole.extend_from_slice(&tokens);
            whole.extend(substitute(followed.to_vec(), &variables, literal)?);
            Some(merge(&whole, nesting.depth > 0, &mut Err)?)
        }
    };
    let all = with_followed.as_ref().unwrap_or(&merged);
    let canonical = |spelling| canonical::canonical(&object, all, &contents, spelling);
    let (canonical, commands) = (canonical(Spelling::Whole), canonical(Spelling::Key));
    let view = view::view(&request, given.attributes, nesting);
    let unsupported = nothing_to_show(&request, shown)
        .or_else(|| unsupported.into_iter().next())
        .or_else(|| request.output.contradiction())
        .or_else(|| contents.unsupported());
    let attributes = given.attributes;
    let maps = maps(&request);
    let missing_layer = contents.missing();
    let (texts, lacking) = texts::texts(&request.layers, catalog, attributes)?;
    let color = profiles::management(&request.output, attributes, catalog);
    let output_profile = color.requested.clone().filter(|_| nesting.depth > 0);
    let inputs = || SvgInputs {
        variables: SvgVariables::new(variables.definitions()),
        map: texts::font_map(catalog, attributes),
        faces: Faces::default(),
        images: None,
    };
    let picture = Picture {
        crop_paths: request.composite.attributes.crop_embedded.clone(),
        composite: layers::treatment(request.composite),
        layers: contents.layers(
            request.layers,
            texts,
            request.attributes.reply,
            attributes,
            &inputs,
        ),
        effect_mask: request.view.effect_mask.unwrap_or(attributes.effect_mask),
        watermark: None,
        output: output_profile.map(|name| OutputProfile { name, options: color.options }),
        view,
    };
    Ok(Resolved {
        asset: Ok(object.asset_key()),
        remote: Vec::new(),
        object,
        picture,
        unsupported: unsupported.or(lacking),
        missing_layer,
        output: output(&request.output, request.attributes.reply, attributes),
        alternatives: Vec::new(),
        adaptation: smart::adaptation(&request.attributes, request.output.format, attributes),
        embeds: request.output.embedded(),
        color,
        delivery: delivery(&request.attributes, attributes),
        identity: Identity { commands, ..Identity::default() },
        answer: answer(request.attributes, request.output.manifest, maps, canonical, attributes),
    })
}

/// The HTML areas that the commands set. Without `layer=`, `mapA=` can only refer to the source
/// image of layer 0, so the composite's value applies to it.
fn maps(request: &Request) -> Maps {
    let first = request.layers.get(&0).map(|layer| &layer.attributes);
    let composite = &request.composite.attributes;
    Maps {
        layer: first.and_then(|layer| layer.map.clone()),
        source: first
            .and_then(|layer| layer.map_source.as_ref())
            .or(composite.map_source.as_ref())
            .cloned(),
        composite: composite.map.clone(),
    }
}

fn output(output: &Output, reply: Reply, attributes: &Attributes) -> EncodeOptions {
    let (quality, subsampling) = attributes.jpeg_quality;
    let model = output.model.unwrap_or(ColorModel::Rgb);
    EncodeOptions {
        format: output.format,
        // A mask is always greyscale, whatever colour model fmt= requests (I18).
        pixel: match reply == Reply::Mask {
            true => PixelFormat::GRAY,
            false => PixelFormat { model, alpha: output.alpha },
        },
        quality: output.quality.unwrap_or(quality),
        subsampling: output.subsampling.unwrap_or(subsampling),
        print_resolution: output.print_resolution.unwrap_or(attributes.print_resolution),
        compression: output.compression,
        jpeg_size: output.jpeg_size,
        scans: output.scans,
        quantization: output.quantization.clone().unwrap_or_default(),
        embedded: Embedded::default(),
    }
}

fn delivery(request: &RequestAttributes, attributes: &Attributes) -> Delivery {
    let hours = match request.reply.kind().lifetime {
        Lifetime::Image if request.uncached => 0.0,
        Lifetime::Image => attributes.expiration,
        Lifetime::NonImage => attributes.non_image_expiration,
        Lifetime::None => 0.0,
    };
    let stamp = attributes.time_stamp.unwrap_or(f64::NEG_INFINITY);
    Delivery {
        headers: Vec::new(),
        vary: Vec::new(),
        expiration: seconds(hours),
        shared_expiration: None,
        last_modified: attributes.use_last_modified.then_some(stamp),
        audience: Audience::Everybody,
        shown: Shown::default(),
    }
}

fn answer(
    request: RequestAttributes,
    manifest: Option<Manifest>,
    maps: Maps,
    canonical: String,
    attributes: &Attributes,
) -> Answer {
    let handler = request.handler.unwrap_or_else(|| "s7jsonResponse".to_owned());
    Answer {
        reply: request.reply,
        format: request.format,
        encoding: request.encoding,
        jsonp: Jsonp { id: request.id.unwrap_or_default(), handler },
        manifest,
        record: None,
        image_set: request.image_set,
        label_key: request.label_key,
        data: ReplyData::Nothing,
        maps,
        resolution: attributes.resolution.to_f64(),
        thumbnail: attributes.thumbnail.clone(),
        canonical,
    }
}

/// Converts hours, the unit of catalogs, to seconds, at most one year (K1). A negative number (−1)
/// means that the reply never expires: `None`.
fn seconds(hours: f64) -> Option<u32> {
    (hours >= 0.0).then(|| (hours * 3600.0).round().min(f64::from(YEAR)) as u32)
}

/// The seconds of a year: the longest lifetime.
const YEAR: u32 = 31_536_000;
