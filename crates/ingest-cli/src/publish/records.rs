//! Data files of images, SVG and static content. Each row sets fields of a record
//! (c-image-data-reference, c-svg-data-reference, c-static-content-data-reference).

use std::collections::BTreeMap;

use azulejo::{
    catalog::{Fields, Record, StaticContent},
    error::{Error, Result},
    protocol::{Args, Macros, composed},
};

use super::{
    check::commands,
    files::{Files, read},
    problem::Problems,
    table::{self, table},
    text::{Field, properties},
};
use crate::asset::Asset;

/// The kinds of data files. Images and SVG share their ids; static content has its own
/// (r-id-static).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `CatalogFile`
    Images,
    /// `SvgCatalogFile`
    Vectors,
    /// `StaticContentCatalogFile`
    Static,
}

impl Table {
    /// All kinds, in the order in which they are read.
    pub const ALL: [Self; 3] = [Self::Images, Self::Vectors, Self::Static];

    /// The attribute that names the files.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Images => "CatalogFile",
            Self::Vectors => "SvgCatalogFile",
            Self::Static => "StaticContentCatalogFile",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Images => &COLUMNS,
            Self::Vectors => &["Id", "Path", "Expiration", "TimeStamp"],
            Self::Static => &["Id", "Path", "Expiration", "TimeStamp", "UserData", "UserType"],
        }
    }
}

/// The rows of one record, at most one of each kind.
pub type Rows<'a> = BTreeMap<Table, &'a Row>;

/// Sets the fields of a record for which the rows have columns. Other fields stay.
pub fn apply_to(rows: &Rows, record: &mut Record) -> Result<()> {
    rows.values().try_for_each(|row| row.apply_to(record))
}

/// A row of a data file.
#[derive(Debug, Clone)]
pub struct Row {
    /// The kind of its data file.
    pub table: Table,
    /// The path of its data file.
    pub file: String,
    /// Its line in the file, counted from 1.
    pub line: usize,
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

/// The parsed rows of a data file.
#[derive(Debug, Default)]
pub struct ParsedRows {
    /// The valid rows.
    pub rows: Vec<Row>,
    /// The ids of invalid rows.
    pub bad: Vec<String>,
}

/// Parses and checks the rows of a data file.
pub fn rows(
    (of, file): (Table, &str),
    files: &Files,
    macros: &Macros,
    problems: &mut Problems,
) -> ParsedRows {
    let mut parsed = ParsedRows::default();
    let Some(text) = read(files, file, problems) else { return parsed };
    let id_of = |columns: &mut table::Fields| {
        composed(&columns.remove("id").unwrap_or_default().text).into_owned()
    };
    let table = table(&text, file, of.columns(), problems);
    parsed.bad.extend(table.too_long.into_iter().map(|mut columns| id_of(&mut columns)));
    for (line, mut columns) in table.rows {
        columns
            .retain(|name, _| of.columns().iter().any(|column| column.eq_ignore_ascii_case(name)));
        let id = id_of(&mut columns);
        let (file, columns) = (file.to_owned(), columns.into_iter().collect());
        let row = Row { table: of, file, line, id, columns };
        let mut found = Problems::default();
        row.check(macros, &mut found);
        if found.has_errors() {
            parsed.bad.push(row.id);
        } else {
            parsed.rows.push(row);
        }
        problems.add_row_problems(found);
    }
    parsed
}

impl Row {
    /// Adds the problems of the row.
    fn check(&self, macros: &Macros, problems: &mut Problems) {
        let file = self.file.as_str();
        let asset = Asset { root: String::new(), id: self.id.clone() };
        if let Err(error) = asset.check() {
            return problems.error(file, self.line, format!("Id={}: {error}", self.id));
        }
        if let Err(error) = self.apply_to(&mut Record::default()) {
            return problems.error(file, self.line, error.message);
        }
        for name in ["modifier", "postmodifier"] {
            commands(self.column(name), macros, (file, self.line), problems);
        }
    }

    /// The text of a column, by its lower-case name; empty if there is none.
    pub fn column(&self, name: &str) -> &str {
        let column = self.columns.iter().find(|(column, _)| column == name);
        column.map_or("", |(_, field)| field.text.as_str())
    }

    /// Sets the fields of a record for which the row has columns. Other fields stay.
    pub fn apply_to(&self, record: &mut Record) -> Result<()> {
        match self.table {
            Table::Images => {}
            Table::Vectors => record.svg = Some(true),
            Table::Static => {
                return self.apply_to_content(record.content.get_or_insert_default());
            }
        }
        for (name, field) in &self.columns {
            let args = Args { command: name, value: &field.text };
            match name.as_str() {
                "userdata" => record.user_data = properties(field).into_iter().collect(),
                "imageset" => record.image_set = some(&field.text),
                "assettype" => record.asset_type = asset_type(&args)?,
                "size" => size(record, &args)?,
                "digimarcinfo" if args.int(0)?.unwrap_or(0) != 0 => {
                    let message =
                        "DigimarcInfo: Digimarc watermarks are unsupported; leave it empty";
                    return Err(Error::unsupported(message));
                }
                _ => set(&mut record.fields, name, field)?,
            }
        }
        Ok(())
    }

    fn apply_to_content(&self, content: &mut StaticContent) -> Result<()> {
        for (name, field) in &self.columns {
            let mut fields = Fields::default();
            set(&mut fields, name, field)?;
            match name.as_str() {
                "path" => content.path = fields.path,
                "expiration" => content.expiration = fields.expiration,
                "timestamp" => content.time_stamp = fields.time_stamp,
                "usertype" => content.user_type = fields.user_type,
                _ => content.user_data = properties(field).into_iter().collect(),
            }
        }
        Ok(())
    }
}

/// Sets a field. Errors spell its name as the reference does.
fn set(fields: &mut Fields, name: &str, field: &Field) -> Result<()> {
    let spelled = COLUMNS.iter().find(|column| column.eq_ignore_ascii_case(name));
    fields.set(spelled.unwrap_or(&name), &field.text).map(drop)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn asset_type(args: &Args) -> Result<Option<String>> {
    let Some(kind) = args.text(0) else { return Ok(None) };
    match SETS.iter().find(|set| set.eq_ignore_ascii_case(kind)) {
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
