//! The rows of the table for text, from the numbers of `text.mjs`.

use serde_json::{Value, json};

use super::table::{Comparison, Table};

/// Adds the rows.
pub fn compare(measured: &Value, table: &mut Table) {
    let [paragraph, banner] = ["paragraph", "banner"].map(|name| &measured[name]);
    for (what, ours, peer, limit) in [
        ("220 characters in lines of 700 px, wasm / 1.5 ms", &paragraph["warm"], &json!(1.5), 1.0),
        ("the same, the first text / 25 ms", &paragraph["first"], &json!(25), 1.0),
        ("banner with two texts / 1 image, 800 px", &banner["wasm"], &banner["single"], 2.0),
    ] {
        table.add(Comparison::at_most(what, ours, peer, "ms", limit));
    }
}
