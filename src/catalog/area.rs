//! HTML `<AREA>` elements, of which `catalog::Map` and `map=` consist (r-image-maps, r-map-cat).

/// One element.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Area {
    /// Its attributes, in order.
    pub attributes: Vec<Attribute>,
}

/// `name=value` in an element, or only a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name as written.
    pub name: String,
    /// Its value, with character references undecoded; `None` for a name alone.
    pub value: Option<String>,
    /// The quotation mark around the value; `None` if it is unquoted.
    quote: Option<char>,
}

impl Area {
    /// Parses the elements of a text, in order. Text between them and an element without `>` are
    /// ignored.
    pub fn read(text: &str) -> Vec<Self> {
        let mut areas = Vec::new();
        let mut rest = text;
        while let Some(begin) = find(rest, "<area") {
            let Some(inner) = rest.get(begin + 5..) else { break };
            let Some(end) = end_of_tag(inner) else { break };
            let (tag, after) = inner.split_at(end);
            // `<areas` is a different element.
            if tag.is_empty() || tag.starts_with(|c: char| c.is_whitespace() || c == '/') {
                areas.push(Self { attributes: attributes(tag) });
            }
            rest = after;
        }
        areas
    }

    /// The value of an attribute, whose name is compared without case. `None` if it is missing or
    /// has no value.
    pub fn get(&self, name: &str) -> Option<&str> {
        let same = |attribute: &&Attribute| attribute.name.eq_ignore_ascii_case(name);
        self.attributes.iter().find(same)?.value.as_deref()
    }

    /// Sets an attribute in its place, or appends it after the others.
    pub fn set(&mut self, name: &str, value: String) {
        let same = |attribute: &&mut Attribute| attribute.name.eq_ignore_ascii_case(name);
        match self.attributes.iter_mut().find(same) {
            Some(attribute) => {
                attribute.quote = attribute.quote.or(Some('"'));
                attribute.value = Some(value);
            }
            None => self.attributes.push(Attribute {
                name: name.to_owned(),
                value: Some(value),
                quote: Some('"'),
            }),
        }
    }

    /// The element as HTML.
    pub fn html(&self) -> String {
        let mut text = "<AREA".to_owned();
        for Attribute { name, value, quote } in &self.attributes {
            text.push_str(&format!(" {name}"));
            let quote = quote.map(String::from).unwrap_or_default();
            text.extend(value.iter().map(|value| format!("={quote}{value}{quote}")));
        }
        text + ">"
    }
}

/// Applies `change` to every quoted value of a text except those of `coords` and `shape`. The
/// rest of the text stays unchanged (r-text-string-localization).
pub fn change_values(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(['"', '\'']) {
        let (before, quoted) = rest.split_at(begin);
        changed.push_str(before);
        let quote = if quoted.starts_with('"') { '"' } else { '\'' };
        let inner = quoted.strip_prefix(quote).unwrap_or_default();
        let Some((value, after)) = inner.split_once(quote) else {
            rest = quoted;
            break;
        };
        let name = before.trim_end().strip_suffix('=').unwrap_or_default().trim_end();
        let name = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let verbatim = ["coords", "shape"].iter().any(|exempt| exempt.eq_ignore_ascii_case(name));
        let value = if verbatim { value.to_owned() } else { change(value) };
        changed.push_str(&format!("{quote}{value}{quote}"));
        rest = after;
    }
    changed + rest
}

/// The byte offset of the first occurrence of an ASCII word, compared without case.
fn find(text: &str, word: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes.windows(word.len()).position(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The byte offset of the first `>` outside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut within = None;
    text.char_indices().find_map(|(at, c)| {
        match (c, within) {
            ('>', None) => return Some(at),
            ('"' | '\'', None) => within = Some(c),
            (c, Some(quote)) if c == quote => within = None,
            _ => {}
        }
        None
    })
}

fn attributes(tag: &str) -> Vec<Attribute> {
    let mut found = Vec::new();
    let mut rest = tag.trim_end().trim_end_matches('/').trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let after = after.trim_start();
        let (value, quote, after) = match after.strip_prefix('=').map(str::trim_start) {
            None => (None, None, after),
            Some(text) => {
                let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (value, after) = match quote {
                    Some(quote) => {
                        let inner = text.strip_prefix(quote).unwrap_or_default();
                        inner.split_once(quote).unwrap_or((inner, ""))
                    }
                    None => {
                        let end = text.find(char::is_whitespace).unwrap_or(text.len());
                        text.split_at(end)
                    }
                };
                (Some(value.to_owned()), quote, after)
            }
        };
        if !name.is_empty() {
            found.push(Attribute { name: name.to_owned(), value, quote });
        }
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<AREA shape=rect coords='1,2, 3,4' href=\"a?b>c\" nohref>\n<area alt=x/>";

    #[test]
    fn elements_are_read_and_written_as_they_are() {
        let areas = Area::read(TEXT);
        assert_eq!(areas.len(), 2);
        assert_eq!(
            (areas[0].get("COORDS"), areas[0].get("href")),
            (Some("1,2, 3,4"), Some("a?b>c"))
        );
        let again = "<AREA shape=rect coords='1,2, 3,4' href=\"a?b>c\" nohref>";
        assert_eq!(areas[0].html(), again);
        assert_eq!(areas[1].html(), "<AREA alt=x>");
    }

    #[test]
    fn values_are_set_in_their_place() {
        let mut area = Area::read(TEXT).remove(0);
        area.set("COORDS", "5,6,7,8".into());
        area.set("shape", "poly".into());
        area.set("alt", "new".into());
        let expected = "<AREA shape=\"poly\" coords='5,6,7,8' href=\"a?b>c\" nohref alt=\"new\">";
        assert_eq!(area.html(), expected);
    }

    #[test]
    fn what_is_no_element_is_dropped() {
        assert_eq!(Area::read("<areas a=1><AREA href='x"), []);
        assert_eq!(Area::read("&lt;area&gt;"), []);
        assert_eq!(Area::read("<area =1 = >").len(), 1);
    }

    #[test]
    fn quoted_values_change_but_for_shape_and_coords() {
        let changed = change_values(TEXT, |value| format!("[{value}]"));
        let expected = "<AREA shape=rect coords='1,2, 3,4' href=\"[a?b>c]\" nohref>\n<area alt=x/>";
        assert_eq!(changed, expected);
        assert_eq!(change_values("alt='open", str::to_owned), "alt='open");
    }
}
