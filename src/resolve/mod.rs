//! From the sentence to the scene: the catalog, its rules, the record, macros, variables,
//! commands, then the catalog's defaults.

mod ask;
mod canonical;
mod fallback;
mod headers;
mod lookup;
mod main_catalog;
mod object;
mod parts;
mod said;

pub use fallback::{error_detail, error_scene};

use ask::Ask;
use main_catalog::{Main, main};

use crate::{
    catalog::{Attributes, Catalog},
    commands::{Lifetime, PixelType, Reply, Request},
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    protocol::{RawRequest, TokenKind, expand, substitute},
    scene::{Layer, ObjectId, Output, Scene, View},
    store::{Known, Step},
};

/// Where image requests live.
const CONTEXT: &str = "/is/image";

/// Reads and resolves an HTTP request; `None` when it names neither object nor modifier (A13).
///
/// Catalogs, records and whether there is a pyramid are looked up in `known`; what is missing
/// there is the answer.
pub fn read(request: &HttpRequest, known: &Known) -> Result<Step<Option<Scene>>> {
    let mut ask = Ask::new(known);
    let answer = read_with(request, &mut ask)?;
    Ok(ask.step(answer))
}

fn read_with(request: &HttpRequest, ask: &mut Ask) -> Result<Option<Option<Scene>>> {
    let object = main_catalog::object_of(request)?;
    if object.trim_matches('/').is_empty() && request.query.is_empty() {
        return Ok(Some(None));
    }
    let Some(main) = main(request, ask)? else {
        guess(object, ask)?;
        return Ok(None);
    };
    if main.raw.object.is_empty() && main.raw.tokens.is_empty() {
        return Ok(Some(None));
    }
    let Some(parts) = parts::parts(request, &main, ask)? else { return Ok(None) };
    let mut scene = settle(&parts.raw, &parts.attributes)?;
    scene.object = parts.object;
    scene.asset = parts.asset;
    scene.revision = parts.revision;
    scene.headers = headers::headers(&main, &parts.raw)?;
    Ok(Some(Some(scene)))
}

/// While the catalogs are on their way: the record and the pyramid that the path most likely
/// leads to, so that catalogs cost no round of their own.
fn guess(object: &str, ask: &mut Ask) -> Result<()> {
    let raw = crate::protocol::read(object, "", crate::commands::takes_request)?;
    if let Ok(ObjectId { root, id }) = object::object(&raw.object) {
        ask.record(&root, &id)?;
        ask.exists(&format!("assets/{root}/{id}.tif"));
    }
    Ok(())
}

/// Resolves a request against a catalog, without looking anything up. What comes later in the
/// request wins (C1).
pub fn resolve(raw: &RawRequest, catalog: &Catalog) -> Result<Scene> {
    let tokens = expand(raw.tokens.clone(), &catalog.macros)?;
    settle(&RawRequest { object: raw.object.clone(), tokens }, &catalog.attributes)
}

/// A request without macros, and the attributes it starts from.
fn settle(raw: &RawRequest, attributes: &Attributes) -> Result<Scene> {
    let object = object::object(&raw.object)?;
    let tokens = substitute(raw.tokens.clone(), &raw.object.join("/"));
    let mut request = Request::default();
    for token in &tokens {
        if let TokenKind::Command { name, value } = &token.kind {
            request.set(name, value)?;
        }
    }
    let canonical = canonical::canonical(&object, &tokens);
    let Request { attributes: asked, output, view, source, layer, adjustments } = request;
    let (quality, chroma) = output.quality.unwrap_or(attributes.jpeg_quality);
    let hours = match asked.reply.lifetime() {
        Lifetime::Image if asked.uncached => 0.0,
        Lifetime::Image => attributes.expiration,
        Lifetime::NonImage => attributes.non_image_expiration,
        Lifetime::None => 0.0,
    };
    let mask = asked.reply == Reply::Mask;
    Ok(Scene {
        asset: Ok(object.asset_key()),
        object,
        revision: String::new(),
        headers: Vec::new(),
        reply: asked.reply,
        format: asked.format,
        jsonp: (
            asked.id.unwrap_or_default(),
            asked.handler.unwrap_or_else(|| "s7jsonResponse".to_owned()),
        ),
        layer: Layer { source, size: layer.size, flip: layer.flip },
        view: View {
            size: [view.width, view.height],
            inverse_scale: view.inverse_scale,
            fit: view.fit,
            align: view.align.unwrap_or_default(),
            region: view.region,
            rect: view.rect,
            default_pix: attributes.default_pix,
            max_pix: attributes.max_pix,
            background: view.background.unwrap_or(attributes.background),
            kernel: view.res_mode.unwrap_or(attributes.res_mode),
        },
        adjustments,
        output: Output {
            format: if mask { output.format.without_alpha() } else { output.format },
            // A mask is grey, whatever fmt= says of colours (I18).
            pixel_type: if mask { PixelType::Gray } else { output.pixel_type },
            quality,
            chroma,
            print_resolution: output.print_resolution.unwrap_or(attributes.print_resolution),
        },
        resolution: attributes.resolution,
        expiration: seconds(hours),
        canonical,
    })
}

/// The error of an object that is not there.
fn missing(object: &ObjectId) -> Error {
    Error::new(ErrorKind::NotFound, format!("{}/{}: no such image", object.root, object.id))
}

/// Catalogs count in hours (K1); −1 is never.
fn seconds(hours: f64) -> Option<u32> {
    (hours >= 0.0).then(|| (hours * 3600.0).round().min(31_536_000.0) as u32)
}
