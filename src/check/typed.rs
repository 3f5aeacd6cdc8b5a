//! The commands of a query string as typed: where each begins and ends, and what it applies to. A
//! form edits a URL with it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Level,
    lint::{At, Lint},
};
use crate::{
    catalog::Catalog,
    commands::{Apply, Place, Row, Scope, find, takes_request},
    protocol::{RawRequest, Token, TokenKind, Variables, readable},
    resolve::select,
};

/// One command, macro or variable of a query string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Typed {
    /// Its kind.
    pub kind: TypedKind,
    /// Its name as the protocol spells it, `wid`; without the `$` of macros and variables.
    pub name: String,
    /// Its decoded value; a nested request stays as written.
    pub value: String,
    /// Where it begins, in UTF-16 units.
    pub from: usize,
    /// Where it ends, in UTF-16 units: before the `&`.
    pub to: usize,
    /// How it is understood.
    pub level: Level,
    /// The layer that it applies to; absent for the request and for the composite image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
    /// The effect that it applies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<i32>,
}

/// The kinds of modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TypedKind {
    /// `name=value`
    Command,
    /// `$name$`
    Macro,
    /// `$name=value`
    Variable,
}

/// Reads a query string, in order. Where it cannot be read further, for example because a bracket
/// is not closed, the list ends.
pub fn typed(modifiers: &str) -> Vec<Typed> {
    let (tokens, _) = readable(modifiers, takes_request);
    let levels = levels(modifiers, &tokens);
    let mut position = Position::default();
    let mut names = BTreeMap::new();
    let mut scope = Scope::COMPOSITE;
    let mut list = Vec::new();
    for token in &tokens {
        let (kind, name, value) = match &token.kind {
            TokenKind::Command { name, value } => (TypedKind::Command, name, value.as_str()),
            TokenKind::Macro(name) => (TypedKind::Macro, name, ""),
            TokenKind::Variable { name, value } => (TypedKind::Variable, name, value.as_str()),
            TokenKind::Comment => continue,
        };
        let row = find(name).map(|entry| entry.row).filter(|_| kind == TypedKind::Command);
        if let Some(Row::Command(command)) = row
            && matches!(command.apply, Apply::Segment)
        {
            scope = select(command.name, value, scope, &mut names).unwrap_or(scope);
        }
        let Scope { layer, effect } = applies_to(kind, row, scope);
        list.push(Typed {
            kind,
            name: row.map_or_else(|| name.clone(), |row| row.name().to_owned()),
            value: value.to_owned(),
            from: position.at(modifiers, token.column),
            to: position.at(modifiers, token.column + token.raw.len()),
            level: levels.get(list.len()).copied().unwrap_or(Level::Understood),
            layer,
            effect,
        });
    }
    list
}

/// The scope that a modifier applies to; that of the request is [`Scope::COMPOSITE`].
fn applies_to(kind: TypedKind, row: Option<Row>, scope: Scope) -> Scope {
    match (kind, row) {
        (TypedKind::Variable, _) | (TypedKind::Command, None) => Scope::COMPOSITE,
        (TypedKind::Macro, _) => scope,
        (TypedKind::Command, Some(row)) => match row.place(scope) {
            Ok(Place::In(place)) => place,
            // It selects a layer or effect, which are those of the commands after it.
            Ok(Place::Request) if matches!(row.name(), "layer" | "effect") => scope,
            Ok(Place::Request) => Scope::COMPOSITE,
            // It has no effect there.
            Err(_) => scope,
        },
    }
}

/// The levels of all tokens but comments, as `check` finds them for any object.
fn levels(modifiers: &str, tokens: &[Token]) -> Vec<Level> {
    let catalog = Catalog::builtin();
    let mut lint = Lint::new(modifiers, catalog, false);
    let object = vec!["a".to_owned(), "a".to_owned()];
    let raw = RawRequest { object, tokens: tokens.to_vec() };
    lint.request(raw, Variables::of("a/a"), At::From(0), 0);
    lint.report().commands.iter().map(|found| found.level).collect()
}

/// Counts UTF-16 units, for offsets that only grow.
#[derive(Debug, Default)]
struct Position {
    byte: usize,
    units: usize,
}

impl Position {
    fn at(&mut self, text: &str, byte: usize) -> usize {
        let between = text.get(self.byte..byte).unwrap_or_default();
        self.units += between.encode_utf16().count();
        self.byte = byte;
        self.units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_their_place_in_the_text() {
        let text = "?WID=400&&amp;text=%20é😀&$product$&$v=1&.note&hei=3";
        let found = typed(text);
        let units: Vec<u16> = text.encode_utf16().collect();
        let slices: Vec<String> =
            found.iter().map(|one| String::from_utf16(&units[one.from..one.to]).unwrap()).collect();
        assert_eq!(slices, ["WID=400", "text=%20é😀", "$product$", "$v=1", "hei=3"]);
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["wid", "text", "product", "v", "hei"]);
        assert_eq!((found[1].value.as_str(), found[3].kind), (" é😀", TypedKind::Variable));
    }

    #[test]
    fn a_nested_request_is_one_value() {
        let found = typed("layer=1&src=is{a/b?wid=1&hei=2}&pos=1,2");
        assert_eq!(found.len(), 3);
        assert_eq!((found[1].value.as_str(), found[1].layer), ("is{a/b?wid=1&hei=2}", Some(1)));
    }

    #[test]
    fn each_command_has_the_layer_that_it_applies_to() {
        let found = typed(
            "size=9,9&op_blur=1&wid=3&layer=2,top&src=a/b&effect=-1&op_blur=3&layer=0&rotate=1\
             &layer=top&opac=5&wid=4&layer=comp&flip=lr",
        );
        let scopes: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.layer, one.effect)).collect();
        let wanted = [
            ("size", Some(0), None),
            ("op_blur", None, None),
            ("wid", None, None),
            ("layer", Some(2), None),
            ("src", Some(2), None),
            ("effect", Some(2), Some(-1)),
            ("op_blur", Some(2), Some(-1)),
            ("layer", Some(0), None),
            ("rotate", Some(0), None),
            ("layer", Some(2), None),
            ("opac", Some(2), None),
            ("wid", None, None),
            ("layer", None, None),
            ("flip", None, None),
        ];
        assert_eq!(scopes, wanted);
    }

    #[test]
    fn levels_are_those_of_check() {
        use Level::{Ignored, Understood, Unsupported, Wrong};
        let found = typed("wid=abc&x=1&fmt=heic&hei=3&src=is{a?wid=x}&pos=1,1#&qlt=3");
        let levels: Vec<Level> = found.iter().map(|one| one.level).collect();
        let wanted = [Wrong, Ignored, Unsupported, Understood, Understood, Ignored, Understood];
        assert_eq!(levels, wanted);
    }

    #[test]
    fn unreadable_text_ends_the_list() {
        let found = typed("wid=3&src=is(a/b?wid=1&hei=2");
        assert_eq!(found.len(), 1);
        assert_eq!(typed(""), []);
        assert_eq!(typed("&&&?=%zz&=&%00").len(), 3);
    }
}
