//! GIF: the first frame, on the logical screen of the header. A screen that is smaller than the
//! frame grows to hold it, as in browsers, libvips and Pillow.

use std::num::NonZeroU64;

use azulejo::{
    geometry::Size,
    pixel::{ColorModel, PixelFormat},
    pyramid::Metadata,
};
use gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};

use crate::{File, Opened, Unreadable, picture::Picture};

/// Bytes of an RGBA pixel.
const PIXEL: usize = 4;

/// Opens a GIF.
pub(crate) fn open<'a>(
    file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.set_memory_limit(
        NonZeroU64::new(limit).map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes),
    );
    let mut decoder = options.read_info(file)?;
    let Some(frame) = decoder.next_frame_info()? else {
        return Err(Unreadable::new("the GIF holds no frame"));
    };
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (across, down) = (usize::from(frame.width), usize::from(frame.height));
    if across == 0 || down == 0 {
        let message = format!("the first frame of the GIF has {across} × {down} pixels");
        return Err(Unreadable::new(message));
    }
    let width = (left + across).max(usize::from(decoder.width()));
    let height = (top + down).max(usize::from(decoder.height()));
    let size = Size::new(width as u32, height as u32);
    // The frame, the screen, a copy of the screen without alpha or rotated, and the file.
    let memory = ((width * height * 2 + across * down) * PIXEL) as u64;
    let pixel = PixelFormat { model: ColorModel::Rgb, alpha: true };
    let metadata = Metadata {
        icc: decoder.icc_profile().map(<[u8]>::to_vec),
        xmp: decoder.xmp_metadata().map(<[u8]>::to_vec),
        ..Metadata::default()
    };
    let decode = move || {
        let mut frame = vec![0; across * down * PIXEL];
        decoder.read_into_buffer(&mut frame)?;
        let data = if (width, height) == (across, down) {
            frame
        } else {
            let mut screen = vec![0; width * height * PIXEL];
            let rows = screen.chunks_exact_mut(width * PIXEL).skip(top);
            for (row, frame) in rows.zip(frame.chunks_exact(across * PIXEL)) {
                row[left * PIXEL..][..frame.len()].copy_from_slice(frame);
            }
            screen
        };
        Ok(Picture { palette: true, ..Picture::decoded(size, pixel, data) })
    };
    let memory = memory.saturating_add(len);
    Ok(Opened { size, pixel, memory, metadata, decode: Box::new(decode) })
}

impl From<DecodingError> for Unreadable {
    fn from(error: DecodingError) -> Self {
        if let DecodingError::Io(error) = error {
            return error.into();
        }
        Self::new(error.to_string())
    }
}
