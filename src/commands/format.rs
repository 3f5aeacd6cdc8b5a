//! `fmt=`: the format of the reply, by its name in [`codec::FORMATS`](crate::codec::FORMATS).

use super::Output;
use crate::{
    codec::{Compression, Format, UNSUPPORTED},
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

/// The format of a name, and whether the name selects an alpha channel. A manifest or an
/// unsupported format is an `Unsupported` error.
fn named(name: &str, args: &Args) -> Result<(&'static Format, bool)> {
    if let Some(found) = Format::named(name) {
        return Ok(found);
    }
    let mut names: Vec<&str> = Format::all_names().collect();
    let why = match name {
        "m3u8" | "f4m" => "only req=mbrSet has it",
        _ if UNSUPPORTED.iter().any(|(_, names)| names.contains(&name)) => "not supported yet",
        _ => {
            let last = names.pop().unwrap_or_default();
            let wanted = format!("a format such as {} or {last}", names.join(", "));
            return Err(args.wrong(&wanted));
        }
    };
    Err(Error::unsupported(format!("fmt={name}: {why}; use {}", names.join(", "))))
}
