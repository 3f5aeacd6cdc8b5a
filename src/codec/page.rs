//! Generates the section of docs/unsupported.md about formats.

use super::{Buffering, FORMATS, Format, Metadata, UNSUPPORTED};
use crate::pixel::ColorModel;

/// The Markdown tables of the supported and unsupported values of `fmt=`.
pub fn formats_page() -> String {
    let mut page = "\n## Formats of replies\n\n\
        A name of `fmt=` that is in neither table is an error, and so is one of the second table.\n\n\
        | format | `fmt=` | MIME type | extension | colours | largest side | metadata | encoded | \
        same bytes on every machine |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    FORMATS.into_iter().for_each(|format| page.push_str(&row(format)));
    page.push_str("\nNot supported:\n\n| format | `fmt=` | instead |\n| --- | --- | --- |\n");
    for (name, names, instead) in UNSUPPORTED {
        page.push_str(&format!("| {name} | {} | {instead} |\n", quoted(names)));
    }
    page
}

fn row(format: &Format) -> String {
    let models = format.models.iter().map(|model| match model {
        ColorModel::Gray => "gray",
        ColorModel::Rgb => "rgb",
        ColorModel::Cmyk => "cmyk",
    });
    let metadata = format.metadata.iter().map(|metadata| match metadata {
        Metadata::Resolution => "resolution",
        Metadata::Profile => "ICC profile",
        Metadata::Xmp => "XMP",
        Metadata::Paths => "paths",
    });
    let mut largest = format.largest_side.to_string();
    if format.pixels.requested < u64::MAX {
        largest.push_str(&format!(", and {} pixels", format.pixels.requested));
    }
    format!(
        "| {} | {} | {} | `.{}` | {} | {} | {} | {} | {} |\n",
        format.name,
        quoted(&[format.names, format.alpha_names].concat()),
        format.mime,
        format.extension,
        models.collect::<Vec<_>>().join(", "),
        largest,
        metadata.collect::<Vec<_>>().join(", "),
        match format.buffering {
            Buffering::Rows => "row by row",
            Buffering::Whole => "as a whole",
        },
        if format.exact { "yes" } else { "no" },
    )
}

/// The names in backticks, separated by commas.
fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
