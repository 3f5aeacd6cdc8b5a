//! Joins the lines of JSON values that span several lines, as in exports and HAR files. A file
//! either begins with such values or contains none.

use anyhow::{Result, bail};

/// The longest JSON value in bytes.
const VALUE_BYTES: usize = 256 << 20;

/// The result of adding a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Joined {
    /// The line belongs to an incomplete value.
    Incomplete,
    /// A complete value: the number of its first line, and its text.
    Value(usize, String),
    /// Lines that are not JSON: the number of the first one, and their text.
    Lines(usize, String),
}

/// Joins lines to JSON values.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
    first: usize,
    /// The open brackets.
    open: Vec<u8>,
    /// Whether the end of `text` is within a string.
    string: bool,
    /// Whether it follows a `\` in a string.
    escaped: bool,
    /// Whether the file is not JSON.
    not_json: bool,
}

impl Document {
    /// Adds a line, or a part of one, with its line end. Fails if a value is too long.
    pub fn join(&mut self, line: String, number: usize) -> Result<Vec<Joined>> {
        let mut joined = Vec::new();
        if line.starts_with("{\"") && !self.may_continue() {
            joined.push(self.lines());
        }
        if self.text.is_empty() {
            self.not_json |= !(begins(line.trim_start()) || line.trim().is_empty());
            if self.not_json || line.trim().is_empty() {
                joined.push(Joined::Lines(number, line));
                return Ok(joined);
            }
            self.first = number;
        }
        let end = self.scan(&line);
        let ended = line.ends_with('\n');
        self.text.push_str(&line);
        if self.text.len() > VALUE_BYTES {
            let (first, most) = (self.first, VALUE_BYTES >> 20);
            // Drops the value: read line by line, its paths and queries would be separated.
            self.text.clear();
            bail!(
                "line {first}: a JSON value begins here that is longer than {most} MiB; write one \
                 record a line: jq -c '.[]' FILE, or '.Records[]' where they are in a field"
            );
        }
        joined.push(match end {
            Some(rest) if line.get(rest..).is_some_and(|rest| rest.trim().is_empty()) => {
                let (first, text) = (self.first, std::mem::take(&mut self.text));
                Joined::Value(first, text)
            }
            Some(_) => self.lines(),
            // A JSON string cannot contain a line end.
            None if self.string && ended => self.lines(),
            None => Joined::Incomplete,
        });
        Ok(joined)
    }

    /// The incomplete value at the end of the file.
    pub fn rest(&mut self) -> Option<Joined> {
        (!self.text.is_empty()).then(|| self.lines())
    }

    fn lines(&mut self) -> Joined {
        let Self { text, first, not_json, .. } = std::mem::take(self);
        self.not_json = not_json;
        Joined::Lines(first, text)
    }

    /// Whether an object may follow the text. Otherwise the text is a broken value, and a new
    /// record begins.
    fn may_continue(&self) -> bool {
        match self.text.trim_end().as_bytes().last() {
            None | Some(b'[' | b':') => true,
            Some(b',') => self.open.last() == Some(&b'['),
            Some(_) => self.string,
        }
    }

    /// Scans brackets and strings. Returns the offset at which the value ends.
    fn scan(&mut self, line: &str) -> Option<usize> {
        for (at, byte) in line.bytes().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.string => self.escaped = true,
                b'"' => self.string = !self.string,
                _ if self.string => {}
                b'{' | b'[' => self.open.push(byte),
                b'}' | b']' => {
                    self.open.pop();
                    if self.open.is_empty() {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// Whether a line may begin a JSON object, or an array of objects or strings.
fn begins(line: &str) -> bool {
    let first = |text: &str, signs: &[char]| {
        let text = text.trim_start();
        text.is_empty() || text.starts_with(signs)
    };
    line.strip_prefix('{').is_some_and(|rest| first(rest, &['"', '}']))
        || line.strip_prefix('[').is_some_and(|rest| first(rest, &['{', '[', '"', ']']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str]) -> Vec<Joined> {
        let mut document = Document::default();
        let mut all = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            all.extend(document.join(format!("{line}\n"), at + 1).unwrap());
        }
        all.extend(document.rest());
        all.retain(|joined| *joined != Joined::Incomplete);
        all
    }

    fn value(first: usize, lines: &[&str]) -> Joined {
        Joined::Value(first, lines.join("\n") + "\n")
    }

    fn plain(first: usize, lines: &[&str]) -> Joined {
        Joined::Lines(first, lines.join("\n") + "\n")
    }

    #[test]
    fn values_of_several_lines_are_joined() {
        let lines = ["[", "  {\"a\": \"}\\\"]\"},", "  {\"b\": []}", "]", "{\"c\":1}", "{", "}"];
        assert_eq!(
            joined(&lines),
            [value(1, &lines[..4]), value(5, &lines[4..5]), value(6, &lines[5..])]
        );
    }

    #[test]
    fn records_need_not_be_indented() {
        let lines = ["{", "\"Records\":[", "{\"a\":1},", "{\"b\":", "{\"c\":1}}", "]}"];
        assert_eq!(joined(&lines), [value(1, &lines)]);
    }

    #[test]
    fn lines_that_are_not_json_are_returned_as_lines() {
        for lines in [["[28/Nov/2026:08:00:00] x", "{\"a\":"], ["<p>", "{\"a\":"], ["a", "["]] {
            assert_eq!(joined(&lines), [plain(1, &lines[..1]), plain(2, &lines[1..])]);
        }
    }

    #[test]
    fn a_broken_record_does_not_affect_the_next_one() {
        let lines = ["{\"a\":\"b", "{\"c\":1}", "{\"d\":{\"x\":[1,2", "{\"e\":1}"];
        assert_eq!(
            joined(&lines),
            [
                plain(1, &lines[..1]),
                value(2, &lines[1..2]),
                plain(3, &lines[2..3]),
                value(4, &lines[3..]),
            ]
        );
    }

    #[test]
    fn a_value_that_is_too_long_is_an_error() {
        let mut document = Document::default();
        document.join("[\n".to_owned(), 1).unwrap();
        let line = format!("\"{}\",\n", "x".repeat(8 << 20));
        let error = (2..60).find_map(|number| document.join(line.clone(), number).err()).unwrap();
        assert!(
            error
                .to_string()
                .starts_with("line 1: a JSON value begins here that is longer than 256 MiB")
        );
        assert_eq!(document.rest(), None);
    }
}
