//! The Worker in workerd: the rows of `cold.mjs`, `cached.mjs` and `startup.mjs`.

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    node,
    table::{Comparison, Table},
};
use crate::{paths, worker};

/// The milliseconds that an isolate of ours may take beyond 1.1 × a bare one.
const STARTUP_ALLOWANCE: f64 = 5.0;

/// Adds the rows of storage reads.
pub fn cold(measured: &Value, table: &mut Table) {
    for (name, what, at_most) in [
        ("thumbnail", "tiles near the head: storage reads / 1", 1),
        ("whole", "tiles elsewhere: storage reads / 2", 2),
    ] {
        let reads = &measured[name]["reads"];
        table.add(Comparison::at_most(what, reads, &json!(at_most), "", 1.0));
    }
    for (name, what, at_most) in [
        ("thumbnail", "tiles near the head, with catalogs and record: batches of reads / 1", 1),
        ("whole", "tiles elsewhere, with catalogs and record: batches of reads / 2", 2),
    ] {
        let batches = &measured[name]["batches"];
        table.add(Comparison::at_most(what, batches, &json!(at_most), "", 1.0));
    }
    let (what, whole) = ("tiles elsewhere: bytes read / of the tiles needed", &measured["whole"]);
    table.add(Comparison::at_most(what, &whole["bytes"], &whole["needed"], "KB", 1.1).per(1e3));
}

/// Adds the rows of cached replies.
pub fn cached(measured: &Value, table: &mut Table) {
    for (name, what, goal) in [
        ("hit", "cached hit / bare Worker's cached hit", 0.95),
        ("notModified", "304 / bare Worker's cached hit", 1.0),
    ] {
        table.add(Comparison::at_least(what, &measured[name], &measured["bare"], "/s", goal));
    }
}

/// Builds the bare Worker, measures, and adds the row.
pub fn startup(table: &mut Table) -> Result<Value> {
    worker::build_bare()?;
    let mut node = node::node("startup.mjs")?;
    let measured = node::run("startup.mjs", node.arg(paths::worker()).arg(paths::bare_worker()))?;
    let bare = measured["bare"].as_f64().map(|bare| 1.1 * bare + STARTUP_ALLOWANCE);
    let what = "isolate to its first reply / 1.1 × a bare Worker of worker-rs + 5 ms";
    table.add(Comparison::at_most(what, &measured["ours"], &json!(bare), "ms", 1.0));
    Ok(measured)
}
