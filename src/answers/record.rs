//! `req=userdata`, `targets` and `imageset`: fields of the record, unchanged.

use crate::{
    catalog::Record,
    commands::{Reply, ReplyFormat},
    http::HttpReply,
    reply::{
        ReplyBuilder,
        element::Element,
        properties::{assignment, quote_json},
        text::{JAVASCRIPT, jsonp, text, xml},
    },
    resolved::Resolved,
};

/// Names and values.
type Lines = Vec<(String, String)>;

/// Prints a field of the record. For an object without a record the reply is empty, not an error
/// (J10).
pub fn answer(resolved: &Resolved, tag: String) -> HttpReply {
    let record = resolved.answer.record.as_ref();
    let lines = match (record, resolved.answer.reply) {
        (None, _) => Lines::new(),
        (Some(requested), Reply::UserData) => {
            user_data(&requested.record, requested.part.as_deref())
        }
        (Some(requested), Reply::Targets) => targets(&requested.record),
        (Some(requested), _) => {
            requested.record.image_set.iter().map(|set| (String::new(), set.clone())).collect()
        }
    };
    write(resolved, &lines, tag)
}

/// The user data of the requested part, such as a smart crop, else of the record.
fn user_data(record: &Record, part: Option<&str>) -> Lines {
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    match part.and_then(|part| record.part(part)) {
        Some(part) => part.user_data().into_iter().map(owned).collect(),
        None => record.user_data.clone().into_iter().collect(),
    }
}

/// The targets. `??` separates them (r-targets).
fn targets(record: &Record) -> Lines {
    let text = record.fields.targets.as_deref().unwrap_or_default();
    let line = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or(("", line));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    text.split("??").map(str::trim).filter(|text| !text.is_empty()).map(line).collect()
}

fn write(resolved: &Resolved, lines: &Lines, tag: String) -> HttpReply {
    match resolved.answer.format {
        ReplyFormat::Text => {
            let line = |(name, value): &(String, String)| match name.as_str() {
                "" => value.clone(),
                name => format!("{name}={value}"),
            };
            text(resolved, lines.iter().map(line).collect::<Vec<_>>().join("\r\n") + "\r\n", tag)
        }
        ReplyFormat::JavaScript => {
            let line =
                |(name, value): &(String, String)| assignment(name_of(resolved, name), value);
            let text: String = lines.iter().map(line).collect();
            ReplyBuilder::of(resolved, tag).body(JAVASCRIPT, text.into_bytes())
        }
        ReplyFormat::Xml => {
            let property = |(name, value): &(String, String)| {
                Element::new("property").with("name", name_of(resolved, name)).with("value", value)
            };
            let children = lines.iter().map(property).collect();
            xml(resolved, &Element { children, ..Element::new("prop-group") }, tag)
        }
        ReplyFormat::Json => {
            let member = |(name, value): &(String, String)| {
                format!("{}:{}", quote_json(name_of(resolved, name)), quote_json(value))
            };
            let members = lines.iter().map(member).collect::<Vec<_>>().join(",");
            jsonp(resolved, &format!("{{{members}}}"), tag)
        }
    }
}

/// The name of a value in JSON. Image sets have no name and are called `imageset`.
fn name_of<'a>(resolved: &Resolved, name: &'a str) -> &'a str {
    match (name, resolved.answer.reply == Reply::ImageSet) {
        ("", true) => "imageset",
        (name, _) => name,
    }
}
