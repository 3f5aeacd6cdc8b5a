//! What the commands of a request say, before they are carried out.

use crate::{
    commands::{Reply, literal},
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

/// What is asked for; `None` where there is no such kind of reply.
pub fn reply(tokens: &[Token]) -> Option<Reply> {
    let kind = last(tokens, "req").unwrap_or_default();
    Reply::named(kind.split(',').next().unwrap_or_default().trim())
}

/// Whether a picture is asked for: default and error images stand for nothing else (J4, J9).
pub fn is_an_image(reply: Option<Reply>) -> bool {
    matches!(reply, Some(Reply::Img | Reply::Tmb))
}
