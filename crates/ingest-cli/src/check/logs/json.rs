//! Finds URLs in JSON: a line with an object, possibly after a syslog header or in an array, or a
//! value that spans several lines.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Log, names, text};

/// The most strings of one record. An object with more of them is a map of records by id.
const MAX_FIELDS: usize = 500;

/// The requested URLs in a line, at most one for each record. Referers are not requested URLs.
pub fn urls(line: &str, log: &mut Log) -> Option<Vec<String>> {
    let begin = ["{\"", "{ \""].iter().filter_map(|begin| line.find(begin)).min()?;
    let object = line.get(begin..)?.trim_end().trim_end_matches([',', ']']);
    // The text before the object is taken for a syslog header.
    let found = value(object, log)?;
    Some(found.into_iter().map(|(_, url)| url).collect())
}

/// The URLs in a JSON value, each with the offset at which its record begins. `None` if the text is
/// not JSON.
pub fn value(text: &str, log: &mut Log) -> Option<Vec<(usize, String)>> {
    let value: &RawValue = serde_json::from_str(text).ok()?;
    let mut found = Vec::new();
    record(value, text, log, &mut found);
    // The members of an object are visited in the order of their names.
    found.sort_by_key(|(begin, _)| *begin);
    Some(found)
}

/// Finds the URLs of a value. A value with the fields of a request is one record with one URL. Any
/// other value is a list of records, or has URLs in its strings.
fn record(value: &RawValue, whole: &str, log: &mut Log, found: &mut Vec<(usize, String)>) {
    let begin = value.get().as_ptr() as usize - whole.as_ptr() as usize;
    let mut parts = Parts::default();
    parts.read(value, String::new());
    if parts.fields.len() > MAX_FIELDS && value.get().starts_with('{') {
        return members(value).into_values().for_each(|value| record(value, whole, log, found));
    }
    let named = names::url(&parts.fields, &mut log.paths);
    if named.is_some() || names::is_request(&parts.fields) {
        found.extend(named.map(|url| (begin, url)));
        return;
    }
    let urls = names::texts(&parts.fields, log);
    found.extend(urls.into_iter().map(|url| (begin, url)));
    for list in parts.lists {
        record(list, whole, log, found);
    }
}

/// The parts of a value.
#[derive(Default)]
struct Parts<'a> {
    /// All strings, each with its path of names, joined with dots.
    fields: Vec<(String, String)>,
    /// The elements of all lists of objects.
    lists: Vec<&'a RawValue>,
}

impl<'a> Parts<'a> {
    fn read(&mut self, value: &'a RawValue, name: String) {
        let json = value.get();
        match json.as_bytes().first() {
            Some(b'"') => {
                if let Ok(text) = serde_json::from_str(json) {
                    self.fields.push((name, text));
                }
            }
            Some(b'[') => {
                let list: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
                for value in list {
                    match value.get().starts_with(['{', '[']) {
                        true => self.lists.push(value),
                        false => self.read(value, name.clone()),
                    }
                }
            }
            Some(b'{') => {
                let members = members(value);
                // Skips the referer in a list of headers with names and values.
                let is_referer = |name: &str| {
                    let name = members.get(name).and_then(|name| text_of(name));
                    name.is_some_and(|name| names::is_referer(&name))
                };
                if is_referer("name") || is_referer("key") {
                    return;
                }
                for (key, value) in members {
                    let dot = if name.is_empty() { "" } else { "." };
                    self.read(value, format!("{name}{dot}{key}"));
                }
            }
            _ => {}
        }
    }
}

fn members(object: &RawValue) -> BTreeMap<String, &RawValue> {
    serde_json::from_str(object.get()).unwrap_or_default()
}

fn text_of(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// The URLs in a string of a record, which may be a log line.
pub fn within(text: &str, log: &mut Log) -> Vec<String> {
    let object = text.trim_start().starts_with("{\"").then(|| urls(text, log)).flatten();
    object.or_else(|| text::logged(text, log)).unwrap_or_else(|| text::all(text, log))
}
