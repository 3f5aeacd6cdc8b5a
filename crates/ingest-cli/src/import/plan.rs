//! Prints what an import will do, before it does it.

use std::{collections::BTreeMap, io::Write, path::Path};

use anyhow::Result;

use super::{
    assign::{Assigned, By, Item},
    catalogs::Catalogs,
    scan::Export,
    smart_crop_file::SavedCrop,
};

/// Prints the plan. With `all`, one line for each file.
pub fn print(
    folder: &Path,
    export: &Export,
    catalogs: Option<&Catalogs>,
    assigned: &Assigned,
    crops: &[SavedCrop],
    all: bool,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let within = |path: &'_ Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    writeln!(out, "{}", folder.display())?;
    if let Some(catalogs) = catalogs {
        let compiled = &catalogs.compiled.catalogs;
        let names: Vec<&str> = compiled.keys().map(String::as_str).collect();
        let count =
            |of: fn(&azulejo::catalog::Compiled) -> usize| compiled.values().map(of).sum::<usize>();
        writeln!(
            out,
            "  catalogs   {}: {}; {} records, {} macros, {} rules, {} fonts and profiles",
            within(&catalogs.from),
            names.join(", "),
            catalogs.compiled.rows.len(),
            count(|compiled| compiled.macros.len()),
            count(|compiled| compiled.rules.len()),
            catalogs.compiled.objects.len(),
        )?;
    }
    for (kind, items) in [("images", &assigned.images), ("content", &assigned.content)] {
        if !items.is_empty() {
            writeln!(out, "  {kind:<10} {}: {}", items.len(), sources(items))?;
        }
    }
    if !crops.is_empty() {
        writeln!(out, "  crops      {} smart crops and swatches", crops.len())?;
    }
    if !assigned.hidden.is_empty() {
        writeln!(out, "  hidden     {} assets that were not published", assigned.hidden.len())?;
    }
    if !export.ignored.is_empty() {
        writeln!(out, "  ignored    {} hidden files and links", export.ignored.len())?;
    }
    if all {
        for item in &assigned.images {
            writeln!(out, "{} would become {}", within(&item.file), item.asset.name())?;
        }
        for item in &assigned.content {
            writeln!(out, "{} would become /is/content/{}", within(&item.file), item.asset.name())?;
        }
    }
    if !assigned.lost.is_empty() {
        writeln!(out, "not carried over:")?;
        for (what, why) in &assigned.lost {
            writeln!(out, "  {}: {why}", within(what))?;
        }
    }
    Ok(out.flush()?)
}

/// How the assets of items were found, and in which catalogs they are.
fn sources(items: &[Item]) -> String {
    let mut counts: BTreeMap<(By, &str), usize> = BTreeMap::new();
    for item in items {
        *counts.entry((item.by, &item.asset.root)).or_default() += 1;
    }
    let texts = counts.iter().map(|((by, root), count)| {
        let by = match by {
            By::Record => "by the Path of their record",
            By::Node => "by the node of their asset",
            By::Name => "by their name",
        };
        format!("{count} {by} in {root}")
    });
    texts.collect::<Vec<_>>().join(", ")
}
