//! Lines that are a JSON object, perhaps behind a syslog header or in an array.

use serde_json::Value;

use super::{Columns, names, text};

/// The URLs of the requests in a line: one of each object that holds one. The page that a request
/// came from is no URL that was asked for.
pub fn urls(line: &str, _: &mut Columns) -> Option<Vec<String>> {
    let object = line.get(line.find("{\"")?..)?.trim_end().trim_end_matches([',', ']']);
    // What stands before an object is a header of syslog, not text that happens to hold one.
    let value: Value = serde_json::from_str(object).ok()?;
    let mut urls = Vec::new();
    requests(&value, &mut urls);
    Some(urls)
}

/// A list holds a request each; anything else is one.
fn requests(value: &Value, urls: &mut Vec<String>) {
    if let Value::Object(fields) = value
        && let Some(Value::Array(list)) = fields.values().find(|value| is_list(value))
    {
        return list.iter().for_each(|value| requests(value, urls));
    }
    let mut fields = Vec::new();
    flatten(value, String::new(), &mut fields);
    let found = names::url(&fields);
    let any = || {
        let asked = |(name, _): &&(String, String)| !names::is_referer(name);
        fields.iter().filter(asked).find_map(|(_, value)| text::first(value))
    };
    urls.extend(found.or_else(any));
}

fn is_list(value: &Value) -> bool {
    let Value::Array(list) = value else { return false };
    list.iter().any(Value::is_object)
}

/// Every text with its name, the names of the objects around it before it.
fn flatten(value: &Value, name: String, fields: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => fields.push((name, text.clone())),
        Value::Array(values) => {
            values.iter().for_each(|value| flatten(value, name.clone(), fields));
        }
        // A header as a pair of its name and its value.
        Value::Object(members)
            if ["name", "key"].iter().any(|name| {
                members.get(*name).and_then(Value::as_str).is_some_and(names::is_referer)
            }) => {}
        Value::Object(members) => {
            for (key, value) in members {
                let dot = if name.is_empty() { "" } else { "." };
                flatten(value, format!("{name}{dot}{key}"), fields);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
