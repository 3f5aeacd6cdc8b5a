//! The rows of the table for encoders and colours, from the numbers of `encoders.mjs` and
//! `avif.mjs`.

use serde_json::{Value, json};

use super::table::{Comparison, Table};

/// Adds the rows.
pub fn compare(measured: &Value, avif: &Value, table: &mut Table) {
    let [jpeg, size, webp, png, inks] =
        ["jpeg", "jpegSize", "webp", "png", "inks"].map(|name| &measured[name]);
    for (what, ours, peer, limit) in [
        ("JPEG 800x600 q80, wasm / libjpeg-turbo", &jpeg["wasm"], &jpeg["sharp"], 1.5),
        ("jpegSize of half the bytes / one encoding", &size["wasm"], &size["once"], 3.0),
        ("WebP 800x600 q80, wasm / libwebp", &webp["wasm"], &webp["sharp"], 1.2),
        ("PNG 800x600, wasm / 25 ms", &png["wasm"], &json!(25), 1.0),
        ("AVIF 800x600, wasm / 400 ms", &avif["wasm"], &json!(400), 1.0),
        ("AVIF 800x600, wasm / sharp of that length", &avif["wasm"], &avif["sharp"], 1.5),
        ("1 MP of inks to sRGB, wasm / 60 ms", &inks["wasm"], &json!(60), 1.0),
    ] {
        table.add(Comparison::at_most(what, ours, peer, "ms", limit));
    }
}
