//! The rows of the table for `azulejo serve`, from the numbers of `serve.mjs`. Peers that are not
//! installed have none.

use serde_json::Value;

use super::table::{Comparison, Table};

/// Adds the rows.
pub fn compare(measured: &Value, table: &mut Table) {
    for (what, kind, peer, limit) in [
        ("serve, 800 px JPEG drawn anew / iipsrv", "drawn", "iipsrv", 1.2),
        ("serve, 800 px JPEG drawn anew / a server of sharp", "drawn", "sharp", 1.2),
        ("serve, cached hit / nginx with that file", "cached", "nginx", 0.8),
    ] {
        let sides = &measured[kind];
        if !sides[peer].is_null() {
            table.add(Comparison::at_least(what, &sides["azulejo"], &sides[peer], "/s", limit));
        }
    }
}
