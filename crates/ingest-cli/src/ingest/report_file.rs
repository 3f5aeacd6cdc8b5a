//! The file of `--report`: a row for each original, as JSON or CSV. Rows are written as they come.

use std::{io::Write, path::Path};

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use super::facts::{Facts, Warning};
use crate::{atomic_file::AtomicFile, check::quoted};

/// The version of the JSON file. A reader of version 1 may meet more fields, but no others.
const VERSION: u32 = 1;

/// What the report says about one original.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    /// The object that it becomes: rootId and id.
    pub object: Option<String>,
    /// Its path or URL.
    pub source: String,
    /// What was done: `stored`, `updated`, `unchanged`, `planned`, `skipped`, `failed` or others.
    pub outcome: &'static str,
    /// What it is.
    #[serde(flatten)]
    pub facts: &'a Facts,
    /// Length of the original.
    pub original_bytes: Option<u64>,
    /// Length of what was stored.
    pub stored_bytes: Option<u64>,
    /// How long it took.
    pub milliseconds: Option<u64>,
    /// Warnings about it.
    pub warnings: &'a [Warning],
    /// Why it failed or is skipped.
    pub message: Option<String>,
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

/// A report that is being written.
pub struct ReportFile {
    format: Format,
    file: AtomicFile,
    rows: u64,
}

const COLUMNS: &str = "object,source,outcome,format,width,height,model,profile,original_bytes,\
                       stored_bytes,milliseconds,warnings,message\r\n";

impl ReportFile {
    /// Begins a report. The name says whether it is JSON or CSV.
    pub fn create(path: &Path) -> Result<Self> {
        let csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let (format, head) = match csv {
            true => (Format::Csv, COLUMNS.to_owned()),
            false => (Format::Json, format!("{{\"version\":{VERSION},\"originals\":[")),
        };
        let mut file = AtomicFile::create(path)?;
        file.write_all(head.as_bytes())?;
        Ok(Self { format, file, rows: 0 })
    }

    /// Adds a row.
    pub fn row(&mut self, row: &Row<'_>) -> Result<()> {
        match self.format {
            Format::Csv => csv(&mut self.file, row)?,
            Format::Json => {
                self.file.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.file, row)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Puts the report under its name.
    pub fn finish(mut self, summary: &Value) -> Result<()> {
        self.file.write_all(&self.end(summary))?;
        self.file.finish()
    }

    /// Puts what there is so far under its name.
    pub fn publish(&mut self, summary: &Value) -> Result<()> {
        let end = self.end(summary);
        self.file.copy_with(&end)
    }

    fn end(&self, summary: &Value) -> Vec<u8> {
        match self.format {
            Format::Csv => Vec::new(),
            Format::Json => format!("\n],\"summary\":{summary}}}\n").into_bytes(),
        }
    }
}

/// Writes a row as comma-separated values (RFC 4180).
fn csv(out: &mut impl Write, row: &Row<'_>) -> Result<()> {
    let text = |text: Option<&str>| text.map(quoted).unwrap_or_default();
    let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
    let Facts { format, width, height, model, profile } = row.facts;
    let codes: Vec<&str> = row.warnings.iter().map(|warning| warning.code.name()).collect();
    let messages = row.warnings.iter().map(|warning| warning.message.clone());
    let messages: Vec<String> = row.message.iter().cloned().chain(messages).collect();
    let messages = messages.join("; ");
    let columns = [
        text(row.object.as_deref()),
        quoted(&row.source),
        row.outcome.to_owned(),
        text(*format),
        number(width.map(u64::from)),
        number(height.map(u64::from)),
        model.unwrap_or_default().to_owned(),
        text(profile.as_deref()),
        number(row.original_bytes),
        number(row.stored_bytes),
        number(row.milliseconds),
        codes.join(" "),
        text(Some(messages.as_str()).filter(|messages| !messages.is_empty())),
    ];
    Ok(write!(out, "{}\r\n", columns.join(","))?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::ingest::facts::Code;

    fn row<'a>(facts: &'a Facts, warnings: &'a [Warning]) -> Row<'a> {
        Row {
            object: Some("Shop/a,b".into()),
            source: "=photos/\"a\",b.jpg".into(),
            outcome: "stored",
            facts,
            original_bytes: Some(7),
            stored_bytes: None,
            milliseconds: Some(3),
            warnings,
            message: None,
        }
    }

    fn facts() -> Facts {
        Facts { format: Some("JPEG"), width: Some(40), ..Facts::default() }
    }

    #[test]
    fn json_is_valid_with_any_number_of_rows_and_between_rounds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let read = || serde_json::from_slice::<Value>(&fs::read(&path).unwrap()).unwrap();
        let warnings = [Warning { code: Code::Small, message: "40 × 30 pixels".into() }];
        let mut report = ReportFile::create(&path).unwrap();
        for rows in 0..3 {
            report.publish(&json!({ "stored": rows })).unwrap();
            let published = read();
            assert_eq!(published["originals"].as_array().unwrap().len(), rows);
            assert_eq!(published["summary"]["stored"], rows);
            report.row(&row(&facts(), &warnings)).unwrap();
        }
        report.finish(&json!({ "stored": 3 })).unwrap();
        let finished = read();
        let last = &finished["originals"][2];
        assert_eq!((&last["object"], &last["width"]), (&"Shop/a,b".into(), &40.into()));
        assert_eq!(last["warnings"][0]["code"], "small");
        assert_eq!(finished["version"], VERSION);
    }

    #[test]
    fn csv_quotes_text_and_names_codes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.CSV");
        let warnings = [Code::Small, Code::OddRatio]
            .map(|code| Warning { code, message: code.name().to_owned() });
        let mut report = ReportFile::create(&path).unwrap();
        report.row(&row(&facts(), &warnings)).unwrap();
        report.finish(&Value::Null).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let (head, rows) = text.split_once("\r\n").unwrap();
        assert_eq!(head.split(',').count(), 13);
        let source = "\"'=photos/\"\"a\"\",b.jpg\"";
        let expected = format!(
            "\"Shop/a,b\",{source},stored,\"JPEG\",40,,,,7,,3,small odd-ratio,\"small; odd-ratio\"\r\n"
        );
        assert_eq!(rows, expected);
    }
}
