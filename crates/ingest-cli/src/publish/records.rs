//! Image data files: a row says what a record holds (c-image-data-reference).

use azulejo::{
    catalog::{Fields, Record},
    error::{Error, Result},
    protocol::{Args, Macros},
};

use super::{
    check::commands,
    compile::{Files, read},
    maps::table,
    problem::Problems,
    text::{Field, properties},
};
use crate::asset::Asset;

/// A row of a data file: an id, and its other columns.
#[derive(Debug, Clone)]
pub struct Row {
    /// `catalog::Id`
    pub id: String,
    columns: Vec<(String, Field)>,
}

const COLUMNS: [&str; 24] = [
    "Id",
    "Path",
    "MaskPath",
    "Modifier",
    "PostModifier",
    "Expiration",
    "Anchor",
    "Resolution",
    "PrintResolution",
    "ThumbType",
    "ThumbRes",
    "Map",
    "Targets",
    "TimeStamp",
    "UserType",
    "UserData",
    "ImageSet",
    "AssetType",
    "Size",
    "VideoSize",
    "VideoBitRate",
    "AudioBitRate",
    "TotalStreamBitRate",
    "DigimarcInfo",
];

const SETS: [&str; 6] = ["MEDIASET", "SPINSET", "SPINSET2D", "VIDEOSET", "IMAGESET", "ECATALOG"];

/// The rows of a data file that are sound.
pub fn rows(files: &Files, file: &str, macros: &Macros, problems: &mut Problems) -> Vec<Row> {
    let Some(text) = read(files, file, problems) else { return Vec::new() };
    let mut rows = Vec::new();
    for (line, mut columns) in table(&text, file, &COLUMNS, problems) {
        let id = columns.remove("id").unwrap_or_default().text;
        if let Err(error) = (Asset { root: String::new(), id: id.clone() }).check() {
            problems.error(file, line, format!("Id={id}: {error}"));
            continue;
        }
        let row = Row { id, columns: columns.into_iter().collect() };
        if let Err(error) = row.lay_over(&mut Record::default()) {
            problems.error(file, line, error.message);
            continue;
        }
        for name in ["modifier", "postmodifier"] {
            if let Some((_, field)) = row.columns.iter().find(|(column, _)| column == name) {
                commands(&field.text, macros, (file, line), problems);
            }
        }
        rows.push(row);
    }
    rows
}

impl Row {
    /// Sets what the row says over a record; what it has no column for stays.
    pub fn lay_over(&self, record: &mut Record) -> Result<()> {
        for (name, field) in &self.columns {
            let args = Args { command: name, value: &field.text };
            match name.as_str() {
                "userdata" => record.user_data = properties(field).into_iter().collect(),
                "imageset" => record.image_set = some(&field.text),
                "assettype" => record.asset_type = asset_type(&args)?,
                "size" => size(record, &args)?,
                "digimarcinfo" if args.int(0)?.unwrap_or(0) != 0 => {
                    let message =
                        "DigimarcInfo: Digimarc watermarks are not embedded; leave it empty";
                    return Err(Error::unsupported(message));
                }
                _ => {
                    let spelled = COLUMNS.iter().find(|known| known.eq_ignore_ascii_case(name));
                    Fields::set(
                        &mut record.fields,
                        spelled.unwrap_or(&name.as_str()),
                        &field.text,
                    )?;
                }
            }
        }
        Ok(())
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn asset_type(args: &Args) -> Result<Option<String>> {
    let Some(kind) = args.text(0) else { return Ok(None) };
    match SETS.iter().find(|known| known.eq_ignore_ascii_case(kind)) {
        Some(kind) => Ok(Some((*kind).to_owned())),
        None => Err(args.wrong(&format!("one of {}", SETS.join(", ")))),
    }
}

fn size(record: &mut Record, args: &Args) -> Result<()> {
    match (args.pixels(0)?, args.pixels(1)?) {
        (Some(width), Some(height)) => {
            (record.width, record.height) = (Some(width), Some(height));
            Ok(())
        }
        (None, None) => Ok(()),
        (Some(_), None) | (None, Some(_)) => Err(args.wrong("width,height")),
    }
}
