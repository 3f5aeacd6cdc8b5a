//! The `Modifier` of a record as a layer above layer 0 uses it (r-image-catalogs: "prefix commands
//! for the current layer").

use super::tokens;
use crate::{
    commands::{Apply, Row, find},
    protocol::{Origin, Token, TokenKind},
};

/// The commands of a `Modifier` that apply to the layer of this number: its layer attributes, as
/// far as they belong to no other layer. They begin with `layer=`, at `column` of the request.
pub fn of_layer(modifier: Vec<Token>, number: u32, column: usize) -> Vec<Token> {
    let mut part = vec![select(&number.to_string(), column)];
    // The name that the record gives to its own layer 0.
    let mut name = None;
    let mut own = true;
    for token in modifier {
        let Some((command, value)) = tokens::command(&token) else { continue };
        if command == "layer" {
            own = is_own(value, &mut name);
            if own {
                part.push(select(&number.to_string(), column));
            }
        } else if own && is_attribute(command) {
            part.push(token);
        }
    }
    part
}

/// `layer=value`
pub fn select(value: &str, column: usize) -> Token {
    let kind = TokenKind::Command { name: "layer".into(), value: value.to_owned() };
    Token { kind, raw: format!("layer={value}"), column, origin: Origin::default() }
}

/// Whether `layer=` selects the composite or layer 0 of a record.
fn is_own(value: &str, name: &mut Option<String>) -> bool {
    let (layer, own_name) = value.split_once(',').unwrap_or((value, ""));
    let (layer, own_name) = (layer.trim(), own_name.trim());
    let first = layer.parse() == Ok(0_u32);
    if first && !own_name.is_empty() {
        *name = Some(own_name.to_owned());
    }
    first
        || layer.is_empty()
        || layer.eq_ignore_ascii_case("comp")
        || name.as_deref() == Some(layer)
}

/// Whether a command is an attribute of a layer or of an effect, or selects an effect.
fn is_attribute(command: &str) -> bool {
    find(command).is_some_and(|entry| match entry.row {
        Row::Operation(..) => true,
        Row::Command(row) => {
            matches!(row.apply, Apply::Layer(..) | Apply::Appearance(..)) || row.name == "effect"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::takes_request;

    fn part(modifier: &str) -> String {
        let tokens = crate::protocol::tokens(modifier, takes_request).unwrap();
        let part = of_layer(tokens, 3, 7);
        part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join("&")
    }

    #[test]
    fn a_modifier_gives_its_layer_attributes_to_the_layer() {
        assert_eq!(
            part("size=9,9&wid=5&fmt=png&op_blur=1&pos=1,2&v=1&.note&opac=50&req=tmb"),
            "layer=3&size=9,9&op_blur=1&pos=1,2&opac=50"
        );
    }

    #[test]
    fn commands_of_other_layers_of_the_record_are_ignored() {
        assert_eq!(
            part(
                "layer=0,bg&rotate=9&layer=1,top&rotate=8&layer=bg&flip=lr&layer=top&flip=ud&layer=comp&hide=1"
            ),
            "layer=3&layer=3&rotate=9&layer=3&flip=lr&layer=3&hide=1"
        );
        assert_eq!(
            part("effect=-1&color=0,0,0&layer=2&effect=-1&color=9,9,9&layer=0&opac=5"),
            "layer=3&effect=-1&color=0,0,0&layer=3&opac=5"
        );
    }
}
