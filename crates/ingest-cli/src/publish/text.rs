//! Decodes the text of catalog files and splits tables into fields (r-is-cat-character-encoding,
//! r-catalog-data-files).

/// Decodes a catalog file: UTF-8 after a byte order mark, else ISO-8859-1.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => String::from_utf8(rest.to_vec())
            .map_err(|error| format!("the byte order mark says UTF-8, and it is not: {error}")),
        None => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// Whether a file looks like UTF-8 without a byte order mark.
pub fn lacks_mark(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && !bytes.starts_with(b"\xef\xbb\xbf") && std::str::from_utf8(bytes).is_ok()
}

/// A field of a table, and whether it was quoted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Its text, without quotes around it.
    pub text: String,
    /// Whether it was quoted. In a quoted field `??` is not a line end.
    pub quoted: bool,
}

/// The line number and the fields of a row.
pub type Row = (usize, Vec<Field>);

/// Splits a table at tabs and line ends. Within double quotes neither separates, and `""` is a
/// quote. An error has its line number.
pub fn rows(text: &str) -> Result<Vec<Row>, (usize, String)> {
    let mut rows: Vec<Row> = Vec::new();
    let (mut line, mut begun) = (1, 1);
    let mut fields = vec![Field::default()];
    let mut inside = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let field_is_empty =
            fields.last().is_none_or(|field| field.text.is_empty() && !field.quoted);
        match character {
            '"' if inside && characters.peek() == Some(&'"') => {
                characters.next();
                push(&mut fields, '"');
            }
            '"' if inside => inside = false,
            '"' if field_is_empty => {
                inside = true;
                if let Some(field) = fields.last_mut() {
                    field.quoted = true;
                }
            }
            '\t' if !inside => fields.push(Field::default()),
            '\r' | '\n' => {
                if character == '\r' && characters.peek() == Some(&'\n') {
                    characters.next();
                }
                line += 1;
                if inside {
                    push(&mut fields, '\n');
                } else {
                    rows.push((begun, std::mem::replace(&mut fields, vec![Field::default()])));
                    begun = line;
                }
            }
            character => push(&mut fields, character),
        }
    }
    if inside {
        return Err((begun, "a quotation mark is not closed".to_owned()));
    }
    rows.push((begun, fields));
    rows.retain(|(_, fields)| {
        let first = fields.first().map_or("", |field| field.text.as_str());
        !(first.starts_with('#') || fields.iter().all(|field| field.text.is_empty()))
    });
    Ok(rows
        .into_iter()
        .map(|(line, fields)| (line, fields.into_iter().map(single).collect()))
        .collect())
}

fn push(fields: &mut [Field], character: char) {
    if let Some(field) = fields.last_mut() {
        field.text.push(character);
    }
}

/// Removes single quotes, which may also delimit a field (r-text-string).
fn single(field: Field) -> Field {
    let inner = field.text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match inner {
        Some(inner) if !field.quoted => Field { text: inner.replace("''", "'"), quoted: true },
        _ => field,
    }
}

/// The properties of a `UserData` field: `name=value`, separated by `??` or line ends.
pub fn properties(field: &Field) -> Vec<(String, String)> {
    let text = match field.quoted {
        true => field.text.clone(),
        false => field.text.replace("??", "\n"),
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    // Text without `=` becomes a value without a name.
    lines
        .map(|line| line.split_once('=').unwrap_or(("", line)))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let row = |(_, fields): Row| fields.into_iter().map(|field| field.text).collect();
        rows(text).unwrap().into_iter().map(row).collect()
    }

    #[test]
    fn the_byte_order_mark_determines_the_encoding() {
        assert_eq!(decode(b"\xef\xbb\xbfgr\xc3\xbcn").unwrap(), "grün");
        assert_eq!(decode(b"gr\xfcn").unwrap(), "grün");
        assert!(decode(b"\xef\xbb\xbfgr\xfcn").is_err());
        assert!(lacks_mark("grün".as_bytes()) && !lacks_mark(b"gr\xfcn"));
    }

    #[test]
    fn tabs_separate_and_spaces_belong_to_fields() {
        assert_eq!(texts("Id\tPath\r\na \t b\r\n\tx"), [["Id", "Path"], ["a ", " b"], ["", "x"]]);
    }

    #[test]
    fn quotes_hold_tabs_line_ends_and_quotes() {
        assert_eq!(texts("a\t\"b\tc\nd \"\"e\"\"\"\tf"), [["a", "b\tc\nd \"e\"", "f"]]);
        assert_eq!(texts("'This month''s Special'\tx"), [["This month's Special", "x"]]);
        assert_eq!(rows("a\n\"b\nc").unwrap_err().0, 2);
        assert_eq!(rows("\"a\nb\"\nc").unwrap()[1].0, 3, "lines are counted in quotes, too");
    }

    #[test]
    fn question_marks_end_lines_outside_quotes() {
        let field = |text: &str, quoted| Field { text: text.into(), quoted };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(properties(&field("a=1??b=2", false)), [pair("a", "1"), pair("b", "2")]);
        assert_eq!(properties(&field("a=1??b=2", true)), [pair("a", "1??b=2")]);
        assert_eq!(properties(&field("just text", false)), [pair("", "just text")]);
    }
}
