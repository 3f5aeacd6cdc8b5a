//! Finds the images that the commands of a request name: `src=` and `mask=` of each layer.

use std::rc::Rc;

use super::{
    RequestContext,
    access::Named,
    assembly::Assembly,
    merge,
    merge::{Binding, Merged},
    source::is_looked_up,
    tokens::{self, Filled, is},
};
use crate::{
    commands::{Place, Row, Scope},
    error::{Error, ErrorKind, Result},
    protocol::{Args, Token, Variables, Wrapper, embedded},
};

/// The images that a request names.
#[derive(Debug, Default)]
pub struct Names {
    /// In order of their layers, `src=` before `mask=`.
    pub images: Vec<ImageName>,
    /// Whether layer 0 shows a text, a colour or a nested request, and not the object of the path.
    pub is_replaced: bool,
    /// The variables of the request.
    pub variables: Rc<Variables>,
}

/// The name of an image.
#[derive(Debug, Clone)]
pub struct ImageName {
    /// The layer that shows it.
    pub layer: u32,
    /// `src` or `mask`
    pub command: &'static str,
    /// The value of the command, with variables substituted.
    pub value: String,
    /// Where it comes from.
    pub by: Named,
    /// The effective command.
    pub token: Token,
}

impl Names {
    /// Finds the images. Hidden layers have none. `all` is false for a reply without pixels, which
    /// needs only the `src=` of layer 0.
    ///
    /// The `src=` of layer 0 is removed from the commands, unless it is a nested request.
    #[inline(never)]
    pub fn find(assembly: &mut Assembly, context: &RequestContext, all: bool) -> Result<Self> {
        let mut names = Self::default();
        let counts = ["src", "mask", "text", "textps", "color"];
        if !assembly.tokens.iter().any(|token| counts.iter().any(|name| is(token, name))) {
            return Ok(names);
        }
        let tokens = &assembly.tokens;
        let merged = merge(tokens, context.nesting.depth > 0, &mut Err)?;
        let filled = Filled::of(tokens, &context.raw.object.join("/"));
        let mut taken = Vec::new();
        for ((place, _), said) in &merged.bindings {
            let (Place::In(Scope { layer, effect: None }), Row::Command(row)) =
                (place, said.entry.row)
            else {
                continue;
            };
            let first = *place == Place::In(Scope::LAYER_0);
            if matches!(row.name, "text" | "textPs" | "color") {
                names.is_replaced |= first;
            }
            if !matches!(row.name, "src" | "mask") {
                continue;
            }
            let (layer, token) = (layer.unwrap_or(0), said.token);
            let value = filled.value(row.name, said.value.trim())?.trim().to_owned();
            let object = is_looked_up(&value);
            if first && row.name == "src" {
                names.is_replaced |= !object && !value.is_empty();
                if object {
                    taken = all_of(said, &merged);
                }
            }
            // `evaluate` refuses requests to other renderers, and brackets without a URL.
            let refused = match embedded(&value) {
                Some((Wrapper::ImageRendering | Wrapper::Graphics, _)) => true,
                Some((Wrapper::Bare, url)) => url.trim().is_empty(),
                Some((Wrapper::ImageServing, _)) | None => value.is_empty(),
            };
            let wanted = all || first && row.name == "src" && object;
            let shown = !refused && !is_hidden(layer, &merged, &filled);
            if wanted && shown {
                let by = tokens::named_by(Some(token), context, &assembly.provenance.texts);
                let (command, token) = (row.name, token.clone());
                names.images.push(ImageName { layer, command, value, by, token });
            }
        }
        names.variables = Rc::new(filled.into_variables());
        let is_taken = |token: &Token| taken.iter().any(|taken| std::ptr::eq(*taken, token));
        let kept: Vec<bool> = tokens.iter().map(|token| !is_taken(token)).collect();
        assembly.keep(&kept);
        Ok(names)
    }
}

impl ImageName {
    /// The error for a missing image. It names the layer, the image as the request does, and the
    /// place where it was expected.
    pub fn missing(&self, place: &str) -> Error {
        let Self { layer, command, value, .. } = self;
        let place = if place.is_empty() { String::new() } else { format!(" ({place})") };
        let message = format!("layer={layer}: {command}={value}: no such image{place}");
        Error::new(ErrorKind::NotFound, message).at(self.token.column)
    }
}

/// The token of a command, and those of the commands that it overrides.
fn all_of<'a>(said: &Binding<'a>, merged: &Merged<'a>) -> Vec<&'a Token> {
    let same = |(at, before): &&(Place, Binding)| {
        *at == Place::In(Scope::LAYER_0) && before.entry.slot == said.entry.slot
    };
    let before = merged.overridden.iter().filter(same).map(|(_, before)| before.token);
    before.chain([said.token]).collect()
}

/// Whether a layer above layer 0 is hidden.
fn is_hidden(layer: u32, merged: &Merged, filled: &Filled) -> bool {
    let scope = Scope { layer: Some(layer), effect: None };
    let hide = merged
        .bindings
        .iter()
        .find(|((place, _), said)| *place == Place::In(scope) && said.entry.row.name() == "hide");
    let value = hide.and_then(|(_, said)| filled.value("hide", said.value).ok());
    // `evaluate` reports a value that is wrong.
    let hidden = value.map(|value| Args { command: "hide", value: &value }.switch(0));
    layer > 0 && hidden == Some(Ok(Some(true)))
}
