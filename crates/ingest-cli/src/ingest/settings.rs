//! What makes a pyramid besides its original: kept in the record, so that a change is seen.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    profile::{PixelCrop, Profile, Shape, UnsharpMask},
    tiles::{Compression, Subsampling},
};
use crate::args::Making;

/// Grows when the same original and settings give a better pyramid: then all are made again.
const MAKER: u32 = 3;

/// Everything that decides what a pyramid looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    maker: u32,
    /// The original is stored as it is.
    pub as_is: bool,
    /// Pixels across and down a tile.
    pub tile: u32,
    /// JPEG quality of the tiles.
    pub quality: u8,
    /// How the tiles are compressed.
    #[serde(default)]
    pub compression: Compression,
    /// How often JPEG tiles store colours.
    #[serde(default)]
    pub chroma: Subsampling,
    /// Pixels that are cut off each side: left, right, top, bottom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixel_crop: Option<PixelCrop>,
    /// Sharpening of the reduced levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsharp_mask: Option<UnsharpMask>,
    /// The smart crops to be found, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub smart_crop: BTreeMap<String, Shape>,
    /// The swatch to be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swatch: Option<Shape>,
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
            compression: profile.compression.unwrap_or_default(),
            chroma: profile.chroma.unwrap_or_default(),
            pixel_crop: profile.pixel_crop,
            unsharp_mask: profile.unsharp_mask,
            smart_crop: profile.smart_crop.clone(),
            swatch: profile.swatch,
        }
    }

    /// The same again, from a record: another profile replaces all but `as_is`, the command line
    /// wins over both.
    pub fn again(making: &Making, recorded: Value, profile: Option<&Profile>) -> Result<Self> {
        let recorded: Self = serde_json::from_value(recorded)
            .context("the settings in the record cannot be read: ingest the original again")?;
        Ok(match profile {
            Some(profile) => Self::new(making, recorded.as_is, profile),
            None => Self {
                maker: MAKER,
                tile: making.tile.unwrap_or(recorded.tile),
                quality: making.quality.unwrap_or(recorded.quality),
                ..recorded
            },
        })
    }

    /// As the maker of pyramids takes it.
    pub fn options(&self) -> originals::Options {
        let crop = self.pixel_crop.unwrap_or_default();
        let unsharp = |mask: UnsharpMask| originals::Unsharp {
            amount: mask.amount,
            radius: mask.radius,
            threshold: mask.threshold,
        };
        originals::Options {
            tile: self.tile,
            quality: self.quality,
            compression: self.compression.into(),
            chroma: self.chroma.into(),
            crop: originals::Crop {
                left: crop.left,
                right: crop.right,
                top: crop.top,
                bottom: crop.bottom,
            },
            unsharp: self.unsharp_mask.map(unsharp),
            // How a run is made, not what is made: no setting that a record keeps.
            allow_damaged: false,
        }
    }

    /// As the record keeps it.
    pub fn to_json(&self) -> Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}
