//! The compressed sizes of the packages.

use anyhow::Result;
use serde_json::{Value, json};

use super::table::{Comparison, Table};
use crate::{browser_package, worker};

/// Adds the rows, and returns the sizes as JSON.
pub fn measure(table: &mut Table) -> Result<Value> {
    let (worker, avif, browser) = (worker::size()?, worker::avif_size()?, browser_package::size()?);
    for (what, size, limit) in [
        ("Worker / its limit", worker, worker::LIMIT),
        ("AVIF module / its limit", avif, worker::AVIF_LIMIT),
        ("browser package / its limit", browser, browser_package::LIMIT),
    ] {
        let (size, limit) = (json!(size.gzipped), json!(limit));
        table.add(Comparison::at_most(what, &size, &limit, "KB", 1.0).per(1e3));
    }
    Ok(json!({ "worker": worker.gzipped, "avif": avif.gzipped, "browser": browser.gzipped }))
}
