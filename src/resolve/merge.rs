//! Merges tokens into bindings: the last value of each command in each layer and effect. `layer=`
//! and `effect=` select where the commands after them apply.

use std::collections::BTreeMap;

use crate::{
    commands::{Apply, Entry, Place, Row, Scope, find, takes_request},
    error::{Error, ErrorKind, Result},
    limits,
    protocol::{Args, Token, TokenKind, is_open},
};

/// A request in which each command of a layer or effect has one value.
#[derive(Debug, Default)]
pub struct Merged<'a> {
    /// The last command of each place and slot. The `BTreeMap` sorts them in canonical order.
    pub bindings: BTreeMap<(Place, usize), Binding<'a>>,
    /// The commands that a later one overrides, in order. Their values are never evaluated.
    pub overridden: Vec<(Place, Binding<'a>)>,
    /// The tokens without effect, in order, with the reason.
    pub ignored: Vec<Ignored<'a>>,
    /// The layers that `layer=` selects, each with the column where it is first selected.
    pub layers: BTreeMap<u32, usize>,
    /// The effects that `effect=` selects, each with the column where it is first selected.
    pub effects: BTreeMap<Scope, usize>,
}

impl Merged<'_> {
    /// The binding of `src=` in layer 0.
    pub fn source_of_layer_0(&self) -> Option<&Binding<'_>> {
        let mut sources = self.bindings.iter().filter(|((place, _), binding)| {
            *place == Place::In(Scope::LAYER_0) && binding.entry.row.name() == "src"
        });
        sources.next().map(|(_, binding)| binding)
    }
}

/// One command with its value.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    /// Its row in the command table.
    pub entry: Entry,
    /// Its value.
    pub value: &'a str,
    /// The token it came from.
    pub token: &'a Token,
}

/// One token without effect.
#[derive(Debug, Clone, Copy)]
pub struct Ignored<'a> {
    /// The token.
    pub token: &'a Token,
    /// Why it has no effect.
    pub why: Why,
}

/// Why a token has no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is a comment.
    Comment,
    /// The protocol has no such command. Sites use unknown commands to distinguish versions of an
    /// image (A5).
    Unknown,
    /// The command has no meaning in this layer, effect or nested request.
    OutOfPlace(&'static str),
}

/// Reads tokens in order, and binds each to the layer or effect that is selected at that point.
///
/// An invalid selection is passed to `fault`, which either ends the merge or lets it continue.
pub fn merge<'a>(tokens: &'a [Token], nested: bool, fault: &mut Faults) -> Result<Merged<'a>> {
    let mut merged = Merged::default();
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    let mut scope = Scope::COMPOSITE;
    for token in tokens {
        let ignore = |why| Ignored { token, why };
        let (name, value) = match &token.kind {
            TokenKind::Command { name, value } => (name, value),
            TokenKind::Comment => {
                merged.ignored.push(ignore(Why::Comment));
                continue;
            }
            TokenKind::Macro(_) | TokenKind::Variable { .. } => continue,
        };
        let Some(entry) = find(name) else {
            merged.ignored.push(ignore(Why::Unknown));
            continue;
        };
        if let Row::Command(command) = entry.row
            && matches!(command.apply, Apply::Segment)
        {
            match select(command.name, value, scope, &mut names) {
                Ok(selected) => scope = selected,
                Err(error) => fault(error.at(token.column))?,
            }
            if let Some(number) = scope.layer {
                merged.layers.entry(number).or_insert(token.column);
            }
            if scope.effect.is_some() {
                merged.effects.entry(scope).or_insert(token.column);
            }
            if merged.layers.len() + merged.effects.len() > limits::LAYERS {
                let message = format!("more than {} layers and effects", limits::LAYERS);
                return Err(Error::too_large(message).at(token.column));
            }
            continue;
        }
        if nested && entry.row.ignored_when_nested() {
            merged.ignored.push(ignore(Why::OutOfPlace("nested requests do not have it")));
            continue;
        }
        // Decoding or a variable removed the closing bracket.
        if takes_request(name) && is_open(value.trim()) {
            let message = format!("{}={value}: a bracket is not closed", entry.row.name());
            fault(Error::new(ErrorKind::Syntax, message).at(token.column))?;
            continue;
        }
        match entry.row.place(scope) {
            Ok(place) => {
                let binding = Binding { entry, value, token };
                let before = merged.bindings.insert((place, entry.slot), binding);
                merged.overridden.extend(before.map(|before| (place, before)));
            }
            Err(why) => merged.ignored.push(ignore(Why::OutOfPlace(why))),
        }
    }
    Ok(merged)
}

/// What `layer=value` or `effect=value` selects, where `scope` is selected and some layers have
/// names. A new name is added to them.
pub fn select<'a>(
    command: &str,
    value: &'a str,
    scope: Scope,
    names: &mut BTreeMap<&'a str, u32>,
) -> Result<Scope> {
    match command {
        "effect" => effect(&Args { command: "effect", value }, scope),
        _ => layer(value, names),
    }
}

/// Handles a fault: returns an error to end the request, or records the fault and returns `Ok` to
/// continue.
pub type Faults<'f> = dyn FnMut(Error) -> Result<()> + 'f;

/// `layer=n`, `layer=comp`, `layer=n,name`, `layer=name` (r-layer).
fn layer<'a>(value: &'a str, names: &mut BTreeMap<&'a str, u32>) -> Result<Scope> {
    let args = Args { command: "layer", value };
    let number_of = |text: &str| match text.parse::<u32>() {
        Ok(number) if i32::try_from(number).is_ok() => Some(number),
        Ok(_) | Err(_) => None,
    };
    let selected = |number| Scope { layer: Some(number), effect: None };
    let Some(first) = args.text(0) else { return Ok(Scope::COMPOSITE) };
    if first.eq_ignore_ascii_case("comp") {
        return Ok(Scope::COMPOSITE);
    }
    let Some(number) = number_of(first) else {
        if first.parse::<f64>().is_ok() {
            return Err(args.wrong("an integer from 0 up, comp, or a layer's name"));
        }
        let number = names.get(first).copied().ok_or_else(|| {
            let defined: Vec<&str> = names.keys().copied().collect();
            let defined = if defined.is_empty() { "none".to_owned() } else { defined.join(", ") };
            let message =
                format!("layer={first}: no layer has this name; the named layers are: {defined}");
            Error::new(ErrorKind::UnknownLayer, message)
        });
        return number.map(selected);
    };
    match args.text(1) {
        Some(name) if name.eq_ignore_ascii_case("comp") => {
            Err(args.wrong("a name other than comp, which names the composite image"))
        }
        Some(name) => {
            let owner = *names.entry(name).or_insert(number);
            if owner == number {
                return Ok(selected(number));
            }
            Err(args.wrong(&format!("another name: {name} is layer {owner} already")))
        }
        None => Ok(selected(number)),
    }
}

/// `effect=n`. 0 selects the layer again, because real sites use it that way (E1).
fn effect(args: &Args, scope: Scope) -> Result<Scope> {
    let wanted = "an integer: below 0 behind the layer, above 0 within it";
    let number = match args.text(0) {
        None => None,
        Some(text) => Some(text.parse::<i32>().ok().ok_or_else(|| args.wrong(wanted))?),
    };
    Ok(Scope { effect: number.filter(|number| *number != 0), ..scope })
}
