//! What the commands of a request say, before they are carried out.

use crate::{
    commands::literal,
    error::Result,
    protocol::{Token, TokenKind, Variables, substitute},
};

/// The commands with their variables put in, those of all tokens known to each.
pub fn filled(tokens: &[Token], object: &str) -> Result<Vec<Token>> {
    let mut variables = Variables::of(object);
    variables.collect(tokens);
    substitute(tokens.to_vec(), &variables, literal)
}

/// Name and value of a command; `None` for macros, variables and comments.
pub fn command(token: &Token) -> Option<(&str, &str)> {
    match &token.kind {
        TokenKind::Command { name, value } => Some((name, value)),
        TokenKind::Macro(_) | TokenKind::Variable { .. } | TokenKind::Comment => None,
    }
}

/// Whether a token is this command.
pub fn is(token: &Token, wanted: &str) -> bool {
    command(token).is_some_and(|(name, _)| name == wanted)
}

/// The value a command was given last.
pub fn last<'a>(tokens: &'a [Token], wanted: &str) -> Option<&'a str> {
    let mut values = tokens.iter().filter_map(command).filter(|(name, _)| *name == wanted);
    values.next_back().map(|(_, value)| value.trim())
}

/// Whether a picture is asked for: default and error images stand for nothing else (J4, J9).
pub fn is_for_an_image(tokens: &[Token]) -> bool {
    let kind = last(tokens, "req").unwrap_or_default();
    let kind = kind.split(',').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "img" | "tmb" | "tile")
}
