//! The shape of a level's tiles.

/// The shape that a level of a pyramid declares for each of its tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileSpec {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Stored samples per pixel, 8 bits each.
    pub samples: u8,
}
