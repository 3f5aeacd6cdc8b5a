//! Access logs and other files of URLs, line by line: which URLs a line asks for.
//!
//! Each form of line is a file here and a row of `FORMS`. Names that products give to their fields
//! are rows of `names.rs`.

mod json;
mod names;
mod table;
mod text;

pub use table::Columns;

/// Reads one form of line: the URLs in it; `None` where the line has another form.
type Form = fn(&str, &mut Columns) -> Option<Vec<String>>;

/// The forms, in the order they are tried. A line that has none of them holds no URL.
const FORMS: [Form; 4] = [json::urls, table::urls, text::logged, text::written];

/// The URLs that a line asks for. `columns` is what earlier lines said of this one's columns.
pub fn urls(line: &str, columns: &mut Columns) -> Vec<String> {
    let line = line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
    if line.trim().is_empty() {
        return Vec::new();
    }
    FORMS.iter().find_map(|form| form(line, columns)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
