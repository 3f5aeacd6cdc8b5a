//! From the sentence to the scene: macros, variables, commands, then the catalog's defaults.

mod canonical;
mod object;

use crate::{
    catalog::Catalog,
    commands::{Lifetime, PixelType, Reply, Request, takes_request},
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    protocol::{self, RawRequest, TokenKind, expand, substitute},
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
    let object = object::object(&raw.object)?;
    let tokens = expand(raw.tokens.clone(), &catalog.macros)?;
    let tokens = substitute(tokens, &raw.object.join("/"));
    let mut request = Request::default();
    for token in &tokens {
        if let TokenKind::Command { name, value } = &token.kind {
            request.set(name, value)?;
        }
    }
    let canonical = canonical::canonical(&object, &tokens);
    let attributes = &catalog.attributes;
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
        object,
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
        expiration: seconds(hours),
        canonical,
    })
}

/// Catalogs count in hours (K1); −1 is never.
fn seconds(hours: f64) -> Option<u32> {
    (hours >= 0.0).then(|| (hours * 3600.0).round().min(31_536_000.0) as u32)
}
