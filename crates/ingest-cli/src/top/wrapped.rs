//! Lines of JSON within events of Cloudflare: of `wrangler tail --format json` and of Logpush.

use serde_json::Value;

use super::request::{Request, json};

/// The names of lists and texts in an event, in `wrangler tail` and in Logpush.
const LOGS: [&str; 2] = ["logs", "Logs"];
const MESSAGES: [&str; 2] = ["message", "Message"];

/// The requests that an event logged; `None` if the line is no event.
pub fn read(line: &str) -> Option<Vec<Request>> {
    let line = line.trim();
    // Most foreign lines are no JSON.
    if !line.starts_with('{') || !line.ends_with('}') {
        return None;
    }
    let event: Value = serde_json::from_str(line).ok()?;
    let logs = LOGS.iter().find_map(|name| event.get(name)?.as_array())?;
    let messages = logs.iter().filter_map(|log| MESSAGES.iter().find_map(|name| log.get(name)));
    Some(messages.flat_map(texts).collect())
}

/// The lines in a message: a text, an object, or a list of them.
fn texts(message: &Value) -> Vec<Request> {
    match message {
        Value::String(text) => json(text).into_iter().collect(),
        Value::Array(parts) => parts.iter().flat_map(texts).collect(),
        Value::Object(_) => json(&message.to_string()).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_hold_lines_as_texts_or_as_objects() {
        let line = r#"{"event":"request","object":"Shop/a","status":200,"ms":1,"cache":"hit"}"#;
        let text = Value::String(line.to_owned()).to_string();
        for event in [
            format!(r#"{{"outcome":"ok","logs":[{{"message":[{text}],"level":"log"}}]}}"#),
            format!(r#"{{"Outcome":"ok","Logs":[{{"Level":"log","Message":[{text}]}}]}}"#),
            format!(r#"{{"logs":[{{"message":"x"}},{{"message":[{line}, 7]}}]}}"#),
        ] {
            let requests = read(&event).unwrap();
            assert_eq!(requests.len(), 1, "{event}");
            assert_eq!(requests[0].object, "Shop/a");
        }
        assert_eq!(read(r#"{"logs":[]}"#), Some(Vec::new()));
        assert_eq!(read("{\"logs\":7}"), None);
        assert_eq!(read("not at all"), None);
    }
}
