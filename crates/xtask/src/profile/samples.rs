//! Reads CPU profiles of V8: the time that each function takes itself, without those that it calls.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// The part of a profile that is read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    nodes: Vec<Node>,
    samples: Vec<u64>,
    time_deltas: Vec<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: u64,
    call_frame: CallFrame,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallFrame {
    function_name: String,
    url: String,
}

/// Microseconds by function, most first.
pub fn self_times(profile: &Value) -> Result<Vec<(String, f64)>> {
    let profile = Profile::deserialize(profile).context("this is no CPU profile of V8")?;
    let names: BTreeMap<u64, String> =
        profile.nodes.iter().map(|node| (node.id, name(&node.call_frame))).collect();
    let mut times: BTreeMap<&str, f64> = BTreeMap::new();
    for (sample, delta) in profile.samples.iter().zip(&profile.time_deltas) {
        let name = names.get(sample).map_or("(unknown)", String::as_str);
        // Clocks of several cores may run backwards a little.
        *times.entry(name).or_default() += (*delta).max(0) as f64;
    }
    let mut times: Vec<(String, f64)> =
        times.into_iter().map(|(name, time)| (name.to_owned(), time)).collect();
    times.sort_by(|one, other| other.1.total_cmp(&one.1));
    Ok(times)
}

/// The name of a function without the hash that the compiler appends. Functions of wasm have no
/// prefix; those of scripts have the file's name.
fn name(frame: &CallFrame) -> String {
    let name = frame.function_name.as_str();
    if frame.url.starts_with("wasm") {
        let hash =
            |hash: &str| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        return match name.rsplit_once("::h") {
            Some((path, end)) if hash(end) => path.to_owned(),
            _ => name.to_owned(),
        };
    }
    let name = if name.is_empty() { "(anonymous)" } else { name };
    match frame.url.rsplit('/').next().filter(|file| !file.is_empty()) {
        Some(file) => format!("{name} in {file}"),
        None => name.to_owned(),
    }
}

/// The first functions, with the part of the whole time that they take.
pub fn table(times: &[(String, f64)], top: usize) -> String {
    let whole: f64 = times.iter().map(|(_, time)| time).sum();
    let part = |time: f64| if whole > 0.0 { time * 100.0 / whole } else { 0.0 };
    let mut text = String::from("  self  function\n");
    for (name, time) in times.iter().take(top) {
        text += &format!("{:>5.1}%  {name}\n", part(*time));
    }
    let others = times.get(top..).unwrap_or_default();
    if !others.is_empty() {
        let time = others.iter().map(|(_, time)| time).sum();
        text += &format!("{:>5.1}%  {} other functions\n", part(time), others.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn frame(name: &str, url: &str) -> Value {
        json!({ "functionName": name, "url": url, "scriptId": "1", "lineNumber": 0, "columnNumber": 0 })
    }

    fn profile() -> Value {
        json!({
            "nodes": [
                { "id": 1, "callFrame": frame("(root)", ""), "children": [2, 3] },
                { "id": 2, "callFrame": frame("azulejo::codec::dct::h0123456789abcdef", "wasm://wasm/12ab") },
                { "id": 3, "callFrame": frame("", "file:///a/engine.mjs"), "children": [4] },
                // The same function, called from elsewhere.
                { "id": 4, "callFrame": frame("azulejo::codec::dct::h0123456789abcdef", "wasm://wasm/12ab") },
            ],
            "samples": [2, 3, 4, 2],
            "timeDeltas": [100, 50, 200, -5],
        })
    }

    #[test]
    fn self_times_add_up_over_all_callers() {
        let times = self_times(&profile()).unwrap();
        let wanted = [("azulejo::codec::dct", 300.0), ("(anonymous) in engine.mjs", 50.0)];
        assert_eq!(times, wanted.map(|(name, time)| (name.to_owned(), time)));
    }

    #[test]
    fn self_times_of_something_else_is_an_error() {
        let error = self_times(&json!({ "nodes": 3 })).unwrap_err();
        assert!(error.to_string().contains("no CPU profile"), "{error}");
    }

    #[test]
    fn name_loses_only_what_is_a_hash() {
        for (text, wanted) in [
            ("a::b::h0123456789abcdef", "a::b"),
            ("a::b::height", "a::b::height"),
            ("memcpy", "memcpy"),
        ] {
            let url = "wasm://wasm/1".to_owned();
            assert_eq!(name(&CallFrame { function_name: text.to_owned(), url }), wanted);
        }
    }

    #[test]
    fn table_sums_the_functions_that_it_does_not_show() {
        let times = [("a", 60.0), ("b", 30.0), ("c", 6.0), ("d", 4.0)];
        let times = times.map(|(name, time)| (name.to_owned(), time));
        let text = table(&times, 2);
        assert_eq!(text, "  self  function\n 60.0%  a\n 30.0%  b\n 10.0%  2 other functions\n");
        assert!(!table(&times, 4).contains("other"));
        assert_eq!(table(&[], 4), "  self  function\n");
    }
}
