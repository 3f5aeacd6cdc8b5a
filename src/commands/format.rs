//! `fmt=`: the format of the reply, by its name in [`codec::FORMATS`](crate::codec::FORMATS).

use super::Output;
use crate::{
    codec::{Compression, Format, Palette, UNSUPPORTED, gif, png},
    error::{Error, Result},
    pixel::ColorModel,
    protocol::Args,
};

/// Streaming manifests, which are not images (r-mbrset).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Manifest {
    /// `m3u8`, of Apple.
    Apple,
    /// `f4m`, of Flash.
    Flash,
}

/// Reads `fmt=format,pixelType,compression`.
pub(super) fn set_format(output: &mut Output, args: &Args) -> Result<()> {
    let compressions = [
        ("jpeg", Compression::Jpeg),
        ("lossy", Compression::Lossy),
        ("lossless", Compression::Lossless),
        ("lzw", Compression::Lzw),
        ("none", Compression::None),
        ("zip", Compression::Zip),
    ];
    output.compression = args.keyword(2, &compressions)?;
    let name = args.text(0).map(str::to_ascii_lowercase);
    output.manifest = match name.as_deref() {
        Some("m3u8") => Some(Manifest::Apple),
        Some("f4m") => Some(Manifest::Flash),
        _ => None,
    };
    (output.format, output.alpha) = match name {
        Some(name) => named(&name, args)?,
        None => Default::default(),
    };
    let types = [("rgb", ColorModel::Rgb), ("gray", ColorModel::Gray), ("cmyk", ColorModel::Cmyk)];
    let model = args.keyword(1, &types)?;
    let lacks = |model: &ColorModel| !output.format.models.contains(model);
    if let Some(model) = model.filter(lacks) {
        let word = types.iter().find(|(_, other)| *other == model).map_or("", |(word, _)| word);
        return Err(Error::unsupported(format!("fmt=…,{word}: not supported yet")));
    }
    output.model = model;
    Ok(())
}

impl Output {
    /// The error for commands that cannot apply to the requested format together.
    pub fn contradiction(&self) -> Option<Error> {
        let palette = self.quantization.as_ref().map(|quantization| quantization.palette);
        let is_palette = *self.format == gif::FORMAT || *self.format == png::PALETTE;
        (is_palette && self.alpha && palette == Some(Palette::Mac)).then(|| {
            let name = self.format.alpha_names.first().unwrap_or(&"");
            Error::value("quantize", "mac", &format!("adaptive or web: {name} has no room for it"))
        })
    }
}

/// The format of a name, and whether the name selects an alpha channel. A manifest or an
/// unsupported format is an `Unsupported` error.
fn named(name: &str, args: &Args) -> Result<(&'static Format, bool)> {
    if let Some(found) = Format::named(name) {
        return Ok(found);
    }
    if let Some((_, _, instead)) = UNSUPPORTED.iter().find(|(_, names, _)| names.contains(&name)) {
        return Err(Error::unsupported(format!("fmt={name}: not supported; use {instead}")));
    }
    if matches!(name, "m3u8" | "f4m") {
        let message = format!("fmt={name}: only req=mbrSet has it; use fmt=jpeg for an image");
        return Err(Error::unsupported(message));
    }
    let mut names: Vec<&str> = Format::all_names().collect();
    let last = names.pop().unwrap_or_default();
    Err(args.wrong(&format!("a format such as {} or {last}", names.join(", "))))
}
