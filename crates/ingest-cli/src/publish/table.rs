//! Tab-separated data files with a header row, as rows by column.

use std::collections::BTreeMap;

use super::{
    problem::Problems,
    text::{self, Field},
};

/// A table by its header: rows of fields by lower-case name, each with its line.
pub fn table(
    text: &str,
    file: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Vec<(usize, BTreeMap<String, Field>)> {
    let rows = match text::rows(text.trim_start_matches('\u{feff}')) {
        Ok(rows) => rows,
        Err((line, message)) => {
            problems.error(file, line, message);
            return Vec::new();
        }
    };
    let mut rows = rows.into_iter();
    let Some((line, header)) = rows.next() else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for field in &header {
        let name = field.text.to_ascii_lowercase();
        if name.is_empty() || name.contains(char::is_whitespace) || names.contains(&name) {
            let message =
                format!("{:?} in the header: expected unlike names without spaces", field.text);
            problems.error(file, line, message);
            return Vec::new();
        }
        if !name.starts_with('.') && !known.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            problems.warning(file, line, format!("{}: no such column; it is ignored", field.text));
        }
        names.push(name);
    }
    let mut table = Vec::new();
    for (line, fields) in rows {
        if fields.len() > names.len() {
            let (more, most) = (fields.len(), names.len());
            problems.error(file, line, format!("{more} fields, the header has {most}"));
            continue;
        }
        let named = names.iter().cloned().zip(fields);
        table.push((line, named.filter(|(name, _)| !name.starts_with('.')).collect()));
    }
    table
}
