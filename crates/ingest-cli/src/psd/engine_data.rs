//! Engine data: how Photoshop stores the formats of a text. It resembles the objects of PDF
//! (ISO 32000-1, 7.3) with texts in UTF-16; Adobe does not document it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};

use super::{bytes::utf_16, value::Value};

/// The deepest data that are read.
const DEPTH: usize = 64;

/// Reads engine data.
pub fn read(data: &[u8]) -> Result<Value> {
    Parser { rest: data }.value(0)
}

struct Parser<'a> {
    rest: &'a [u8],
}

impl<'a> Parser<'a> {
    fn skip_space(&mut self) {
        let space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        while let Some((first, rest)) = self.rest.split_first()
            && space(first)
        {
            self.rest = rest;
        }
    }

    /// Whether the data go on with this token, which is then passed.
    fn passes(&mut self, token: &[u8]) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The bytes up to a space or a bracket.
    fn word(&mut self) -> &'a [u8] {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"[]<>/()\0".contains(byte);
        let len = self.rest.iter().position(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(len);
        self.rest = rest;
        word
    }

    fn name(&mut self) -> String {
        String::from_utf8_lossy(self.word()).into_owned()
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        ensure!(depth < DEPTH, "the format of a text is too deep");
        if self.passes(b"<<") {
            let mut map = BTreeMap::new();
            while !self.passes(b">>") {
                ensure!(self.passes(b"/"), "the format of a text is damaged");
                let name = self.name();
                map.insert(name, self.value(depth + 1)?);
            }
            return Ok(Value::Map(map));
        }
        if self.passes(b"[") {
            let mut list = Vec::new();
            while !self.passes(b"]") {
                list.push(self.value(depth + 1)?);
            }
            return Ok(Value::List(list));
        }
        if self.passes(b"(") {
            return self.text().map(Value::Text);
        }
        if self.passes(b"/") {
            return Ok(Value::Text(self.name()));
        }
        Ok(match self.word() {
            b"true" => Value::Flag(true),
            b"false" => Value::Flag(false),
            b"null" => Value::Other,
            b"" => bail!("the format of a text ends too early"),
            word => {
                let number = str::from_utf8(word).ok().and_then(|word| word.parse().ok());
                Value::Number(number.context("the format of a text has an unknown value")?)
            }
        })
    }

    /// A text after its opening bracket. A backslash stands before brackets and backslashes.
    fn text(&mut self) -> Result<String> {
        let mut bytes = Vec::new();
        loop {
            let (&byte, rest) = self.rest.split_first().context("a text is not closed")?;
            self.rest = rest;
            match byte {
                b')' => break,
                b'\\' => {
                    let (&byte, rest) = rest.split_first().context("a text is not closed")?;
                    self.rest = rest;
                    bytes.push(byte);
                }
                _ => bytes.push(byte),
            }
        }
        Ok(match bytes.strip_prefix(b"\xfe\xff") {
            Some(bytes) => utf_16(bytes),
            None => String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_are_maps_lists_texts_and_numbers() {
        let value =
            read(b"\n<< /A << /B [ 1 -.5 true ] >> /C (\xfe\xff\0a\0\\() /D /E >>").unwrap();
        assert_eq!(value.numbers(&["A", "B"]), [1.0, -0.5]);
        assert_eq!(value.flag(&["A", "B", "2"]), Some(true));
        assert_eq!(value.text(&["C"]), Some("a("));
        assert_eq!(value.text(&["D"]), Some("E"));
    }

    #[test]
    fn damaged_data_are_an_error() {
        for data in [&b"<<"[..], b"<< /A", b"<< A 1 >>", b"[ 1", b"(a", b"(a\\", b"", b"[ x ]"] {
            assert!(read(data).is_err(), "{data:?}");
        }
        assert!(read(&b"[".repeat(1_000_000)).is_err());
    }
}
