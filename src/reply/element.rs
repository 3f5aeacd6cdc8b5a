//! Trees of elements, written as XML or as the equivalent JSON (decision L6).

use std::borrow::Cow;

use super::properties::{escape_xml, quote_json};

/// An element: a name, attributes and child elements.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Element {
    /// Its name.
    pub name: &'static str,
    /// Names and values of its attributes, in order.
    pub attributes: Vec<(Cow<'static, str>, String)>,
    /// Its child elements, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// An element without attributes and children.
    pub fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds an attribute.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// The element as XML, without a prolog.
    pub fn xml(&self) -> String {
        let mut text = String::new();
        self.write_xml(&mut text);
        text
    }

    fn write_xml(&self, text: &mut String) {
        text.push_str(&format!("<{}", self.name));
        for (name, value) in &self.attributes {
            text.push_str(&format!(" {name}=\"{}\"", escape_xml(value)));
        }
        if self.children.is_empty() {
            text.push_str("/>");
            return;
        }
        text.push('>');
        for child in &self.children {
            child.write_xml(text);
        }
        text.push_str(&format!("</{}>", self.name));
    }

    /// Its content as a JSON object. Attributes are strings. A single child of a name is an object;
    /// several are an array. `relation` is always an array, because the image component that
    /// selects smart crops expects one.
    pub fn json(&self) -> String {
        let mut members: Vec<String> = self
            .attributes
            .iter()
            .map(|(name, value)| format!("{}:{}", quote_json(name), quote_json(value)))
            .collect();
        let mut names: Vec<&str> = Vec::new();
        for child in &self.children {
            if !names.contains(&child.name) {
                names.push(child.name);
            }
        }
        for name in names {
            let same: Vec<String> =
                self.children.iter().filter(|child| child.name == name).map(Self::json).collect();
            let value = match same.as_slice() {
                [one] if name != "relation" => one.clone(),
                several => format!("[{}]", several.join(",")),
            };
            members.push(format!("{}:{value}", quote_json(name)));
        }
        format!("{{{}}}", members.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: usize) -> Element {
        let item = |n: usize| Element {
            children: vec![Element::new("i").with("n", format!("Co/<{n}>"))],
            ..Element::new("item").with("dx", "9")
        };
        Element {
            children: (0..items).map(item).collect(),
            ..Element::new("set").with("n", "Co/s")
        }
    }

    #[test]
    fn xml_nests_and_escapes() {
        let expected = "<set n=\"Co/s\"><item dx=\"9\"><i n=\"Co/&lt;0&gt;\"/></item></set>";
        assert_eq!(set(1).xml(), expected);
        assert_eq!(set(0).xml(), "<set n=\"Co/s\"/>");
    }

    #[test]
    fn json_has_an_object_for_one_child_and_an_array_for_several() {
        let one = r#"{"dx":"9","i":{"n":"Co/\u003c0\u003e"}}"#;
        assert_eq!(set(1).json(), format!(r#"{{"n":"Co/s","item":{one}}}"#));
        let value: serde_json::Value = serde_json::from_str(&set(2).json()).unwrap();
        assert_eq!(value["item"].as_array().map(Vec::len), Some(2));
    }
}
