//! From the sentence to the scene: macros, variables, commands, then the catalog's defaults.

mod canonical;
mod layers;
mod merge;
pub mod nested;
pub mod object;
mod request;

pub use merge::{Ignored, Merged, Said, Why, merge};
use nested::Nesting;
pub use request::{Carried, carry_out, complete, nothing_to_show};

use crate::{
    catalog::Catalog,
    commands::{Lifetime, PixelType, Reply, literal, takes_request},
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    protocol::{self, RawRequest, Variables, expand, substitute},
    scene::{Layer, Output, Scene, View},
};

/// Where image requests live.
const CONTEXT: &str = "/is/image";

/// Reads and resolves an HTTP request; `None` when it names neither object nor modifier (A13).
pub fn read(request: &HttpRequest, catalog: &Catalog) -> Result<Option<Scene>> {
    let object = match request.path.strip_prefix(CONTEXT) {
        Some(object) if object.is_empty() || object.starts_with('/') => object,
        _ => {
            let message = format!("{}: only {CONTEXT}/… is answered", request.path);
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    };
    let raw = protocol::read(object, &request.query, takes_request)?;
    if raw.object.is_empty() && raw.tokens.is_empty() {
        return Ok(None);
    }
    resolve(&raw, catalog).map(Some)
}

/// Resolves a request against a catalog. What comes later in the request wins (C1).
pub fn resolve(raw: &RawRequest, catalog: &Catalog) -> Result<Scene> {
    let variables = Variables::of(&raw.object.join("/"));
    scene(raw, catalog, variables, &mut Nesting::default())
}

/// One request, the outermost or one within it. `variables` are those of the request around it.
fn scene(
    raw: &RawRequest,
    catalog: &Catalog,
    mut variables: Variables,
    nesting: &mut Nesting,
) -> Result<Scene> {
    let object = object::object(&raw.object)?;
    let tokens = expand(raw.tokens.clone(), &catalog.macros)?;
    variables.collect(&tokens);
    let tokens = substitute(tokens, &variables, literal)?;
    nesting.count(&tokens)?;
    let merged = merge(&tokens, nesting.depth > 0, &mut Err)?;
    let Carried { request, undrawn } = carry_out(&merged, &mut Err)?;
    let shown = !object.id.is_empty() || request.attributes.template.is_some();
    complete(&request, &merged, shown, &mut Err)?;
    let pictures = layers::Pictures::read(&merged, &object, catalog, &variables, nesting)?;
    let canonical = canonical::canonical(&object, &merged, &|place, name| {
        pictures.canonical(place, name).to_owned()
    });
    let undrawn = nothing_to_show(&request, shown)
        .or_else(|| undrawn.into_iter().next())
        .or_else(|| pictures.undrawn());
    let first = request.layers.get(&0).map(|layer| layer.attributes.clone()).unwrap_or_default();
    let mut composite = request.composite;
    let flip = first.flip.and(composite.attributes.flip);
    let adjustments = std::mem::take(&mut composite.adjustments);
    let layers = pictures.layers(request.layers);
    let attributes = &catalog.attributes;
    let (asked, output, view) = (request.attributes, request.output, request.view);
    let (quality, chroma) = output.quality.unwrap_or(attributes.jpeg_quality);
    let hours = match asked.reply.lifetime() {
        Lifetime::Image if asked.uncached => 0.0,
        Lifetime::Image => attributes.expiration,
        Lifetime::NonImage => attributes.non_image_expiration,
        Lifetime::None => 0.0,
    };
    let mask = asked.reply == Reply::Mask;
    Ok(Scene {
        object,
        reply: asked.reply,
        format: asked.format,
        jsonp: (
            asked.id.unwrap_or_default(),
            asked.handler.unwrap_or_else(|| "s7jsonResponse".to_owned()),
        ),
        layer: Layer { source: first.source, size: first.size, flip },
        layers,
        composite,
        undrawn,
        view: View {
            size: [view.width, view.height],
            inverse_scale: view.inverse_scale,
            fit: view.fit,
            align: view.align.unwrap_or_default(),
            region: view.region,
            rect: view.rect,
            // A nested picture is made for the layer it is in, not to be sent.
            default_pix: if nesting.depth > 0 { [0; 2] } else { attributes.default_pix },
            max_pix: if nesting.depth > 0 { [0; 2] } else { attributes.max_pix },
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
        expiration: seconds(hours),
        canonical,
    })
}

/// Catalogs count in hours (K1); −1 is never.
fn seconds(hours: f64) -> Option<u32> {
    (hours >= 0.0).then(|| (hours * 3600.0).round().min(31_536_000.0) as u32)
}
