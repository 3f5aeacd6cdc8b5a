//! Where a tile belongs.

/// What the level of a pyramid says of each of its tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileSpec {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Samples of a pixel as they are stored, 8 bits each.
    pub samples: u8,
}
