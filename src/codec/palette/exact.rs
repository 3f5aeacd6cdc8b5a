//! The exact palette of an image with few colours.

use super::{Alpha, rgba};
use crate::{codec::Quantization, pixel::Raster, sort::sort_by, time_slice::TimeSlice};

/// Slots of the hash table: four for each colour, so that few of them collide.
const SLOTS: usize = 1024;

/// A set of at most 256 colours, numbered in their order.
pub struct Colors {
    /// The colours.
    pub list: Vec<[u8; 4]>,
    /// Numbers of colours, from 1; 0 is an empty slot. A colour that collides takes the next one.
    slots: Vec<u16>,
}

impl Colors {
    fn of(list: Vec<[u8; 4]>) -> Self {
        let mut colors = Self { list: Vec::new(), slots: vec![0; SLOTS] };
        list.into_iter().for_each(|color| colors.insert(color));
        colors
    }

    fn insert(&mut self, color: [u8; 4]) {
        let at = self.find(color);
        if let Some(slot @ 0) = self.slots.get_mut(at) {
            self.list.push(color);
            *slot = self.list.len() as u16;
        }
    }

    /// The slot of a colour, or the empty slot where it belongs.
    #[inline]
    fn find(&self, color: [u8; 4]) -> usize {
        let hash = u32::from_le_bytes(color).wrapping_mul(0x9e37_79b1);
        let mut at = (hash >> 22) as usize % SLOTS;
        while let Some(number @ 1..) = self.slots.get(at) {
            if self.list.get(usize::from(*number) - 1) == Some(&color) {
                break;
            }
            at = (at + 1) % SLOTS;
        }
        at
    }

    fn index(&self, color: [u8; 4]) -> u8 {
        let number = self.slots.get(self.find(color)).copied().unwrap_or_default();
        number.saturating_sub(1) as u8
    }
}

/// The colours of an image and the forced ones; `None` if they are more than the palette may have.
/// The transparent colour does not count among them, but needs a place of its own.
pub async fn colors(
    raster: &Raster,
    quantization: &Quantization,
    alpha: Alpha,
    slice: &mut TimeSlice<'_>,
) -> Option<Colors> {
    let forced = quantization.forced.iter().map(|&[r, g, b]| [r, g, b, 255]);
    let mut colors = Colors::of(forced.collect());
    let mut last = None;
    let mut visible = colors.list.len();
    for row in raster.data.chunks_exact(raster.stride().max(1)) {
        for pixel in row.chunks_exact(raster.pixel.samples()) {
            let color = rgba(pixel, alpha);
            if last == Some(color) {
                continue;
            }
            last = Some(color);
            let before = colors.list.len();
            colors.insert(color);
            visible += usize::from(colors.list.len() > before && color[3] > 0);
            if visible > usize::from(quantization.colors) || colors.list.len() > 256 {
                return None;
            }
        }
        slice.spend(u64::from(raster.width) / 8).await;
    }
    // PNG lists the alpha of the first colours only.
    sort_by(&mut colors.list, |a, b| a[3].cmp(&b[3]));
    Some(Colors::of(colors.list))
}

/// Replaces the pixels by their indices, at the beginning of the raster's memory.
pub async fn index(raster: &mut Raster, colors: &Colors, alpha: Alpha, slice: &mut TimeSlice<'_>) {
    let (samples, width) = (raster.pixel.samples(), raster.width as usize);
    let mut last = ([1, 2, 3, 0], 0);
    for y in 0..raster.height as usize {
        for at in y * width..(y + 1) * width {
            let pixel = raster.data.get(at * samples..(at + 1) * samples).unwrap_or_default();
            let color = rgba(pixel, alpha);
            if color != last.0 {
                last = (color, colors.index(color));
            }
            if let Some(index) = raster.data.get_mut(at) {
                *index = last.1;
            }
        }
        slice.spend(width as u64 / 8).await;
    }
}
