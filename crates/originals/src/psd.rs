//! Photoshop files: the composite that every program stores for those that know no layers.
//!
//! Adobe Photoshop File Formats Specification: header, colour mode data, image resources,
//! layers, and the composite in planes: raw, in PackBits by the row, or in Deflate.

mod composite;
mod header;
mod rows;
mod sections;

use azulejo::raster::{ColorModel, PixelType};

use composite::{composite, without_white};
use header::Mode;
use sections::{layers, section};

use crate::{File, Opened, Unreadable, exif, photoshop, picture::Picture};

/// Image resources longer than this are none.
const RESOURCES: u64 = 256 << 20;

/// Opens a PSD or PSB.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    _len: u64,
    _limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let header = header::read(&mut file)??;
    let palette = section(&mut file, 4, 1 << 20)?;
    let resources = section(&mut file, 4, RESOURCES)?;
    let transparent = layers(&mut file, header.large)?;
    let mut metadata = photoshop::exif(&resources).map(exif::read).unwrap_or_default();
    photoshop::sort(&resources, &mut metadata);
    let model = match header.mode {
        Mode::Bitmap | Mode::Grey => ColorModel::Grey,
        Mode::Indexed | Mode::Rgb => ColorModel::Rgb,
        Mode::Cmyk => ColorModel::Cmyk,
    };
    // The composite's transparency is a channel besides the colours: the first where the layers
    // say so, else the one that is named by number. All others are saved selections and spot inks.
    let extra = if transparent { Some(0) } else { photoshop::transparency(&resources) };
    let plane = extra.map(|extra| header.planes() + extra);
    let plane = plane.filter(|&plane| plane < usize::from(header.channels));
    let alpha = plane.is_some();
    let pixel = PixelType { model, alpha };
    let pixels = u64::from(header.size.0) * u64::from(header.size.1);
    let memory = pixels.saturating_mul(3 * pixel.samples() as u64);
    let decode = move || {
        let mut data = composite(&mut file, &header, (pixel, plane), &palette)??;
        if alpha {
            data.chunks_exact_mut(pixel.samples()).for_each(without_white);
        }
        let palette = header.mode == Mode::Indexed;
        Ok(Picture { palette, ..Picture::whole(header.size, pixel, data, metadata) })
    };
    Ok(Opened { size: header.size, alpha, memory, decode: Box::new(decode) })
}
