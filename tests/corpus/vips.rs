//! What libvips makes of a TIFF: its pages, and their samples.

use std::{
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use azulejo::{
    color::{Color, Components},
    pyramid::{Level, Photometric},
};

use crate::skip::skip;

/// Whether libvips' command is here; else a message says that the test did nothing.
pub fn has_vips() -> bool {
    let found =
        Command::new("vips").arg("--version").output().is_ok_and(|out| out.status.success());
    if !found {
        skip("vips", "install libvips-tools, as Debian calls it");
    }
    found
}

/// One directory of a TIFF as libvips reads it, its samples reduced to 8 bits.
pub struct Page {
    pub width: u32,
    pub height: u32,
    pub bands: usize,
    pub samples: Vec<u8>,
}

/// All pages and sub-images that libvips reads, each loaded when it is asked for.
pub fn pages(path: &Path, scratch: &Path) -> impl Iterator<Item = Page> {
    ["--page", "--subifd"].into_iter().flat_map(move |option| {
        // A mask or a thumbnail that it refuses may stand between levels; two end the list.
        let mut refused = 0;
        let page = move |number: u32| load(path, &format!("{option}={number}"), scratch);
        let known = (0..).map(page).take_while(move |page| {
            refused = if page.is_some() { 0 } else { refused + 1 };
            refused < 2
        });
        known.flatten()
    })
}

fn load(path: &Path, option: &str, scratch: &Path) -> Option<Page> {
    run(&["tiffload", path.to_str()?, "OUT", option, "--fail-on=warning"], scratch)
}

/// The picture that an operation writes to its argument `OUT`.
pub fn run(arguments: &[&str], scratch: &Path) -> Option<Page> {
    let out = scratch.join("out.v");
    let place = |argument: &&str| {
        if *argument == "OUT" { out.as_os_str() } else { OsStr::new(*argument) }.to_owned()
    };
    let arguments: Vec<OsString> = arguments.iter().map(place).collect();
    let status = Command::new("vips").args(arguments).stderr(Stdio::null()).status().unwrap();
    status.success().then(|| fs::read(&out).unwrap()).and_then(|bytes| parse(&bytes))
}

/// The header of libvips' own format: magic, width, height, bands, bits, sample format, …
fn parse(bytes: &[u8]) -> Option<Page> {
    let (head, samples) = bytes.split_at_checked(64)?;
    let number = |at: usize| u32::from_le_bytes(head[4 * at..4 * at + 4].try_into().unwrap());
    let (width, height, bands) = (number(1), number(2), number(3) as usize);
    let len = width as usize * height as usize * bands;
    let samples = match number(5) {
        0 => samples[..len].to_vec(),
        2 => samples[..2 * len].chunks_exact(2).map(|pair| pair[1]).collect(),
        _ => return None,
    };
    Some(Page { width, height, bands, samples })
}

/// A copy whose planes are joined, for what libvips does not read itself.
pub fn interleaved(path: &Path, scratch: &Path) -> PathBuf {
    let (plain, joined) = (scratch.join("plain.tif"), scratch.join("joined.tif"));
    // In two steps: some decompressors cannot go from plane to plane.
    for (options, from, to) in [("-c none", path, &plain), ("-p contig", &plain, &joined)] {
        let status = Command::new("tiffcp").args(options.split(' ')).arg(from).arg(to).status();
        assert!(status.is_ok_and(|status| status.success()), "tiffcp (Debian: libtiff-tools)");
    }
    joined
}

impl Page {
    /// How near it comes to another picture of its size and bands, in dB.
    pub fn psnr(&self, other: &Self) -> f64 {
        assert_eq!(self.bands, other.bands, "pictures of the same bands are compared");
        psnr(&self.samples, &other.samples)
    }

    /// The page as the reader hands out `level`: grey, RGB or straight RGBA.
    pub fn pixels(&self, level: &Level) -> Vec<u8> {
        let pixel = |samples: &[u8]| {
            let mut colors = match level.photometric {
                Photometric::MinIsBlack | Photometric::MinIsWhite => vec![samples[0]],
                Photometric::Rgb | Photometric::YCbCr | Photometric::Palette => {
                    samples[..3].to_vec()
                }
                Photometric::Cmyk => {
                    let inks = [samples[0], samples[1], samples[2], samples[3]];
                    Color::new(Components::Cmyk(inks), 255).rgb().to_vec()
                }
            };
            if let Some((at, _)) = level.alpha {
                if colors.len() == 1 {
                    colors = vec![samples[0]; 3];
                }
                // Premultiplied colours are straight already: libvips divides as it loads.
                // Behind a palette's index as behind its colours.
                let more = if level.palette.is_some() { 2 } else { 0 };
                colors.push(samples[usize::from(at) + more]);
            }
            colors
        };
        self.samples.chunks_exact(self.bands).flat_map(pixel).collect()
    }
}

/// Peak signal to noise ratio in dB; infinite for equal pictures.
pub fn psnr(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len(), "pictures of one size are compared");
    let squares = |(&a, &b): (&u8, &u8)| u64::from(a.abs_diff(b)).pow(2);
    let sum: u64 = one.iter().zip(other).map(squares).sum();
    10.0 * libm::log10(255.0 * 255.0 * one.len() as f64 / sum as f64)
}
