//! The layers that are shared between isolates: those that take long to draw, so that a look-up
//! never takes longer.

use std::rc::Rc;

use futures_util::future::join_all;

use crate::{
    limits,
    pixel::{ColorModel, PixelFormat, Raster},
    plan::{DrawnLayer, Plan},
    reply::ENGINE,
    sort::sort_by,
    store::{LayerCache, Store},
};

/// The layers of a plan that are worth a look-up, the most expensive first.
pub fn expensive(plan: &Plan) -> Vec<DrawnLayer> {
    let bytes = |layer: &DrawnLayer| plan.graph.get(layer.node).map_or(0, |node| node.raster());
    let mut layers: Vec<DrawnLayer> = plan.layers.clone();
    layers.retain(|layer| {
        layer.work >= limits::SHARED_LAYER_WORK && bytes(layer) <= limits::SHARED_LAYER_BYTES
    });
    sort_by(&mut layers, |one, other| other.work.cmp(&one.work));
    layers.truncate(limits::SHARED_LAYERS);
    layers
}

/// Moves the layers that the store has to the cache of this isolate. Returns whether there were any.
pub async fn get(layers: &[DrawnLayer], store: &impl Store, cache: &LayerCache) -> bool {
    let found = join_all(layers.iter().map(|layer| store.layer_get(key(layer)))).await;
    let mut any = false;
    for (layer, bytes) in layers.iter().zip(found) {
        let raster = bytes.as_deref().and_then(raster).filter(|raster| {
            (raster.width, raster.height, raster.pixel)
                == (layer.area.width, layer.area.height, layer.pixel)
        });
        if let Some(raster) = raster {
            cache.put(layer.key.0, Rc::new(raster));
            any = true;
        }
    }
    any
}

/// Hands layers that were drawn to the store.
pub fn put(layers: &[DrawnLayer], store: &impl Store, cache: &LayerCache) {
    for layer in layers {
        if let Some(raster) = cache.get(layer.key.0) {
            store.layer_put(key(layer), bytes(&raster));
        }
    }
}

/// Another version of the engine may draw other pixels.
fn key(layer: &DrawnLayer) -> String {
    let digits: String = layer.key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("layers/{ENGINE}/{digits}")
}

/// A raster as bytes: width, height, number of colours, whether it has alpha, then its samples.
fn bytes(raster: &Raster) -> Vec<u8> {
    let Raster { width, height, pixel, data } = raster;
    let mut bytes = Vec::with_capacity(HEAD + data.len());
    bytes.extend_from_slice(&width.to_le_bytes());
    bytes.extend_from_slice(&height.to_le_bytes());
    bytes.extend_from_slice(&[pixel.colors() as u8, pixel.alpha.into()]);
    bytes.extend_from_slice(data);
    bytes
}

/// The length of the bytes before the samples.
const HEAD: usize = 10;

fn raster(bytes: &[u8]) -> Option<Raster> {
    let (head, data) = bytes.split_first_chunk::<HEAD>()?;
    let (width, rest) = head.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    let (width, height) = (u32::from_le_bytes(*width), u32::from_le_bytes(*height));
    let [colors, alpha] = *rest else { return None };
    let model = [ColorModel::Gray, ColorModel::Rgb, ColorModel::Cmyk].into_iter();
    let mut pixels = model.map(|model| PixelFormat { model, alpha: alpha == 1 });
    let pixel = pixels.find(|pixel| pixel.colors() == usize::from(colors))?;
    let len = u64::from(width) * u64::from(height);
    let len = len.saturating_mul(pixel.samples() as u64);
    (data.len() as u64 == len).then(|| Raster { width, height, pixel, data: data.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raster_survives_and_damaged_bytes_are_none() {
        let formats = [PixelFormat::GRAY, PixelFormat::RGB, PixelFormat::RGBA];
        let inks = PixelFormat { model: ColorModel::Cmyk, alpha: true };
        let others = [inks, PixelFormat { alpha: true, ..PixelFormat::GRAY }];
        for pixel in formats.into_iter().chain(others) {
            let mut drawn = Raster::new(3, 2, pixel);
            drawn.data.iter_mut().zip(0..).for_each(|(sample, at)| *sample = at);
            let stored = bytes(&drawn);
            assert_eq!(raster(&stored), Some(drawn));
            assert_eq!(raster(&stored[..stored.len() - 1]), None);
        }
        for damaged in [
            &[][..],
            &[0; 9],
            &[1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 9, 9],
            &[255; 99],
            &[[255; 8], [1; 8]].concat(),
        ] {
            assert_eq!(raster(damaged), None);
        }
        assert_eq!(
            raster(&[0, 0, 0, 0, 0, 0, 0, 0, 1, 0]).map(|raster| raster.data.len()),
            Some(0)
        );
    }
}
