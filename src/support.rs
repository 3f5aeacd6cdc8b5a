//! How far the engine supports a row of a table.

/// How far the engine supports a command, an operation or an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// As documented.
    Full,
    /// As documented, with the exception in the text.
    Partial(&'static str),
    /// Parsed and validated, but cannot change what this server replies; the text explains why.
    Accepted(&'static str),
    /// Unsupported: a value that would change the image is an error.
    Refused,
}
