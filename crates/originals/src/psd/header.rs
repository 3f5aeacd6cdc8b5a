//! The header: 26 bytes.

use std::io::{self, Read as _};

use crate::{File, Unreadable};

/// What the header says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    /// PSB: some lengths have 64 bits.
    pub large: bool,
    /// Planes of all kinds.
    pub channels: u16,
    /// Pixels across and down.
    pub size: (u32, u32),
    /// Bits of a sample.
    pub depth: u16,
    /// What the first planes mean.
    pub mode: Mode,
}

/// Colours. A duotone is a grey picture here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Bitmap,
    Grey,
    Indexed,
    Rgb,
    Cmyk,
}

/// Reads it, and refuses what is not read.
pub(super) fn read(file: &mut Box<dyn File + '_>) -> io::Result<Result<Header, Unreadable>> {
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
            let message = format!(
                "a Photoshop file in {name} is not read; convert it to RGB: magick in.psd[0] \
                 -colorspace sRGB out.tif"
            );
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
        && (header.planes()..=56).contains(&usize::from(channels))
        && sides.contains(&size.0)
        && sides.contains(&size.1)
        && depths.contains(&depth);
    let wrong = || Unreadable::new("the header of the Photoshop file is damaged");
    Ok(sound.then_some(header).ok_or_else(wrong))
}

impl Header {
    /// Planes of colours.
    pub fn planes(&self) -> usize {
        match self.mode {
            Mode::Bitmap | Mode::Grey | Mode::Indexed => 1,
            Mode::Rgb => 3,
            Mode::Cmyk => 4,
        }
    }
}
