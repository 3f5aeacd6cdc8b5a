//! JSON values that are written over several lines, joined to one text each: arrays and objects of
//! exports, HAR files. A file holds such values from its first line on, or none.

use anyhow::{Result, bail};

/// Bytes of one JSON value.
const VALUE_BYTES: usize = 256 << 20;

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Joined {
    /// It belongs to a value that goes on.
    Goes,
    /// These lines are to be read as one value, the first of this number.
    Value(usize, String),
    /// These are no JSON value: each is to be read by itself, the first of this number.
    Lines(usize, String),
}

/// The lines of the value that is being read.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
    first: usize,
    /// Brackets that are open.
    open: Vec<u8>,
    /// Whether it is within a string, and behind a `\` there.
    string: bool,
    escaped: bool,
    /// Whether the file is no JSON.
    over: bool,
}

impl Document {
    /// Takes a line, or a part of one, with its line end.
    pub fn join(&mut self, line: String, number: usize) -> Result<Vec<Joined>> {
        let mut joined = Vec::new();
        if line.starts_with("{\"") && !self.may_go_on() {
            joined.push(self.lines());
        }
        if self.text.is_empty() {
            self.over |= !(begins(line.trim_start()) || line.trim().is_empty());
            if self.over || line.trim().is_empty() {
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
            // A part of it would be read by line, which parts path and query.
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
            // No string of JSON goes over a line end.
            None if self.string && ended => self.lines(),
            None => Joined::Goes,
        });
        Ok(joined)
    }

    /// What is left at the end of the file: a value without an end.
    pub fn rest(&mut self) -> Option<Joined> {
        (!self.text.is_empty()).then(|| self.lines())
    }

    fn lines(&mut self) -> Joined {
        let Self { text, first, over, .. } = std::mem::take(self);
        self.over = over;
        Joined::Lines(first, text)
    }

    /// Whether an object can stand behind what was read: else that has no end, and a new record
    /// begins.
    fn may_go_on(&self) -> bool {
        match self.text.trim_end().as_bytes().last() {
            None | Some(b'[' | b':') => true,
            Some(b',') => self.open.last() == Some(&b'['),
            Some(_) => self.string,
        }
    }

    /// Counts brackets; where the value ends, if it does.
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

/// Whether a line can begin a JSON object, or an array of objects or texts.
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
        all.retain(|joined| *joined != Joined::Goes);
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
    fn what_is_no_json_is_read_by_line() {
        for lines in [["[28/Nov/2026:08:00:00] x", "{\"a\":"], ["<p>", "{\"a\":"], ["a", "["]] {
            assert_eq!(joined(&lines), [plain(1, &lines[..1]), plain(2, &lines[1..])]);
        }
    }

    #[test]
    fn a_record_without_an_end_takes_no_other_with_it() {
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
    fn a_value_is_as_long_as_memory_permits() {
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
