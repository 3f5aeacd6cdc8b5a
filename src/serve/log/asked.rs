//! What the log tells of a URL.

use super::text::cut;
use crate::{
    catalog::signature,
    commands::takes_request,
    http::HttpRequest,
    limits,
    protocol::{TokenKind, composed, decode_path, tokens},
};

/// The path of each route that is logged, and its name in the log.
const ROUTES: [(&str, &str); 2] = [("/is/image/", "image"), ("/is/content/", "content")];

/// What a URL asks for, without the modifiers.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// `image` or `content`.
    pub route: &'static str,
    /// The object as the URL names it, decoded.
    pub object: String,
    /// The presets that it calls.
    pub presets: Vec<String>,
    /// The kind of reply in `req=`; empty for an image.
    pub req: String,
}

impl Asked {
    /// What a request asks for; `None` if it is not for an image or for static content.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let named =
            |(path, route): &(&str, &'static str)| Some((*route, request.path.strip_prefix(path)?));
        let (route, path) = ROUTES.iter().find_map(named)?;
        let object = decode_path(path);
        let object = cut(composed(&object).trim_matches('/'));
        let (mut presets, mut req) = (Vec::new(), String::new());
        for token in tokens(&request.query, takes_request).unwrap_or_default() {
            match token.kind {
                TokenKind::Macro(name) if presets.len() < limits::LOGGED_PRESETS => {
                    presets.push(cut(&name));
                }
                TokenKind::Command { name, value } if name == "req" => {
                    let kind = value.split(',').next().unwrap_or_default().trim();
                    req = kind.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
                }
                TokenKind::Macro(_)
                | TokenKind::Command { .. }
                | TokenKind::Variable { .. }
                | TokenKind::Comment => {}
            }
        }
        Some(Self { route, object, presets, req })
    }
}

/// The path and the query of a request, without the signature.
pub fn url(request: &HttpRequest) -> String {
    let query = signature::without(&request.query);
    let between = if query.is_empty() { "" } else { "?" };
    [request.path.as_str(), between, query].concat()
}
