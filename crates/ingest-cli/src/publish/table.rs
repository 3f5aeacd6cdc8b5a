//! Parses tab-separated data files with a header row.

use std::collections::BTreeMap;

use super::{
    problem::Problems,
    text::{self, Field},
};

/// Fields by the lower-case names of their columns.
pub type Fields = BTreeMap<String, Field>;

/// A parsed data file.
#[derive(Debug, Default)]
pub struct Table {
    /// The rows, each with its line number.
    pub rows: Vec<(usize, Fields)>,
    /// Rows with more fields than the header, without the extra fields.
    pub too_long: Vec<Fields>,
}

/// Parses a table. Warns of columns that are not among the `known` ones.
pub fn table(text: &str, file: &str, columns: &[&str], problems: &mut Problems) -> Table {
    let mut table = Table::default();
    let rows = match text::rows(text.trim_start_matches('\u{feff}')) {
        Ok(rows) => rows,
        Err((line, message)) => {
            problems.error(file, line, message);
            return table;
        }
    };
    let mut rows = rows.into_iter();
    let Some((line, header)) = rows.next() else { return table };
    let mut names: Vec<String> = Vec::new();
    for field in &header {
        let name = field.text.to_ascii_lowercase();
        if name.is_empty() || name.contains(char::is_whitespace) || names.contains(&name) {
            let message =
                format!("{:?} in the header: expected distinct names without spaces", field.text);
            problems.error(file, line, message);
            return table;
        }
        if !name.starts_with('.')
            && !columns.iter().any(|column| column.eq_ignore_ascii_case(&name))
        {
            problems.warning(file, line, format!("{}: no such column; it is ignored", field.text));
        }
        names.push(name);
    }
    for (line, fields) in rows {
        let (more, most) = (fields.len(), names.len());
        let named = names.iter().cloned().zip(fields);
        let row = named.filter(|(name, _)| !name.starts_with('.')).collect();
        if more > most {
            problems.row(file, line, format!("{more} fields, the header has {most}"));
            table.too_long.push(row);
        } else {
            table.rows.push((line, row));
        }
    }
    table
}
