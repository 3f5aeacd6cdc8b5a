//! The kinds of errors, and the table of their HTTP statuses and titles.

use std::fmt;

use crate::limits;

/// The error of a request.
///
/// The client may read `message`; `detail` is for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The kind, which determines the status and the title, and whether a retry can help.
    pub kind: ErrorKind,
    /// One line that names the command, the value and, where possible, the fix.
    pub message: String,
    /// More information for an operator: keys, offsets, the storage's own message.
    pub detail: Option<String>,
    /// Byte offset of the error in the modifiers (the query string), if known.
    pub column: Option<usize>,
}

/// The kinds of errors that the protocol distinguishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request cannot be parsed: brackets, encoding or its structure.
    Syntax,
    /// A known command has a value that is not of its type.
    Value,
    /// `$name$` calls a macro that no catalog defines.
    UnknownMacro,
    /// `layer=` names a layer that does not exist.
    UnknownLayer,
    /// No such image, record or template.
    NotFound,
    /// A lock, a rule or an address filter refuses the request.
    Forbidden,
    /// The request exceeds a limit: `MaxPix`, memory, nesting or reads.
    TooLarge,
    /// A documented feature that this server does not support.
    Unsupported,
    /// A feature that this build of the engine goes without.
    NotBuilt,
    /// The stored image is damaged, or contradicts its header.
    BadSource,
    /// The object was replaced while it was read, twice in a row.
    Changed,
    /// The store failed or timed out.
    Storage,
    /// Other requests use all the memory.
    Busy,
    /// An invariant of the engine is violated.
    Bug,
}

impl ErrorKind {
    /// HTTP status and title. A catalog may override the status ([`ErrorPolicy::status`]).
    /// r-errors: "for most common errors it is 403".
    pub fn status(self) -> (u16, &'static str) {
        match self {
            Self::Syntax => (403, "Malformed request"),
            Self::Value => (403, "Invalid value"),
            Self::UnknownMacro => (403, "Invalid value"),
            Self::UnknownLayer => (403, "Unknown layer"),
            Self::NotFound => (403, "Image not found"),
            Self::Forbidden => (403, "Request refused"),
            Self::TooLarge => (403, "Request too large"),
            Self::Unsupported => (403, "Not supported"),
            Self::NotBuilt => (501, "Not in this build"),
            Self::BadSource => (500, "Damaged source image"),
            Self::Changed => (503, "Source image is being replaced"),
            Self::Storage => (503, "Storage unavailable"),
            Self::Busy => (503, "Server busy"),
            Self::Bug => (500, "Internal error"),
        }
    }
}

/// The settings of a catalog for its error replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorPolicy {
    /// `ErrorDetail`: 0 or 1 title only, 2 the message, 3 as 2.
    pub detail: u8,
    /// `MissingStatus`, our extension: the HTTP status of [`ErrorKind::NotFound`], 403 or 404.
    pub missing_status: u16,
}

impl Default for ErrorPolicy {
    fn default() -> Self {
        Self { detail: 2, missing_status: ErrorKind::NotFound.status().0 }
    }
}

impl ErrorPolicy {
    /// The HTTP status of a kind of error.
    pub fn status(self, kind: ErrorKind) -> u16 {
        if kind == ErrorKind::NotFound { self.missing_status } else { kind.status().0 }
    }
}

impl Error {
    /// An error of `kind` with a message for the client.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), detail: None, column: None }
    }

    /// `command` has the invalid value `value`; `wanted` describes the valid values.
    pub fn value(command: &str, value: &str, wanted: &str) -> Self {
        Self::new(ErrorKind::Value, format!("{command}={value}: expected {wanted}"))
    }

    /// A documented command or form that is unsupported; `message` names it.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// The stored image is damaged; `message` describes the damage.
    pub fn bad_source(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::BadSource, message)
    }

    /// The request exceeds a limit of this server.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    /// Other requests use all the memory of this server.
    pub fn busy() -> Self {
        let message = format!(
            "too many images are being rendered; try again in {} seconds, or request smaller ones",
            limits::RETRY_SECONDS
        );
        Self::new(ErrorKind::Busy, message)
    }

    /// An invariant of the engine is violated; this is never the client's fault.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Bug, message)
    }

    /// Sets the byte offset of the error in the modifiers, unless one is set already.
    pub fn at(mut self, column: usize) -> Self {
        self.column = self.column.or(Some(column));
        self
    }

    /// Moves the list of existing names from the detail of an [`ErrorKind::UnknownMacro`] into its
    /// message, for clients that may see it. Leaves other errors unchanged.
    pub fn listed(mut self) -> Self {
        if self.kind == ErrorKind::UnknownMacro
            && let Some(list) = self.detail.take()
        {
            self.message.push_str("; ");
            self.message.push_str(&list);
        }
        self
    }

    /// Sets the detail, which is for operators.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.status().1, self.message)
    }
}

impl std::error::Error for Error {}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
