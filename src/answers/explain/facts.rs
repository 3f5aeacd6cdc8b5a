//! An explanation as plain text: the members of its JSON, aligned for people to read.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

/// A JSON value whose members stay in their order.
enum Fact {
    Plain(String),
    List(Vec<Self>),
    Members(Vec<(String, Self)>),
}

/// The spaces between two columns.
const GAP: usize = 2;

/// Prints each member of a JSON object as a paragraph. Lists of objects become tables.
pub fn print(json: &str) -> String {
    let Ok(Fact::Members(members)) = serde_json::from_str(json) else { return String::new() };
    let mut text = String::new();
    for (name, fact) in &members {
        match fact {
            Fact::Plain(value) => text.push_str(&format!("{name}  {value}\n")),
            Fact::Members(members) => {
                let rows = members.iter().map(|(name, fact)| vec![name.clone(), fact.inline()]);
                paragraph(name, rows.collect(), &mut text);
            }
            Fact::List(facts) => paragraph(name, table(facts), &mut text),
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// The rows of a list; objects have a row with the names of their members above them.
fn table(facts: &[Fact]) -> Vec<Vec<String>> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in facts.iter().flat_map(Fact::members) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    if columns.is_empty() {
        return facts.iter().map(|fact| vec![fact.inline()]).collect();
    }
    let cell = |fact: &Fact, column: &str| {
        let member = fact.members().iter().find(|(name, _)| name == column);
        member.map_or(String::new(), |(_, fact)| fact.inline())
    };
    let rows = facts.iter().map(|fact| columns.iter().map(|column| cell(fact, column)).collect());
    let head = columns.iter().map(|column| (*column).to_owned()).collect();
    std::iter::once(head).chain(rows).collect()
}

/// Appends rows whose columns are aligned, below a title.
fn paragraph(title: &str, rows: Vec<Vec<String>>, text: &mut String) {
    let len = |cell: &String| cell.chars().count();
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = (*width).max(len(cell)));
    }
    text.push_str(title);
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - len(cell) + GAP));
        }
        text.push_str(&format!("\n  {}", line.trim_end()));
    }
    text.push('\n');
}

impl Fact {
    fn members(&self) -> &[(String, Self)] {
        if let Self::Members(members) = self { members } else { &[] }
    }

    /// The value in one line.
    fn inline(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Plain(value) => value.clone(),
            Self::List(facts) => {
                let nested = facts.iter().any(|fact| !matches!(fact, Self::Plain(_)));
                let part = |fact: &Self| match nested {
                    true => format!("({})", fact.inline()),
                    false => fact.inline(),
                };
                joined(facts.iter().map(part).collect())
            }
            Self::Members(members) => {
                let part = |(name, fact): &(String, Self)| format!("{name} {}", fact.inline());
                joined(members.iter().map(part).collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Fact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Fact, E> {
        Ok(Fact::Plain(if value { "yes" } else { "no" }.to_owned()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Fact, E> {
        Ok(Fact::Plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Fact, E> {
        Ok(Fact::Plain(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Fact, E> {
        Ok(Fact::Plain(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Fact, E> {
        // A control character would break the alignment.
        Ok(Fact::Plain(value.replace(char::is_control, " ")))
    }

    fn visit_unit<E>(self) -> Result<Fact, E> {
        Ok(Fact::Plain("none".to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Fact, A::Error> {
        let mut facts = Vec::new();
        while let Some(fact) = list.next_element()? {
            facts.push(fact);
        }
        Ok(Fact::List(facts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fact, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Fact::Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::print;

    #[test]
    fn objects_are_lines_and_lists_of_them_are_tables() {
        let json = r#"{"request": "/is/image/a", "plan": {"levels": 3, "view": {"width": 9, "height": 20}},
            "nodes": [{"step": "source", "alpha": true}, {"step": "é", "from": [{"a": 1}, {"a": null}]}],
            "matched": ["one", "two\n"], "none": []}"#;
        let text = "request  /is/image/a\n\nplan\n  levels  3\n  view    width 9, height 20\n\n\
                    nodes\n  step    alpha  from\n  source  yes\n  é              (a 1), (a none)\n\n\
                    matched\n  one\n  two\n\nnone\n";
        assert_eq!(print(json), text);
    }
}
