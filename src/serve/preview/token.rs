//! The token of requests for lists: `Authorization: Bearer TOKEN` (RFC 6750, 2.1).

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Which token a request for a list must have.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Token {
    /// The server has none, so it lists nothing.
    #[default]
    Unset,
    /// No token is needed.
    Any,
    /// This one.
    Secret(String),
}

impl Token {
    /// Parses `PREVIEW_TOKEN`; `*` needs no token.
    pub fn parse(text: &str) -> Self {
        match text.trim() {
            "" => Self::Unset,
            "*" => Self::Any,
            secret => Self::Secret(secret.to_owned()),
        }
    }

    /// Whether the `Authorization` header of a request has the token. The comparison takes as long
    /// for a wrong token as for the right one.
    pub fn admits(&self, authorization: Option<&str>) -> bool {
        match self {
            Self::Unset => false,
            Self::Any => true,
            Self::Secret(secret) => authorization.and_then(bearer).is_some_and(|sent| {
                let codes = code(sent).zip(code(secret));
                codes.is_some_and(|(sent, secret)| {
                    secret.verify(&sent.finalize().into_bytes()).is_ok()
                })
            }),
        }
    }
}

/// Tokens are secret, also in messages for developers.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unset => "Unset",
            Self::Any => "Any",
            Self::Secret(_) => "Secret",
        })
    }
}

/// The token in a header.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// A code of a token. Codes are compared in constant time, whatever the lengths of their tokens.
fn code(token: &str) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(token.as_bytes()).ok().map(|code: Hmac<Sha256>| code.chain_update("token"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_admits_itself_alone() {
        let token = Token::parse(" f00d-4-cats\n");
        for sent in ["Bearer f00d-4-cats", "bearer  f00d-4-cats "] {
            assert!(token.admits(Some(sent)), "{sent}");
        }
        for sent in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer *",
            "Bearer f00d-4-cat",
            "Bearer f00d-4-catss",
            "Bearer F00D-4-CATS",
            "Basic f00d-4-cats",
            "f00d-4-cats",
            "Bearer f00d-4-cats, Bearer x",
        ] {
            assert!(!token.admits(Some(sent)), "{sent}");
        }
        assert!(!token.admits(None));
        assert_eq!(format!("{token:?}"), "Secret");
    }

    #[test]
    fn token_a_star_needs_none_and_without_one_nobody_is_admitted() {
        assert!(Token::parse("*").admits(None) && Token::parse(" * ").admits(Some("Bearer x")));
        for unset in ["", " \n"] {
            let token = Token::parse(unset);
            assert_eq!(token, Token::Unset);
            assert!(!token.admits(None) && !token.admits(Some("Bearer ")));
        }
    }
}
