//! PNG: reads the resolution and whether there is a palette. The `image` crate decodes the rest.

use std::io::{BufRead, Seek, SeekFrom};

use azulejo::pyramid::Metadata;

use crate::{File, Opened, Unreadable, image_crate};

/// Opens a PNG.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    // The decoder reports truncated files.
    let palette = is_indexed(&mut file).unwrap_or(false);
    let resolution = density(&mut file).ok().flatten();
    file.rewind()?;
    let metadata = Metadata { resolution, ..Metadata::default() };
    image_crate::open(file, len, limit, image::ImageFormat::Png, palette, metadata)
}

/// Whether the colour type in the header is 3, indexed (PNG, third edition, 11.2.1).
fn is_indexed(file: &mut (impl BufRead + Seek)) -> std::io::Result<bool> {
    let mut kind = [0];
    file.seek(SeekFrom::Start(25))?;
    file.read_exact(&mut kind)?;
    Ok(kind == [3])
}

/// Pixels per inch from the chunk pHYs (PNG, third edition, 11.3.4.3).
fn density(file: &mut (impl BufRead + Seek)) -> std::io::Result<Option<f32>> {
    file.seek(SeekFrom::Start(8))?;
    loop {
        let (mut len, mut name) = ([0; 4], [0; 4]);
        file.read_exact(&mut len)?;
        file.read_exact(&mut name)?;
        match &name {
            b"IDAT" | b"IEND" => return Ok(None),
            b"pHYs" => {
                let mut chunk = [0; 9];
                file.read_exact(&mut chunk)?;
                let [x3, x2, x1, x0, .., unit] = chunk;
                let per_metre = u32::from_be_bytes([x3, x2, x1, x0]) as f32;
                return Ok(Some(per_metre * 0.0254).filter(|ppi| unit == 1 && *ppi > 0.0));
            }
            // Skips the data and its CRC.
            _ => file.seek_relative(i64::from(u32::from_be_bytes(len)) + 4)?,
        }
    }
}
