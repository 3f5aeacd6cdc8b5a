//! The header of 26 bytes.

use std::io::{self, Read as _};

use azulejo::geometry::{Size, SourceSpace};

use crate::{File, Unreadable};

/// The fields of the header.
#[derive(Clone, Copy)]
pub(super) struct Header {
    /// Whether the file is a PSB, in which some lengths have 64 bits.
    pub large: bool,
    /// The number of all planes: colours, alpha, selections and spot colours.
    pub channels: u16,
    /// Size in pixels.
    pub size: Size<SourceSpace>,
    /// Bits per sample: 1, 8, 16 or 32.
    pub depth: u16,
    /// The colour mode.
    pub mode: Mode,
}

/// The supported colour modes. A duotone is read as grey.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Bitmap,
    Gray,
    Indexed,
    Rgb,
    Cmyk,
}

/// Reads the header. The inner result fails for damaged headers and unsupported colour modes.
pub(super) fn read(file: &mut Box<dyn File + '_>) -> io::Result<Result<Header, Unreadable>> {
    let mut head = [0; 26];
    file.read_exact(&mut head)?;
    let short = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let long = |at: usize| u32::from(short(at)) << 16 | u32::from(short(at + 2));
    let (version, channels, depth) = (short(4), short(12), short(22));
    let size = Size::new(long(18), long(14));
    let mode = match short(24) {
        0 => Mode::Bitmap,
        // A duotone is a grey picture. The format of its ink definitions is not documented.
        1 | 8 => Mode::Gray,
        2 => Mode::Indexed,
        3 => Mode::Rgb,
        4 => Mode::Cmyk,
        other => {
            let name = match other {
                7 => "multichannel",
                9 => "Lab",
                _ => "an unknown colour mode",
            };
            let message = format!(
                "a Photoshop file in {name} is unsupported; convert it to RGB: magick in.psd[0] \
                 -colorspace sRGB out.tif"
            );
            return Ok(Err(Unreadable::new(message)));
        }
    };
    let header = Header { large: version == 2, channels, size, depth, mode };
    let depths: &[u16] = match mode {
        Mode::Bitmap => &[1],
        Mode::Indexed => &[8],
        Mode::Gray | Mode::Rgb => &[8, 16, 32],
        Mode::Cmyk => &[8, 16],
    };
    let sides = 1..=300_000;
    let sound = matches!(version, 1 | 2)
        && (header.color_planes()..=56).contains(&usize::from(channels))
        && sides.contains(&size.width)
        && sides.contains(&size.height)
        && depths.contains(&depth);
    let damaged = || Unreadable::new("the header of the Photoshop file is damaged");
    Ok(sound.then_some(header).ok_or_else(damaged))
}

impl Header {
    /// The number of colour planes.
    pub fn color_planes(&self) -> usize {
        match self.mode {
            Mode::Bitmap | Mode::Gray | Mode::Indexed => 1,
            Mode::Rgb => 3,
            Mode::Cmyk => 4,
        }
    }
}
