//! Why no pyramid can be made of an original.

use std::{fmt, io};

/// Why no pyramid can be made of an original.
#[derive(Debug)]
pub struct Unreadable {
    message: String,
    damaged: bool,
}

impl Unreadable {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), damaged: false }
    }

    /// Marks an error that [`crate::Options::allow_damaged`] would tolerate.
    pub(crate) fn damaged(self) -> Self {
        Self { damaged: true, ..self }
    }

    /// Whether [`crate::Options::allow_damaged`] would tolerate this error.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::new("the file ends too early");
        }
        Self::new(error.to_string())
    }
}

impl From<image::ImageError> for Unreadable {
    fn from(error: image::ImageError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<azulejo::error::Error> for Unreadable {
    fn from(error: azulejo::error::Error) -> Self {
        Self::new(error.message)
    }
}
