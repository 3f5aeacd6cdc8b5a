//! Reads commands of a request before they are merged and evaluated.

use std::borrow::Cow;

use super::{RequestContext, access::Named, origin::Text};
use crate::{
    commands::{Reply, literal},
    error::Result,
    protocol::{Origin, Token, TokenKind, Variables},
};

/// Commands, and the variables to substitute in their values. Only the requested values are
/// substituted, because they are few.
pub struct Filled<'a> {
    tokens: &'a [Token],
    variables: Variables,
}

impl<'a> Filled<'a> {
    /// The commands of a request for an object. Each command can use the variables that any token
    /// defines.
    pub fn of(tokens: &'a [Token], object: &str) -> Self {
        let mut variables = Variables::of(object);
        variables.collect(tokens);
        Self { tokens, variables }
    }

    /// The variables of the request.
    pub fn into_variables(self) -> Variables {
        self.variables
    }

    /// The last value of a command; `None` if the command does not occur.
    pub fn last(&self, wanted: &str) -> Result<Option<Cow<'a, str>>> {
        last(self.tokens, wanted).map(|value| self.value(wanted, value)).transpose()
    }

    /// The requested kind of reply; `None` if `req=` names no known kind.
    pub fn reply(&self) -> Result<Option<Reply>> {
        Ok(kind(&self.last("req")?.unwrap_or_default()))
    }

    /// The value of a command with variables substituted.
    pub fn value(&self, name: &str, value: &'a str) -> Result<Cow<'a, str>> {
        if !value.contains('$') || literal(name, value) {
            return Ok(value.into());
        }
        let filled = self.variables.insert(value)?;
        Ok(filled.trim().to_owned().into())
    }
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

/// The last value of a command; `None` if the command does not occur.
pub fn last<'a>(tokens: &'a [Token], wanted: &str) -> Option<&'a str> {
    let mut values = tokens.iter().filter_map(command).filter(|(name, _)| *name == wanted);
    values.next_back().map(|(_, value)| value.trim())
}

/// Returns who names the object in a command: the request's catalog if the command comes from its
/// macro, its record or the text of its rule, or from a nested request in them, and contains no
/// variable; else the request. `texts` are the texts that the tokens come from.
pub fn named_by(token: Option<&Token>, context: &RequestContext, texts: &[Text]) -> Named {
    let owned = |token: &Token| {
        let own = match usize::from(token.origin.text).checked_sub(1) {
            Some(at) => {
                texts.get(at).is_some_and(|text| text.object.root == context.requester.root)
            }
            None => {
                let written = || context.applied.written.contains(&token.raw);
                let called = token.origin.call.is_some() && context.is_of_requester();
                called || context.named == Named::Owner || written()
            }
        };
        own && !command(token).is_some_and(|(_, value)| value.contains('$'))
    };
    if token.is_some_and(owned) { Named::Owner } else { Named::Request }
}

/// The definition of a variable, as if the request contained it.
pub fn variable(name: &str, value: &str) -> Token {
    let kind = TokenKind::Variable { name: name.to_owned(), value: value.to_owned() };
    Token { kind, raw: String::new(), column: 0, origin: Origin::default() }
}

/// The requested kind of reply; `None` if `req=` names no known kind.
pub fn reply(tokens: &[Token]) -> Option<Reply> {
    kind(last(tokens, "req").unwrap_or_default())
}

fn kind(value: &str) -> Option<Reply> {
    Reply::named(value.split(',').next().unwrap_or_default().trim())
}

/// Whether an image is requested. Default and error images replace nothing else (J4, J9).
pub fn is_an_image(reply: Option<Reply>) -> bool {
    matches!(reply, Some(Reply::Img | Reply::Tmb))
}
