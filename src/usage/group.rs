//! The groups under which commands are listed.

use serde::Serialize;

/// A group of commands, in the order in which people need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Size, crop, format, quality and sharpness: what a preset consists of.
    Basic,
    /// What layers consist of, and how they are put together.
    Layers,
    /// All others.
    Advanced,
}

impl Group {
    /// All groups, in order, each with its title.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Basic, "Basic"), (Self::Layers, "Layers"), (Self::Advanced, "Advanced")];
}
