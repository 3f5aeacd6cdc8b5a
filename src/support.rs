//! How far a row of a table is carried out.

/// How far a command, an operation or an attribute is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// As documented.
    Full,
    /// As documented but for what the text says.
    Partial(&'static str),
    /// Understood; it cannot change what this server answers, for the reason in the text.
    Accepted(&'static str),
    /// Not carried out: a value that would change the picture is an error.
    Refused,
}
