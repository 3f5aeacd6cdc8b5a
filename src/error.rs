//! What can go wrong, and the one table that says how the client hears of it.

use std::fmt;

/// A request that could not be answered: what kind, and whose fault.
///
/// `message` is the line a client may read; `detail` is only for logs and `ErrorDetail` 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Decides status, title and whether a retry can help.
    pub kind: ErrorKind,
    /// One line that names the command, the value and, where there is one, the mend.
    pub message: String,
    /// What an operator wants to know besides: keys, offsets, the storage's own words.
    pub detail: Option<String>,
    /// Where in the modifiers the fault is, in bytes from their start.
    pub column: Option<usize>,
}

/// The kinds of failure the protocol tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The sentence cannot be read: brackets, encoding, the shape of a request.
    Syntax,
    /// A known command has a value that is not of its type.
    Value,
    /// `$name$` calls a macro that no catalog defines.
    UnknownMacro,
    /// `layer=` names a layer that does not exist.
    UnknownLayer,
    /// No such image, record or template.
    NotFound,
    /// A lock, a rule or an address filter says no.
    Forbidden,
    /// A promised limit would be passed: `MaxPix`, memory, nesting, reads.
    TooLarge,
    /// Something documented that this server does not do (yet).
    Unsupported,
    /// The stored image is damaged, or not what its header says.
    BadSource,
    /// The object was replaced while it was read, twice in a row.
    Changed,
    /// The store failed or timed out.
    Storage,
    /// Other requests have all the memory.
    Busy,
    /// An invariant of the engine broke.
    Bug,
}

impl ErrorKind {
    /// HTTP status, where the catalog does not say otherwise ([`ErrorPolicy::status`]), and title.
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
            Self::BadSource => (500, "Damaged source image"),
            Self::Changed => (503, "Source image is being replaced"),
            Self::Storage => (503, "Storage unavailable"),
            Self::Busy => (503, "Server busy"),
            Self::Bug => (500, "Internal error"),
        }
    }
}

/// What a catalog says of its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorPolicy {
    /// `ErrorDetail`: 0 or 1 title only, 2 the message, 3 as 2.
    pub detail: u8,
    /// `MissingStatus`, which is ours: the HTTP status of what is not there, 403 or 404.
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

    /// `command` has a value it cannot take; `wanted` says what it takes.
    pub fn value(command: &str, value: &str, wanted: &str) -> Self {
        Self::new(ErrorKind::Value, format!("{command}={value}: expected {wanted}"))
    }

    /// A documented command or form that is refused by name.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// The stored image is damaged; `message` says where.
    pub fn bad_source(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::BadSource, message)
    }

    /// A limit of this server would be passed.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    /// An invariant broke; never the client's fault.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Bug, message)
    }

    /// Says where in the modifiers the fault is, unless that is known more closely.
    pub fn at(mut self, column: usize) -> Self {
        self.column = self.column.or(Some(column));
        self
    }

    /// The error with the names that there are in its message, for who may learn them.
    pub fn listed(mut self) -> Self {
        if self.kind == ErrorKind::UnknownMacro
            && let Some(list) = self.detail.take()
        {
            self.message.push_str("; ");
            self.message.push_str(&list);
        }
        self
    }

    /// Adds what only an operator should see.
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
