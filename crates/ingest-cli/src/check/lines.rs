//! Reads a file line by line and counts lines.

use std::io::{self, BufRead, Read};

/// The longest piece of a line in bytes. A line of a compressed file may exceed the memory.
const LINE_BYTES: usize = 16 << 20;

/// The lines of a file. Lines longer than [`LINE_BYTES`] are returned in several parts.
pub struct Lines<R> {
    source: R,
    /// The beginning of the next part.
    rest: Vec<u8>,
    number: usize,
    begins: bool,
}

impl<R: BufRead> Lines<R> {
    /// Reads lines from `source`.
    pub fn new(source: R) -> Self {
        Self { source, rest: Vec::new(), number: 0, begins: true }
    }

    /// The number of the line that was read last, counted from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Reads the next line or part of one, with its line end. Returns `None` at the end. Invalid
    /// UTF-8 becomes U+FFFD.
    pub fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = std::mem::take(&mut self.rest);
        let most = LINE_BYTES.saturating_sub(line.len());
        self.source.by_ref().take(most as u64).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        self.number += usize::from(self.begins);
        self.begins = line.ends_with(b"\n");
        if line.len() >= LINE_BYTES && !self.begins {
            // Splits between URLs, unless the second half of the part contains no separator.
            let ends = |byte: &u8| b" \t\"'<>".contains(byte);
            let half = line.len() / 2;
            let end = line.get(half..).and_then(|half| half.iter().rposition(ends));
            self.rest = end.map_or_else(Vec::new, |end| line.split_off(half + end));
        }
        let text = String::from_utf8(line);
        Ok(Some(
            text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_split_between_urls() {
        let url = "\"/is/image/Shop/shoe?wid=3\" ";
        let text = format!("first\n{}\nlast", url.repeat(LINE_BYTES / url.len() * 2 + 9));
        let mut lines = Lines::new(text.as_bytes());
        let mut parts = Vec::new();
        while let Some(part) = lines.next().unwrap() {
            parts.push((lines.number(), part));
        }
        assert_eq!(parts.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 2, 2, 3]);
        assert_eq!(parts.iter().map(|(_, part)| part.as_str()).collect::<String>(), text);
        for (_, part) in &parts[1..3] {
            assert_eq!(
                part.matches("/is/image/Shop/shoe?wid=3").count(),
                part.matches('?').count()
            );
        }
    }
}
