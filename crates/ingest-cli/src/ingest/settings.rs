//! The settings of a pyramid. The record stores them, so that a later run notices a change.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    profile::{PixelCrop, Profile, Shape, UnsharpMask},
    tiles::{Compression, Subsampling},
};
use crate::args::BuildArgs;

/// The version of the pyramid builder. Incrementing it makes the next run rebuild all pyramids.
const BUILDER_VERSION: u32 = 3;

/// Everything besides the original that determines the bytes of a pyramid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    #[serde(rename = "maker")]
    builder_version: u32,
    /// Whether the original is stored unchanged.
    pub as_is: bool,
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// JPEG quality of the tiles, 1 to 100.
    pub quality: u8,
    /// The compression of the tiles.
    #[serde(default)]
    pub compression: Compression,
    /// Chroma subsampling of JPEG tiles.
    #[serde(default)]
    pub chroma: Subsampling,
    /// Pixels to cut off each side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixel_crop: Option<PixelCrop>,
    /// Sharpens the levels smaller than half size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsharp_mask: Option<UnsharpMask>,
    /// The smart crops to compute, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub smart_crop: BTreeMap<String, Shape>,
    /// The swatch to compute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swatch: Option<Shape>,
}

impl Settings {
    /// The settings of the command line, completed by the profile, completed by the defaults.
    pub fn new(build: &BuildArgs, as_is: bool, profile: &Profile) -> Self {
        let default = originals::Options::default();
        Self {
            builder_version: BUILDER_VERSION,
            as_is,
            tile: build.tile.or(profile.tile).unwrap_or(default.tile),
            quality: build.quality.or(profile.quality).unwrap_or(default.quality),
            compression: profile.compression.unwrap_or_default(),
            chroma: profile.chroma.unwrap_or_default(),
            pixel_crop: profile.pixel_crop,
            unsharp_mask: profile.unsharp_mask,
            smart_crop: profile.smart_crop.clone(),
            swatch: profile.swatch,
        }
    }

    /// The settings for reprocessing an asset. A profile replaces all recorded settings but
    /// `as_is`, and the command line overrides both. Fails if the recorded settings cannot be read.
    pub fn for_reprocessing(
        build: &BuildArgs,
        recorded: Value,
        profile: Option<&Profile>,
    ) -> Result<Self> {
        let recorded: Self = serde_json::from_value(recorded)
            .context("the settings in the record cannot be read: ingest the original again")?;
        Ok(match profile {
            Some(profile) => Self::new(build, recorded.as_is, profile),
            None => Self {
                builder_version: BUILDER_VERSION,
                tile: build.tile.unwrap_or(recorded.tile),
                quality: build.quality.unwrap_or(recorded.quality),
                ..recorded
            },
        })
    }

    /// The options for the crate `originals`.
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
            subsampling: self.chroma.into(),
            crop: originals::Crop {
                left: crop.left,
                right: crop.right,
                top: crop.top,
                bottom: crop.bottom,
            },
            unsharp: self.unsharp_mask.map(unsharp),
            // An option of the run, not a setting that the record stores.
            allow_damaged: false,
        }
    }

    /// The settings as the record stores them.
    pub fn to_json(&self) -> Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}
