//! The rows of the table for operations and layers, from the numbers of `layers.mjs`.

use serde_json::{Value, json};

use super::table::{Comparison, Table};

/// The limits of a picture of 2000 × 2000 pixels with ten layers: milliseconds, and bytes of wasm
/// memory.
const LARGE: (u32, u32) = (1500, 64 << 20);

/// Adds the rows.
pub fn compare(measured: &Value, table: &mut Table) {
    let [mask, stack, template, large] =
        ["unsharpMask", "layers", "template", "large"].map(|name| &measured[name]);
    let (time, bytes) = (json!(LARGE.0), json!(LARGE.1));
    for (what, ours, peer, limit) in [
        ("op_usm on 800 × 800 px, wasm / 3 ms", &mask["wasm"], &json!(3), 1.0),
        ("op_usm on 800 × 800 px, wasm / sharp sharpen", &mask["wasm"], &mask["sharp"], 1.0),
        ("3 layers with a shadow / 1 image, 800 px", &stack["wasm"], &stack["single"], 1.8),
        ("3 layers with a shadow, wasm / sharp composite", &stack["wasm"], &stack["sharp"], 1.0),
        ("changed variable / first drawing", &template["changed"], &template["first"], 0.5),
        ("10 layers on 2000 × 2000 px / 1.5 s", &large["ms"], &time, 1.0),
    ] {
        table.add(Comparison::at_most(what, ours, peer, "ms", limit));
    }
    let what = "10 layers on 2000 × 2000 px: memory / 64 MiB";
    table.add(Comparison::at_most(what, &large["bytes"], &bytes, "MB", 1.0).per(1e6));
}
