//! JSON: a line that is an object, perhaps behind a syslog header or in an array, or a value of
//! several lines.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Log, names, text};

/// Texts of one record: an object with more of them holds records by their ids.
const FIELDS: usize = 500;

/// The URLs of the requests in a line: one of each object that holds one. The page that a request
/// came from is no URL that was asked for.
pub fn urls(line: &str, log: &mut Log) -> Option<Vec<String>> {
    let begin = ["{\"", "{ \""].iter().filter_map(|begin| line.find(begin)).min()?;
    let object = line.get(begin..)?.trim_end().trim_end_matches([',', ']']);
    // What stands before an object is a header of syslog, not text that happens to hold one.
    let found = value(object, log)?;
    Some(found.into_iter().map(|(_, url)| url).collect())
}

/// The URLs of a JSON value, each with the place in the text where its record begins; `None` where
/// the text is no JSON.
pub fn value(text: &str, log: &mut Log) -> Option<Vec<(usize, String)>> {
    let value: &RawValue = serde_json::from_str(text).ok()?;
    let mut found = Vec::new();
    record(value, text, log, &mut found);
    // Members of an object come in the order of their names.
    found.sort_by_key(|(begin, _)| *begin);
    Some(found)
}

/// A record is one request. What names no URL as a request does is a list of records, or holds
/// URLs in its texts.
fn record(value: &RawValue, whole: &str, log: &mut Log, found: &mut Vec<(usize, String)>) {
    let begin = value.get().as_ptr() as usize - whole.as_ptr() as usize;
    let mut parts = Parts::default();
    parts.read(value, String::new());
    if parts.fields.len() > FIELDS && value.get().starts_with('{') {
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

/// The parts of a record.
#[derive(Default)]
struct Parts<'a> {
    /// Every text with its name, the names of the objects around it before it.
    fields: Vec<(String, String)>,
    /// The elements of its lists of objects.
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
                // A header as a pair of its name and its value.
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

/// The URLs of a text within a record: a line of a log, or whatever else holds URLs.
pub fn within(text: &str, log: &mut Log) -> Vec<String> {
    let object = text.trim_start().starts_with("{\"").then(|| urls(text, log)).flatten();
    object.or_else(|| text::logged(text, log)).unwrap_or_else(|| text::all(text, log))
}
