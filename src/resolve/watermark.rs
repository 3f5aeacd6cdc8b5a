//! The watermark of a catalog (r-watermarks, r-watermark).

use std::rc::Rc;

use super::{
    Lookups, RequestContext,
    access::Named,
    context::Enclosing,
    merge::merge,
    within::{self, Surroundings},
};
use crate::{
    catalog::{Attributes, DEFAULT},
    commands::{Place, Reply, Scope},
    error::{Error, Result},
    picture::{Blend, Content, Picture, View, Watermark},
    protocol::{Args, Token},
    ratio::Ratio,
    resolved::Resolved,
    time_slice::Work,
};

/// Adds the watermark of the catalog to the picture of a `req=img`. A watermark that does not exist
/// is an error: an image without it must not be sent.
pub fn add<'a>(
    resolved: &'a mut Resolved,
    attributes: &'a Attributes,
    context: &'a RequestContext,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<()>> {
    Box::pin(async move {
        let name = attributes.text("Watermark");
        if name.is_empty() || resolved.answer.reply != Reply::Img {
            return Ok(());
        }
        let outside = |mut error: Error| {
            error.message = format!("Watermark={name}: {}", error.message);
            error.column = None;
            error
        };
        let enclosing = Enclosing { locale: String::new(), reply: Some(Reply::Img) };
        let variables = Rc::default();
        let around = Surroundings { context, variables, enclosing, embeds: false };
        // An id of the request's catalog or of the default catalog, which can name another catalog.
        let text = match context.root.as_deref() {
            None if name.contains('/') => name.to_owned(),
            root => [root.unwrap_or(DEFAULT), "/", name].concat(),
        };
        let entered = within::enter(around, text, Named::Owner, lookups).await;
        let (context, mut effective) = entered.map_err(outside)?;
        let size = size(&mut effective.raw.tokens).map_err(outside)?;
        let request = within::settle(context, effective, lookups).await.map_err(outside)?;
        let mark = &request.resolved;
        if let Some(error) = mark.missing_image().or_else(|| mark.unsupported.clone()) {
            return Err(outside(error));
        }
        resolved.picture.watermark = Some(Box::new(watermark(&mark.picture, size)));
        request.shorten(&mut resolved.delivery);
        Ok(())
    })
}

/// Removes `sizeN=` of layer 0 or of the composite from the commands, and returns it. Only
/// watermarks permit it there (r-size-reference).
fn size(tokens: &mut Vec<Token>) -> Result<[Option<Ratio>; 2]> {
    let merged = merge(tokens, true, &mut Err)?;
    let is_size = |place: &Place, name: &str| {
        [Scope::COMPOSITE, Scope::LAYER_0].iter().any(|scope| *place == Place::In(*scope))
            && name == "sizeN"
    };
    let bindings = merged.bindings.iter().map(|((place, _), binding)| (place, binding));
    let before = merged.overridden.iter().map(|(place, binding)| (place, binding));
    let of_size =
        |(place, binding): &(&Place, &super::Binding)| is_size(place, binding.entry.row.name());
    let last = bindings.clone().rfind(of_size);
    let size = match last {
        None => [None; 2],
        Some((_, binding)) => {
            let args = Args { command: "sizeN", value: binding.value };
            [args.factor(0)?, args.factor(1)?]
        }
    };
    let removed: Vec<*const Token> = bindings
        .chain(before)
        .filter(of_size)
        .map(|(_, binding)| std::ptr::from_ref(binding.token))
        .collect();
    let kept: Vec<bool> =
        tokens.iter().map(|token| !removed.contains(&std::ptr::from_ref(token))).collect();
    let mut kept = kept.into_iter();
    tokens.retain(|_| kept.next().unwrap_or(true));
    Ok(size)
}

/// The watermark of a picture. Its view counts only by `align=`, and the opacity and the blend mode
/// of its layer 0 or of its composite are those of the whole.
fn watermark(picture: &Picture, size: [Option<Ratio>; 2]) -> Watermark {
    let mut picture = picture.clone();
    let align = picture.view.align;
    picture.view = View {
        size: [None; 2],
        inverse_scale: None,
        fit: None,
        align: [Ratio::ZERO; 2],
        region: None,
        rect: None,
        ..picture.view
    };
    let whole = std::mem::take(&mut picture.composite.blend);
    let first = picture.layers.first_mut().map(|layer| &mut layer.treatment.blend);
    let first = first.map(std::mem::take).unwrap_or_default();
    let part = |opacity: u8, other: u8| {
        (u32::from(opacity) * u32::from(other)).div_ceil(100).min(100) as u8
    };
    let blend = Blend {
        mode: first.mode,
        opacity: part(first.opacity, whole.opacity),
        fill_opacity: part(first.fill_opacity, whole.fill_opacity),
    };
    Watermark { content: Content::Picture(Box::new(picture)), size, align, blend }
}
