//! Computes smart crops and swatches of a finished pyramid, and writes them into its record.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Crop, Record, Swatch},
    codec::Codecs,
    http::HttpRequest,
    pyramid::Index,
    serve::serve,
    store::Store,
};
use subject::{Region, Subject};

use super::{profile::Shape, settings::Settings};
use crate::asset::Asset;

/// The smart crops and the swatch of a picture.
#[derive(Debug, Clone, Default)]
pub struct SmartCrops {
    crops: BTreeMap<String, Crop>,
    swatch: Option<Swatch>,
}

/// Computes the smart crops and the swatch of the settings, from the picture as it is served.
pub async fn find(
    settings: &Settings,
    asset: &Asset,
    index: &Index,
    store: &(impl Store + Codecs),
) -> Result<SmartCrops> {
    if settings.smart_crop.is_empty() && settings.swatch.is_none() {
        return Ok(SmartCrops::default());
    }
    let subject = detect_subject(asset, index, store).await.context("looking for the subject")?;
    // Only the ratio of a shape matters, so equal ratios give equal crops.
    let crop = |(name, shape): (&String, &Shape)| {
        (name.clone(), to_crop(*shape, subject.crop(shape.width, shape.height)))
    };
    let swatch = settings.swatch.map(|shape| {
        let found = subject.swatch(shape.width, shape.height);
        let [red, green, blue] = found.color;
        let color = format!("0x{red:02X}{green:02X}{blue:02X}");
        Swatch { color, crop: to_crop(shape, found.region) }
    });
    Ok(SmartCrops { crops: settings.smart_crop.iter().map(crop).collect(), swatch })
}

fn to_crop(shape: Shape, Region { x, y, width, height }: Region) -> Crop {
    // Six digits are more precise than a pixel of any picture.
    let rect = [x, y, width, height].map(|part| (part * 1e6).round() / 1e6);
    Crop { rect, width: shape.width, height: shape.height, found: Some(rect) }
}

async fn detect_subject(
    asset: &Asset,
    index: &Index,
    store: &(impl Store + Codecs),
) -> Result<Subject> {
    let level = index.levels.first().context("a pyramid without levels")?;
    let longer = if level.width >= level.height { "wid" } else { "hei" };
    let size = level.width.max(level.height).min(subject::SIZE);
    let request = HttpRequest {
        path: format!("/is/image/{}/{}", asset.root, asset.id),
        query: format!("{longer}={size}&fmt=png"),
        ..HttpRequest::default()
    };
    let reply = serve(&request, store, || 0.0).await;
    if reply.status != 200 {
        bail!("{}", String::from_utf8_lossy(&reply.body).trim());
    }
    let picture = image::load_from_memory(&reply.body)?.into_rgb8();
    Ok(Subject::new(picture.width(), &picture))
}

impl SmartCrops {
    /// Writes the crops and the swatch into a record. Crops that were edited by hand stay. Removes
    /// other crops that the settings no longer name.
    pub fn write(self, record: &mut Record) {
        record.crops.retain(|name, crop| is_edited(crop) || self.crops.contains_key(name));
        for (name, mut crop) in self.crops {
            if let Some(old) = record.crops.get(&name).filter(|old| is_edited(old)) {
                crop.rect = old.rect;
            }
            record.crops.insert(name, crop);
        }
        record.swatch = match (record.swatch.take(), self.swatch) {
            (Some(old), Some(mut new)) if is_edited(&old.crop) => {
                new.crop.rect = old.crop.rect;
                Some(Swatch { color: old.color, crop: new.crop })
            }
            (Some(old), None) if is_edited(&old.crop) => Some(old),
            (_, new) => new,
        };
    }
}

/// Whether a crop was edited by hand, so that it differs from the computed one.
fn is_edited(crop: &Crop) -> bool {
    crop.found != Some(crop.rect)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> SmartCrops {
        let crop = to_crop(
            Shape { width: 2, height: 1 },
            Region { x: 0.25, y: 0.0, width: 0.5, height: 1.0 },
        );
        let crops = names.iter().map(|&name| (name.to_owned(), crop.clone())).collect();
        SmartCrops { crops, swatch: None }
    }

    #[test]
    fn crops_edited_by_hand_stay_and_the_rest_follows_the_profile() {
        let mut record = Record::default();
        found(&["Large", "Medium", "Small"]).write(&mut record);
        let by_hand = [0.1, 0.1, 0.2, 0.2];
        record.crops.entry("Small".to_owned()).and_modify(|crop| crop.rect = by_hand);
        let own = Crop { rect: by_hand, width: 9, height: 9, found: None };
        record.crops.insert("Own".to_owned(), own.clone());
        found(&["Large", "Small"]).write(&mut record);
        let names: Vec<&str> = record.crops.keys().map(String::as_str).collect();
        assert_eq!(names, ["Large", "Own", "Small"]);
        assert_eq!((record.crops["Small"].rect, &record.crops["Own"]), (by_hand, &own));
        found(&["Small"]).write(&mut record);
        assert_eq!(record.crops["Small"].rect, by_hand, "a second time, too");
    }
}
