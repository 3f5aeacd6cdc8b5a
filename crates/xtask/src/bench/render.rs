//! Pyramids to replies: the rows of `render.mjs`, `thumbnail.mjs` and `quality.mjs`.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    node,
    peers::Peer,
    table::{Comparison, Table},
};

/// The least PSNR, in dB, of replies with the photograph against a Lanczos-3 of the full-size image:
/// what the engine had when its speed was first compared. A faster kernel must not be a worse one.
const QUALITY: [(&str, &str, f64); 3] = [
    ("whole", "PSNR of the 800 px JPEG against Lanczos-3 / 38.56 dB", 38.56),
    ("region", "PSNR of the region's 400 px JPEG against Lanczos-3 / 34.48 dB", 34.48),
    ("thumbnail", "PSNR of the 100 px JPEG against Lanczos-3 / 34.25 dB", 34.25),
];

/// Measures, adds rows to the table, and returns all numbers as JSON.
pub fn measure(photo: &Path, original: &Path, table: &mut Table) -> Result<Value> {
    let render = node::measure("render.mjs", photo)?;
    for (name, what, goal) in [
        ("whole", "PTIFF to 800 px JPEG, wasm / sharp", 1.0),
        ("region", "PTIFF region to 400 px JPEG, wasm / sharp", 0.8),
        ("thumbnail", "PTIFF to 100 px JPEG, wasm / sharp", 0.5),
        ("wholeWebp", "PTIFF to 800 px WebP, wasm / sharp", 1.1),
        ("square", "PTIFF to 2000 × 2000 JPEG, wasm / sharp", 1.0),
    ] {
        let sides = &render[name];
        table.add(Comparison::at_most(what, &sides["wasm"], &sides["sharp"], "ms", goal));
    }
    let mut thumbnail = Value::Null;
    if Peer::VipsThumbnail.program().is_some() {
        thumbnail = node::measure("thumbnail.mjs", photo)?;
        for (name, what, goal) in [
            ("whole", "PTIFF to 800 px JPEG, wasm / vipsthumbnail", 1.0),
            ("thumbnail", "PTIFF to 100 px JPEG, wasm / vipsthumbnail", 0.5),
        ] {
            let sides = &thumbnail[name];
            table.add(Comparison::at_most(what, &sides["wasm"], &sides["vips"], "ms", goal));
        }
    }
    let quality = node::run("quality.mjs", node::node("quality.mjs")?.arg(photo).arg(original))?;
    for (name, what, before) in QUALITY {
        table.add(Comparison::at_least(what, &quality[name], &json!(before), "dB", 1.0));
    }
    let (what, language) =
        ("500-byte URL understood, above a bare one / 50 µs", &render["language"]);
    table.add(Comparison::at_most(what, &language["microseconds"], &json!(50), "µs", 1.0));
    Ok(json!({ "render": render, "vipsthumbnail": thumbnail, "quality": quality }))
}
