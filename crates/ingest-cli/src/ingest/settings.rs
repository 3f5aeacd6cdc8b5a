//! What makes a pyramid besides its original: kept in the record, so that a change is seen.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use super::profile::Profile;
use crate::args::Making;

/// Grows when the same original and settings give another pyramid: then all are made again.
const MAKER: u32 = 1;

/// Everything that decides what a pyramid looks like.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    maker: u32,
    /// The original is stored as it is.
    pub as_is: bool,
    /// Pixels across and down a tile.
    pub tile: u32,
    /// JPEG quality of the tiles.
    pub quality: u8,
}

impl Settings {
    /// What the command line says, else the profile, else the defaults.
    pub fn new(making: &Making, as_is: bool, profile: &Profile) -> Self {
        let default = originals::Options::default();
        Self {
            maker: MAKER,
            as_is,
            tile: making.tile.or(profile.tile).unwrap_or(default.tile),
            quality: making.quality.or(profile.quality).unwrap_or(default.quality),
        }
    }

    /// As the record keeps it.
    pub fn to_json(&self) -> Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}
