//! The language: tokens, macros, variables, arguments. It knows no command by name.

mod args;
mod encoding;
mod lexer;
mod macros;
mod variables;

pub use args::Args;
pub use encoding::{decode_path, decode_value};
pub use lexer::{RawRequest, Token, TokenKind, read, tokens};
pub use macros::{Macros, expand};
pub use variables::substitute;
