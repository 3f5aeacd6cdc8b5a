//! The syntax of requests: tokens, macros, variables, arguments. This module knows no command
//! names.

mod args;
mod composed;
mod document;
mod encoding;
mod remote;
mod lexer;
mod macros;
mod nested;
mod path;
mod variables;

pub use args::Args;
pub use composed::composed;
pub use document::{ENCODINGS, Encoding};
pub use encoding::{decode_path, decode_value, encoded, push_byte, spelled_path, spelled_query};
pub use lexer::{Origin, RawRequest, Token, TokenKind, read, read_nested, readable, tokens};
pub use macros::{Macros, expand};
pub use nested::{Wrapper, embedded, is_open, opens};
pub use path::{Path, Step};
pub use remote::{RemoteRules, public};
pub use variables::{Variables, substitute};
