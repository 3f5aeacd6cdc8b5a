//! Splits attribute and macro files into records. The built-in catalog uses these formats, too.

use crate::error::{Error, ErrorKind, Result};

/// A record of a file: the number of its first line from 1, its name, its value.
pub type Line = (usize, String, String);

/// The records of an attribute file, `name = value` (r-catalog-attribute-files). Fails for a line
/// without `=`.
pub fn attributes(text: &str) -> Result<Vec<Line>> {
    let mut records = Vec::new();
    for (number, line) in lines(text) {
        let Some((name, value)) = line.split_once('=') else {
            let message = format!("line {number}: expected name = value: {line}");
            return Err(Error::new(ErrorKind::Syntax, message));
        };
        records.push((number, name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(records)
}

/// The records of a macro file: a name, white space, and modifiers.
pub fn macros(text: &str) -> Vec<Line> {
    let record = |(number, line): (usize, String)| {
        let (name, definition) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        (number, name.to_owned(), definition.trim().to_owned())
    };
    lines(text).into_iter().map(record).collect()
}

/// Whether a macro can have this name: ASCII letters, digits, `-`, `_` and `.`.
pub fn is_macro_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The lines with their numbers, without blank lines and `#` comments. A backslash at the end of a
/// line joins the next line to it, with a line feed between them.
fn lines(text: &str) -> Vec<(usize, String)> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in text.split('\n').enumerate() {
        let (line, goes_on) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, before)) if open => before.push_str(&format!("\n{line}")),
            _ => lines.push((number + 1, line.to_owned())),
        }
        open = goes_on;
    }
    lines.retain(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    lines.iter_mut().for_each(|(_, line)| *line = line.trim().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_line_ends_separate_records() {
        let records = attributes("\u{feff}a=1\r\nb = 2\rc=3\n\n# d=4\ne=").unwrap();
        let names: Vec<_> = records.iter().map(|(line, name, _)| (*line, name.as_str())).collect();
        assert_eq!(names, [(1, "a"), (2, "b"), (3, "c"), (6, "e")]);
        assert_eq!(records[1].2, "2");
    }

    #[test]
    fn a_backslash_keeps_a_line_end_in_a_value() {
        let records = attributes("a=one\\\ntwo\nb=3").unwrap();
        assert_eq!(records[0].2, "one\ntwo");
        assert_eq!(records[1].0, 3);
    }

    #[test]
    fn a_line_without_an_equals_sign_is_named() {
        let error = attributes("a=1\nwhat").unwrap_err();
        assert_eq!(error.message, "line 2: expected name = value: what");
    }

    #[test]
    fn macros_are_a_name_and_modifiers() {
        let records = macros("# presets\nbig\twid=900&hei=2\nview wid=240");
        assert_eq!(records[0], (2, "big".into(), "wid=900&hei=2".into()));
        assert!(is_macro_name(&records[0].1) && !is_macro_name("a$b"));
    }
}
