//! The memory of wasm: the rows of `memory.mjs`.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    node,
    table::{Comparison, Table},
};

/// Measures, adds rows to the table, and returns all numbers as JSON.
pub fn measure(photo: &Path, gigapixel: &Path, table: &mut Table) -> Result<Value> {
    let mut node = node::node("memory.mjs")?;
    let measured = node::run("memory.mjs", node.arg(photo).arg(gigapixel))?;
    for (what, ours, peer) in [
        ("gigapixel master to 800 px JPEG / 24 MB", &measured["gigapixel"], &json!(24_000_000)),
        ("2000 × 2000 PNG / 40 MB", &measured["png"], &json!(40_000_000)),
        ("1,000 mixed requests / the largest of them", &measured["mixed"], &measured["largest"]),
    ] {
        table.add(Comparison::at_most(what, ours, peer, "MB", 1.0).per(1e6));
    }
    Ok(measured)
}
