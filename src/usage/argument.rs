//! The arguments of a command, read from its syntax.
//!
//! The syntax is a list of arguments, separated by commas. Those in square brackets may be left
//! out. An argument is a name; then, in parentheses, its kind, range and unit; or, after a colon,
//! its choices:
//!
//! ```text
//! amount (0…5)[,radius (0…250 px)[,threshold (integer 0…255)[,monochrome: 0|1]]]
//! ```
//!
//! Without a kind, an argument with a range or unit is a number. One that is named `color` or
//! `object` is of that kind. Any other is a text.

use serde::Serialize;

/// One argument of a command.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Argument {
    /// Its name, as far as possible that of the reference.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// The keywords, for [`Kind::Choice`] and [`Kind::Switch`]; else empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<&'static str>,
    /// The lowest value, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The highest value, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The unit of its numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Whether it may be left out.
    pub optional: bool,
}

/// The kinds of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An integer; fractions are rounded.
    Integer,
    /// A number.
    Number,
    /// One of several keywords.
    Choice,
    /// 0 or 1.
    Switch,
    /// A colour, such as `ff8000`, `255,128,0` or `255,128,0,128`.
    Color,
    /// An object, a nested request or a URL in brackets.
    Object,
    /// Any text.
    Text,
}

impl Argument {
    /// What its values are, for people: `integer, 0 to 255`.
    pub fn value(&self) -> String {
        let kind = match self.kind {
            Kind::Choice | Kind::Switch => return self.choices.join(", "),
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Color => "colour",
            Kind::Object => "object",
            Kind::Text => "text",
        };
        let number = |number: f64| number.to_string().replace('-', "−");
        let range = match (self.min, self.max) {
            (Some(min), Some(max)) => format!(", {} to {}", number(min), number(max)),
            (Some(min), None) => format!(", {} or more", number(min)),
            (None, Some(max)) => format!(", at most {}", number(max)),
            (None, None) => String::new(),
        };
        let unit = match (self.unit, range.is_empty()) {
            (Some(unit), true) => format!(" in {unit}"),
            (Some(unit), false) => format!(" {unit}"),
            (None, _) => String::new(),
        };
        format!("{kind}{range}{unit}")
    }
}

/// Reads the syntax of a command; `None` if it is malformed.
pub fn arguments(syntax: &'static str) -> Option<Vec<Argument>> {
    let mut found = Vec::new();
    let (mut begin, mut depth, mut inside) = (0, 0_usize, false);
    let bounds = syntax.char_indices().chain([(syntax.len(), ',')]);
    for (at, c) in bounds {
        inside = match c {
            '(' => true,
            ')' => false,
            _ => inside,
        };
        if inside || !matches!(c, '[' | ']' | ',') {
            continue;
        }
        let text = syntax.get(begin..at)?;
        if !text.is_empty() {
            found.push(Argument { optional: depth > 0, ..argument(text)? });
        }
        depth = match c {
            '[' => depth + 1,
            ']' => depth.checked_sub(1)?,
            _ => depth,
        };
        begin = at + c.len_utf8();
    }
    (depth == 0 && !inside).then_some(found)
}

fn argument(text: &'static str) -> Option<Argument> {
    if let Some((name, choices)) = text.split_once(": ") {
        let choices: Vec<&str> = choices.split('|').collect();
        let kind = if choices == ["0", "1"] { Kind::Switch } else { Kind::Choice };
        let argument = plain(name, kind)?;
        return choices
            .iter()
            .all(|choice| is_name(choice))
            .then_some(Argument { choices, ..argument });
    }
    let Some((name, described)) = text.split_once(" (") else {
        return plain(text, kind(text).unwrap_or(Kind::Text));
    };
    let mut words = described.strip_suffix(')')?.split(' ').peekable();
    let kind = words.peek().and_then(|word| kind(word));
    if kind.is_some() {
        words.next();
    }
    let mut argument = plain(name, kind.unwrap_or(Kind::Number))?;
    for word in words {
        match word.split_once('…') {
            Some((min, max)) => (argument.min, argument.max) = (bound(min)?, bound(max)?),
            None if argument.unit.is_none() && !word.is_empty() => argument.unit = Some(word),
            None => return None,
        }
    }
    Some(argument)
}

fn plain(name: &'static str, kind: Kind) -> Option<Argument> {
    let (choices, min, max, unit) = (Vec::new(), None, None, None);
    is_name(name).then_some(Argument { name, kind, choices, min, max, unit, optional: false })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The kind that a word of the notation names.
fn kind(word: &str) -> Option<Kind> {
    match word {
        "integer" => Some(Kind::Integer),
        "number" => Some(Kind::Number),
        "color" => Some(Kind::Color),
        "object" => Some(Kind::Object),
        "text" => Some(Kind::Text),
        _ => None,
    }
}

/// One end of a range, which may be open; `None` if it is no number. A minus sign is U+2212.
fn bound(text: &str) -> Option<Option<f64>> {
    if text.is_empty() {
        return Some(None);
    }
    text.replace('−', "-").parse().ok().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(syntax: &'static str) -> Argument {
        let [argument] = <[Argument; 1]>::try_from(arguments(syntax).unwrap()).unwrap();
        argument
    }

    #[test]
    fn arguments_in_brackets_are_optional() {
        let found = arguments("a (0…5)[,b: x|y[,c]]").unwrap();
        let seen: Vec<_> = found.iter().map(|found| (found.name, found.optional)).collect();
        assert_eq!(seen, [("a", false), ("b", true), ("c", true)]);
        assert!(arguments("[areas]").unwrap()[0].optional);
        assert_eq!(arguments("").unwrap(), []);
    }

    #[test]
    fn a_range_has_a_kind_and_a_unit() {
        let found = one("angle (integer −180…180 degrees)");
        assert_eq!((found.kind, found.unit), (Kind::Integer, Some("degrees")));
        assert_eq!((found.min, found.max), (Some(-180.0), Some(180.0)));
        let found = one("width (0… px)");
        assert_eq!((found.kind, found.min, found.max), (Kind::Number, Some(0.0), None));
        let values = ["a (integer −9…9 px)", "a (0.5…)", "a (degrees)", "a: lr|ud"].map(one);
        let words = values.map(|argument| argument.value());
        assert_eq!(
            words,
            ["integer, −9 to 9 px", "number, 0.5 or more", "number in degrees", "lr, ud"]
        );
    }

    #[test]
    fn kinds_are_told_by_choices_words_and_names() {
        for (syntax, kind) in [
            ("mode: fit|crop", Kind::Choice),
            ("upscale: 0|1", Kind::Switch),
            ("color", Kind::Color),
            ("profile (object)", Kind::Object),
            ("string", Kind::Text),
            ("x (integer)", Kind::Integer),
        ] {
            assert_eq!(one(syntax).kind, kind, "{syntax}");
        }
    }

    #[test]
    fn a_malformed_syntax_is_none() {
        for syntax in
            ["a[,b", "a]", "a (0…x)", "a (0…1", "two words", "a: x||y", "a: x y", "a (px px)"]
        {
            assert_eq!(arguments(syntax), None, "{syntax}");
        }
    }
}
