//! Makes a file of a stored tile, whose compressed data stays as it is.

use super::{
    decode::{Header, Tables},
    format::{BASELINE, density, encoder},
    metadata,
    segments::{
        END, Segments,
        marker::{DHT, DQT, DRI, EOI, SOF0, SOS},
        write_segment,
    },
};
use crate::codec::{EncodeOptions, Subsampling};

/// The file of a tile of this width and height, which may use shared tables. `None` if its pixels have
/// to be encoded anew: if the options ask for another format, for coarser subsampling, or for a lower
/// quality than the tile's (I26); and if the tile is not a baseline stream of one scan and this size.
///
/// The data of the scan is not decoded, so damage of it is not found.
pub fn stored_file(
    tables: Option<&[u8]>,
    tile: &[u8],
    size: [u32; 2],
    options: &EncodeOptions,
) -> Option<Vec<u8>> {
    if *options.format != BASELINE || options.jpeg_size.is_some() {
        return None;
    }
    let shared = tables.map(Tables::read).unwrap_or_default();
    let header = Header::read(tile, &shared).ok()??;
    let is_whole = [header.frame.width, header.frame.height].map(u32::from) == size;
    if !is_whole || header.is_buffered() || !is_asked_for(&header, options) {
        return None;
    }
    let scan = header.data.get(..scan_len(header.data)?)?;
    let mut file = Vec::new();
    let known = tables.map_or(0, <[u8]>::len) + tile.len();
    file.reserve_exact(known + metadata::room(&options.embedded));
    encoder(options, options.quality).head(density(options), &mut file);
    for (marker, body) in (Segments { rest: tables.unwrap_or_default() }) {
        if matches!(marker, DHT | DQT) {
            write_segment(marker, body, &mut file);
        }
    }
    // Its own tables replace the shared ones of the same number (TIFF technical note 2).
    let own = Segments { rest: tile }.take_while(|(marker, _)| *marker != EOI);
    for (marker, body) in own {
        match marker {
            DHT | DQT | DRI | SOF0 => write_segment(marker, body, &mut file),
            SOS => {
                write_segment(marker, body, &mut file);
                file.extend_from_slice(scan);
                file.extend_from_slice(&END);
                metadata::embed(&options.embedded, &mut file);
                return Some(file);
            }
            // Any other frame is not baseline.
            0xc1..=0xcf => return None,
            _ => {}
        }
    }
    None
}

/// Whether a tile has the components of the options, with no finer chroma or quantisation than asked
/// for.
fn is_asked_for(header: &Header, options: &EncodeOptions) -> bool {
    let components = &header.frame.components;
    let encoder = encoder(options, options.quality);
    let is_as_fine = |(nth, steps): (usize, usize)| {
        let steps = header.tables.steps.get(steps).and_then(Option::as_deref);
        // Steps of two bytes are not baseline.
        steps.is_some_and(|steps| {
            encoder.is_as_fine_as(nth, steps) && steps.iter().all(|step| *step < 256)
        })
    };
    components.len() == options.pixel.samples()
        && match components.len() {
            1 => true,
            3 => match options.subsampling {
                Subsampling::Yuv420 => header.subsampling() == Some([2, 2]),
                Subsampling::Yuv444 => header.subsampling().is_some(),
            },
            _ => false,
        }
        && components.iter().map(|component| component.steps).enumerate().all(is_as_fine)
}

/// The length of the data of a scan; `None` if no end marker follows it.
fn scan_len(data: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += data.get(at..)?.iter().position(|&byte| byte == 0xff)?;
        match data.get(at + 1)? {
            // A stuffed zero, or a restart marker.
            0 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            &EOI => return Some(at),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests;
