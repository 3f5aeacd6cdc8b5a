//! Macro definition files: a name, white space, and modifiers a line.

use crate::{
    commands::takes_request,
    error::{Error, ErrorKind, Result},
    protocol::Macros,
};

/// Reads a macro file. A macro may call those defined above it.
pub fn parse(text: &str) -> Result<Macros> {
    let mut macros = Macros::default();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, definition) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !name.bytes().all(named) {
            let message = format!("line {}: {name} is no macro name", number + 1);
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        macros.define(name, definition.trim(), takes_request)?;
    }
    Ok(macros)
}
