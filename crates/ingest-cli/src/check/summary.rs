//! Prints the counts of all URLs as text.

use std::io::{self, Write};

use azulejo::check::Level;

use super::{Counts, text_report::name};

/// How many commands of each level are shown.
const SHOWN: usize = 20;

/// Prints the summary.
pub fn print(counts: &Counts, out: &mut impl Write) -> io::Result<()> {
    let Counts { of: summary, without, bases, missing, unpublished } = counts;
    let (urls, ok) = (summary.urls, summary.ok);
    writeln!(out, "{} checked: {ok} ok, {} not", count(urls, "URL"), urls - ok)?;
    let images = |urls: usize| match urls {
        1 => "1 URL names an image that is".to_owned(),
        urls => format!("{urls} URLs name images that are"),
    };
    if let Some(missing) = missing {
        writeln!(out, "{} not in the store", images(*missing))?;
    }
    if *unpublished > 0 {
        writeln!(out, "{} in the store, and not published", images(*unpublished))?;
    }
    if !summary.services.is_empty() {
        let total: usize = summary.services.values().sum();
        let each = summary.services.iter().map(|(name, count)| format!("{name} {count}"));
        let each: Vec<String> = each.collect();
        let urls = count(total, "URL");
        writeln!(out, "{urls} of other services, which are unsupported: {}", each.join(", "))?;
    }
    if *bases > 0 {
        let bases = count(*bases, "beginning");
        writeln!(out, "{bases} of URLs that a script or a viewer completes, not checked")?;
    }
    if *without > 0 {
        writeln!(out, "{} without an Image Serving URL", count(*without, "line"))?;
    }
    let levels = [
        ("understood", Level::Understood),
        ("ignored", Level::Ignored),
        ("not supported", Level::Unsupported),
        ("wrong", Level::Wrong),
    ];
    for (title, level) in levels {
        let counts = summary.of(level);
        if counts.is_empty() {
            continue;
        }
        let shown = counts.iter().take(SHOWN);
        let shown: Vec<String> =
            shown.map(|(command, count)| format!("{} {count}", name(command))).collect();
        let more = counts.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        writeln!(out, "{title}: {}{more}", shown.join(", "))?;
    }
    Ok(())
}

/// A count with its noun: `1 URL`, `2 URLs`.
pub fn count(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
