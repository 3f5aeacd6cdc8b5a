//! Photoshop files (PSD and PSB): decodes the composite image, which is the flattened picture.
//!
//! By the Adobe Photoshop File Formats Specification, a file holds a header, colour mode data,
//! image resources, layers, and the composite. The composite is stored in planes: raw, in PackBits
//! by row, or in Deflate.

mod composite;
mod header;
mod rows;
mod sections;

pub use rows::undo_prediction;

use azulejo::pixel::{ColorModel, PixelFormat};

use composite::{Channels, composite, remove_white_matte};
use header::Mode;
use sections::{read_layers, read_section};

use crate::{File, Opened, Unreadable, exif, photoshop, picture::Picture};

/// The most bytes of image resources that are read.
const RESOURCES: u64 = 256 << 20;

/// Opens a PSD or PSB.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    _len: u64,
    _limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let header = header::read(&mut file)??;
    let palette = read_section(&mut file, 4, 1 << 20)?;
    let resources = read_section(&mut file, 4, RESOURCES)?;
    let transparent = read_layers(&mut file, header.large)?;
    let mut metadata = photoshop::exif(&resources).map(exif::read).unwrap_or_default();
    photoshop::read_resources(&resources, &mut metadata);
    let model = match header.mode {
        Mode::Bitmap | Mode::Gray => ColorModel::Gray,
        Mode::Indexed | Mode::Rgb => ColorModel::Rgb,
        Mode::Cmyk => ColorModel::Cmyk,
    };
    // The composite's transparency is one of the channels after the colours: the first if the layer
    // section declares it, else the one that resource 1053 names. All others are saved selections
    // and spot colours.
    let extra = if transparent { Some(0) } else { photoshop::transparency(&resources) };
    let alpha_plane = extra.map(|extra| header.color_planes() + extra);
    let alpha_plane = alpha_plane.filter(|&plane| plane < usize::from(header.channels));
    let alpha = alpha_plane.is_some();
    let pixel = PixelFormat { model, alpha };
    let memory = header.size.pixels().saturating_mul(3 * pixel.samples() as u64);
    let decode = move || {
        let channels = Channels { pixel, alpha_plane };
        let mut data = composite(&mut file, &header, channels, &palette)??;
        if alpha {
            data.chunks_exact_mut(pixel.samples()).for_each(remove_white_matte);
        }
        let palette = header.mode == Mode::Indexed;
        Ok(Picture { palette, ..Picture::decoded(header.size, pixel, data) })
    };
    Ok(Opened { size: header.size, pixel, memory, metadata, decode: Box::new(decode) })
}
