//! Photoshop files: the composite that every program stores for those that know no layers.
//!
//! Adobe Photoshop File Formats Specification: header, colour mode data, image resources,
//! layers, and the composite in planes, raw or in PackBits by the row.

use std::io::{self, Read as _, Seek as _};

use azulejo::raster::{ColorModel, PixelType};

use crate::{File, Opened, Unreadable, exif, photoshop, picture::Picture};

/// Image resources longer than this are none.
const RESOURCES: u64 = 256 << 20;

/// What the header says.
#[derive(Clone, Copy)]
struct Header {
    /// PSB: some lengths have 64 bits.
    large: bool,
    channels: u16,
    size: (u32, u32),
    depth: u16,
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Bitmap,
    Grey,
    Indexed,
    Rgb,
    Cmyk,
}

/// Opens a PSD or PSB.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    _len: u64,
    _limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let header = header(&mut file).map_err(ends)??;
    let palette = section(&mut file, 4, 1 << 20).map_err(ends)?;
    let resources = section(&mut file, 4, RESOURCES).map_err(ends)?;
    let transparent = layers(&mut file, header.large).map_err(ends)?;
    let mut metadata = photoshop::exif(&resources).map(exif::read).unwrap_or_default();
    photoshop::sort(&resources, &mut metadata);
    let model = match header.mode {
        Mode::Bitmap | Mode::Grey => ColorModel::Grey,
        Mode::Indexed | Mode::Rgb => ColorModel::Rgb,
        Mode::Cmyk => ColorModel::Cmyk,
    };
    let planes = planes(&header);
    // The first channel besides the colours is the picture's alpha, unless it is a spot ink.
    let alpha = usize::from(header.channels) > planes
        && (transparent || !photoshop::first_is_spot(&resources));
    let pixel = PixelType { model, alpha };
    let pixels = u64::from(header.size.0) * u64::from(header.size.1);
    let memory = pixels.saturating_mul(3 * pixel.samples() as u64);
    let decode = move || {
        let mut data = composite(&mut file, &header, pixel, &palette).map_err(ends)??;
        if alpha && transparent {
            data.chunks_exact_mut(pixel.samples()).for_each(without_white);
        }
        Ok(Picture::whole(header.size, pixel, data, metadata))
    };
    Ok(Opened { size: header.size, alpha, memory, decode: Box::new(decode) })
}

fn ends(error: io::Error) -> Unreadable {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return Unreadable::new("the Photoshop file ends too early");
    }
    error.into()
}

fn header(file: &mut Box<dyn File + '_>) -> io::Result<Result<Header, Unreadable>> {
    let mut head = [0; 26];
    file.read_exact(&mut head)?;
    let short = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let long = |at: usize| u32::from(short(at)) << 16 | u32::from(short(at + 2));
    let (version, channels, depth) = (short(4), short(12), short(22));
    let size = (long(18), long(14));
    let mode = match short(24) {
        0 => Mode::Bitmap,
        // Duotone: a grey picture, and inks that are not documented.
        1 | 8 => Mode::Grey,
        2 => Mode::Indexed,
        3 => Mode::Rgb,
        4 => Mode::Cmyk,
        other => {
            let name = match other {
                7 => "multichannel",
                9 => "Lab",
                _ => "an unknown colour mode",
            };
            let message = format!("Photoshop files in {name} are not read: convert it to RGB");
            return Ok(Err(Unreadable::new(message)));
        }
    };
    let header = Header { large: version == 2, channels, size, depth, mode };
    let depths: &[u16] = match mode {
        Mode::Bitmap => &[1],
        Mode::Indexed => &[8],
        Mode::Grey | Mode::Rgb => &[8, 16, 32],
        Mode::Cmyk => &[8, 16],
    };
    let sides = 1..=300_000;
    let sound = matches!(version, 1 | 2)
        && (planes(&header)..=56).contains(&usize::from(channels))
        && sides.contains(&size.0)
        && sides.contains(&size.1)
        && depths.contains(&depth);
    let wrong = || Unreadable::new("the header of the Photoshop file is damaged");
    Ok(sound.then_some(header).ok_or_else(wrong))
}

/// Planes of colours.
fn planes(header: &Header) -> usize {
    match header.mode {
        Mode::Bitmap | Mode::Grey | Mode::Indexed => 1,
        Mode::Rgb => 3,
        Mode::Cmyk => 4,
    }
}

fn number(file: &mut Box<dyn File + '_>, len: usize) -> io::Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(bytes.get_mut(8 - len..).unwrap_or_default())?;
    Ok(u64::from_be_bytes(bytes))
}

/// A section with its length before it.
fn section(file: &mut Box<dyn File + '_>, len: usize, most: u64) -> io::Result<Vec<u8>> {
    let len = number(file, len)?;
    let mut bytes = Vec::new();
    file.take(len.min(most)).read_to_end(&mut bytes)?;
    skip(file, len - len.min(most))?;
    Ok(bytes)
}

fn skip(file: &mut Box<dyn File + '_>, len: u64) -> io::Result<()> {
    file.seek_relative(i64::try_from(len).map_err(io::Error::other)?)
}

/// Passes over the layers; whether the composite shows through where they do.
fn layers(file: &mut Box<dyn File + '_>, large: bool) -> io::Result<bool> {
    let word = if large { 8 } else { 4 };
    let len = number(file, word)?;
    let end = file.stream_position()?.saturating_add(len);
    let mut transparent = false;
    if len > word as u64 + 2 {
        let layers = number(file, word)?;
        if layers > 0 {
            // A negative count says it.
            transparent = number(file, 2)? >= 0x8000;
        } else {
            transparent = deep_layers(file, end, large)?;
        }
    }
    file.seek(io::SeekFrom::Start(end))?;
    Ok(transparent)
}

/// The same for 16 and 32 bits, whose layers are in a block behind.
fn deep_layers(file: &mut Box<dyn File + '_>, end: u64, large: bool) -> io::Result<bool> {
    let mask = number(file, 4)?;
    skip(file, mask)?;
    while file.stream_position()?.saturating_add(12) < end {
        let _signature = number(file, 4)?;
        let name = number(file, 4)?.to_be_bytes();
        let [.., n3, n2, n1, n0] = name;
        let deep = matches!(&[n3, n2, n1, n0], b"Lr16" | b"Lr32");
        let long = large && (deep || matches!(&[n3, n2, n1, n0], b"Layr" | b"LMsk" | b"Mt16"));
        let len = number(file, if long { 8 } else { 4 })?;
        if deep && len >= 2 {
            return Ok(number(file, 2)? >= 0x8000);
        }
        skip(file, len.next_multiple_of(4))?;
    }
    Ok(false)
}

/// The planes, joined to pixels of 8 bits.
fn composite(
    file: &mut Box<dyn File + '_>,
    header: &Header,
    pixel: PixelType,
    palette: &[u8],
) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let (width, height) = (header.size.0 as usize, header.size.1 as usize);
    let packed = match number(file, 2)? {
        0 => false,
        1 => true,
        other => {
            let message = format!("a Photoshop file whose composite has compression {other}");
            return Ok(Err(Unreadable::new(message)));
        }
    };
    let lens = if packed {
        let count = usize::from(header.channels) * height;
        let word = if header.large { 4 } else { 2 };
        (0..count).map(|_| number(file, word)).collect::<io::Result<Vec<u64>>>()?
    } else {
        Vec::new()
    };
    let stride = (width * usize::from(header.depth)).div_ceil(8);
    let samples = pixel.samples();
    let mut data = vec![0; width * height * samples];
    let mut stored = Vec::new();
    let mut row = Vec::new();
    let colors = planes(header);
    for plane in 0..colors + usize::from(pixel.alpha) {
        let is_alpha = plane == colors;
        for (y, out) in data.chunks_exact_mut(width * samples).enumerate() {
            stored.clear();
            if packed {
                let len = lens.get(plane * height + y).copied().unwrap_or(0);
                row.clear();
                // No row is packed to more than twice its length.
                file.take(len.min(2 * stride as u64 + 2)).read_to_end(&mut row)?;
                azulejo::pyramid::unpack_bits(&row, stride, &mut stored);
                stored.resize(stride, 0);
            } else {
                stored.resize(stride, 0);
                file.read_exact(&mut stored)?;
            }
            let values = eight_bits(header.depth, &stored);
            for (pixel, value) in out.chunks_exact_mut(samples).zip(values) {
                match header.mode {
                    Mode::Indexed if !is_alpha => {
                        let index = usize::from(value);
                        let color =
                            |nth: usize| palette.get(nth * 256 + index).copied().unwrap_or(0);
                        pixel.iter_mut().zip(0..3).for_each(|(out, nth)| *out = color(nth));
                    }
                    // Black is 1 in bitmaps; inks are stored reversed.
                    Mode::Bitmap | Mode::Cmyk if !is_alpha => pixel[plane] = 255 - value,
                    Mode::Bitmap | Mode::Grey | Mode::Indexed | Mode::Rgb | Mode::Cmyk => {
                        pixel[if is_alpha { samples - 1 } else { plane }] = value;
                    }
                }
            }
        }
    }
    Ok(Ok(data))
}

/// The samples of a row as bytes. Those of 32 bits are light, not steps of it.
fn eight_bits(depth: u16, stored: &[u8]) -> Vec<u8> {
    match depth {
        1 => stored
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| 255 * (byte >> (7 - bit) & 1)))
            .collect(),
        16 => stored.iter().copied().step_by(2).collect(),
        32 => {
            let floats = stored.as_chunks::<4>().0.iter().map(|&bytes| f32::from_be_bytes(bytes));
            floats.map(encoded).collect()
        }
        _ => stored.to_vec(),
    }
}

/// Light to an sRGB sample (IEC 61966-2-1).
fn encoded(light: f32) -> u8 {
    let light = f64::from(light).max(0.0).min(1.0);
    let value = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * libm::pow(light, 1.0 / 2.4) - 0.055
    };
    (value * 255.0 + 0.5) as u8
}

/// Takes out the white that the composite shows under thin layers (of inks: no ink).
fn without_white(pixel: &mut [u8]) {
    let Some((&mut alpha, colors)) = pixel.split_last_mut() else { return };
    let white = if colors.len() == 4 { 0 } else { 255 };
    let alpha = i32::from(alpha);
    for color in colors {
        let over = (i32::from(*color) - white) * 255;
        let straight = over.checked_div(alpha).map_or(white, |over| white + over);
        *color = straight.clamp(0, 255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_taken_out_of_what_is_thin() {
        // Half black over white is grey; it was black.
        let mut pixels = [127, 127, 255, 128];
        without_white(&mut pixels);
        assert_eq!(pixels, [0, 0, 255, 128]);
        let mut nothing = [255, 255, 255, 0];
        without_white(&mut nothing);
        assert_eq!(nothing, [255, 255, 255, 0]);
    }

    #[test]
    fn light_becomes_steps() {
        assert_eq!([0.0, 0.5, 1.0, 7.0, f32::NAN].map(encoded), [0, 188, 255, 255, 0]);
    }
}
