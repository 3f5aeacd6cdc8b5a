//! Evaluates bindings into a [`Request`], and lists what it needs that is unsupported.

use super::{
    idle::is_idle,
    merge::{Faults, Merged},
};
use crate::{
    catalog::ImageSet,
    color::Color,
    commands::{LayerCommands, Place, Reply, Request, Scope},
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    sort::sort_by,
};

/// A request, and the errors that prevent its rendering.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// The values of all commands.
    pub request: Request,
    /// Errors for valid commands that are unsupported, each with its column.
    pub unsupported: Vec<Error>,
}

/// The unsupported commands that move the areas of an image map. The others do not affect `req=map`
/// (r-image-maps).
const MOVING: [&str; 11] = [
    "layer",
    "src",
    "size",
    "sizeN",
    "res",
    "rotate",
    "extend",
    "extendN",
    "perspective",
    "perspectiveN",
    "hide",
];

/// Evaluates every binding. An invalid value is passed to `fault`. `object` tells whether layer 0
/// shows the object of the path if it has no `src=`.
pub fn evaluate(merged: &Merged, object: bool, fault: &mut Faults) -> Result<Evaluated> {
    let mut request = Request::default();
    let mut unsupported: Vec<(Place, &str, Error)> = Vec::new();
    let mut wrong: Vec<Error> = Vec::new();
    for &number in merged.layers.keys() {
        let scope = Scope { layer: Some(number), effect: None };
        request.layer(scope);
    }
    for &scope in merged.effects.keys() {
        let number = scope.effect.unwrap_or_default();
        request.layer(scope).effects.entry(number).or_default();
    }
    for ((place, _), binding) in &merged.bindings {
        match request.set(binding.entry.row, *place, binding.value) {
            Ok(()) => {}
            Err(error) if error.kind == ErrorKind::Unsupported => {
                let name = binding.entry.row.name();
                unsupported.push((*place, name, error.at(binding.token.column)));
            }
            Err(error) => wrong.push(error.at(binding.token.column)),
        }
    }
    by_column(&mut wrong);
    wrong.into_iter().try_for_each(&mut *fault)?;
    if !object {
        clear_canvas(&mut request);
    }
    // A hidden layer is not rendered.
    let hidden = |place: &Place| match place {
        Place::In(Scope { layer: Some(number @ 1..), .. }) => {
            request.layers.get(number).is_some_and(|layer| layer.attributes.hidden)
        }
        Place::Request | Place::In(_) => false,
    };
    let map = request.attributes.reply == Reply::Map;
    let first = request.layers.get(&0);
    let pictured = object || first.is_some_and(|layer| layer.attributes.source.image.is_some());
    unsupported.retain(|(place, name, _)| {
        let idle = hidden(place) || is_idle(&request, *place, name, pictured);
        !idle && (!map || MOVING.contains(name))
    });
    let mut unsupported: Vec<Error> = unsupported.into_iter().map(|(.., error)| error).collect();
    by_column(&mut unsupported);
    Ok(Evaluated { request, unsupported })
}

/// Makes a layer 0 that has a size and no content transparent (D23).
fn clear_canvas(request: &mut Request) {
    let sized = |layer: &&mut LayerCommands| layer.attributes.size.iter().all(Option::is_some);
    if let Some(layer) = request.layers.get_mut(&0).filter(sized)
        && !has_content(layer)
    {
        layer.attributes.appearance.color = Some(Color::TRANSPARENT);
    }
}

/// Sorts errors by column; the sort is stable.
fn by_column(errors: &mut Vec<Error>) {
    sort_by(errors, |a, b| a.column.cmp(&b.column));
}

/// Returns an error if layer 0 has no content: no object in the path, no template, and no command
/// that gives it content.
pub fn nothing_to_show(request: &Request, object: bool) -> Option<Error> {
    if object || request.attributes.template.is_some() {
        return None;
    }
    let message = "no image in the path: /is/image/rootId/id, and layer 0 has neither src=, \
                   text=, textPs=, color= nor size= with both sides";
    let shown = request.layers.get(&0).is_some_and(has_content);
    (!shown).then(|| Error::new(ErrorKind::NotFound, message))
}

/// Checks that the commands are compatible (r-fit), and that each layer has the commands it needs
/// (r-size-reference, r-textpath). `object` tells whether layer 0 may show the object of
/// the path or of a template.
pub fn complete(
    request: &Request,
    merged: &Merged,
    object: bool,
    fault: &mut Faults,
) -> Result<()> {
    if request.attributes.reply == Reply::Tmb && request.view.fit.is_some() {
        // r-fit; F5
        let wanted = "no fit= with req=tmb: the catalog's ThumbType determines it";
        fault(Error::value("fit", "…", wanted))?;
    }
    for (&number, layer) in &request.layers {
        let attributes = &layer.attributes;
        let column = merged.layers.get(&number).copied();
        let mut wrong = |wanted: &str| {
            let message = format!("layer={number}: {wanted}");
            let mut error = Error::new(ErrorKind::Value, message);
            error.column = column;
            fault(error)
        };
        if attributes.text.path.is_some() && attributes.text.flow.is_some() {
            wrong("textPath= and textFlowPath= exclude each other")?;
        }
        if attributes.hidden || (number == 0 && object) {
            continue;
        }
        if number > 0 && !has_content(layer) {
            wrong("expected src=, text=, textPs= or color=: the layer has no content")?;
        }
        let solid = attributes.source.image.is_none() && attributes.text.content.is_none();
        let both = attributes.size.iter().all(Option::is_some)
            || attributes.size_normalized.iter().all(Option::is_some);
        let shaped = both || attributes.source.mask.is_some() || attributes.clip.is_some();
        if solid && attributes.appearance.color.is_some() && !shaped {
            wrong("a solid colour needs size= with width and height, mask= or clipPath=")?;
        }
    }
    Ok(())
}

/// Fails if the request alone shows that its non-image reply is impossible (r-set, r-xlate).
pub fn check_answerable(request: &Request, object: &ObjectId) -> Result<()> {
    let attributes = &request.attributes;
    let wrong = |value, wanted| Err(Error::value("req", value, wanted));
    match (attributes.reply, &attributes.image_set) {
        (Reply::Set, _) if object.id.contains(':') => {
            wrong("set", "an object without a colon (r-set)")
        }
        (Reply::Set, Some(text)) => ImageSet::parse(text).map(drop),
        (Reply::Xlate, _) if object.id.is_empty() => {
            wrong("xlate", "an object in the path (r-xlate)")
        }
        (_, _) => Ok(()),
    }
}

fn has_content(layer: &LayerCommands) -> bool {
    let attributes = &layer.attributes;
    attributes.source.image.is_some()
        || attributes.text.content.is_some()
        || attributes.appearance.color.is_some()
}
