//! The counts over all URLs, for people.

use std::io::{self, Write};

use azulejo::check::Level;

use super::Counts;

/// Names of one level that the summary shows.
const SHOWN: usize = 20;

/// Prints the summary.
pub fn print(counts: &Counts, out: &mut impl Write) -> io::Result<()> {
    let Counts { of: summary, without, missing } = counts;
    let (urls, ok) = (summary.urls, summary.ok);
    writeln!(out, "{urls} URLs checked: {ok} ok, {} not", urls - ok)?;
    if let Some(missing) = missing {
        writeln!(out, "{missing} URLs name images that are not in the store")?;
    }
    if !summary.services.is_empty() {
        let total: usize = summary.services.values().sum();
        let each = summary.services.iter().map(|(name, count)| format!("{name} {count}"));
        let each: Vec<String> = each.collect();
        writeln!(out, "{total} URLs of other services, not answered here: {}", each.join(", "))?;
    }
    if *without > 0 {
        writeln!(out, "{without} lines without an Image Serving URL")?;
    }
    let levels = [
        ("understood", Level::Understood),
        ("ignored", Level::Ignored),
        ("not supported", Level::Unsupported),
        ("wrong", Level::Wrong),
    ];
    for (name, level) in levels {
        let counts = summary.of(level);
        if counts.is_empty() {
            continue;
        }
        let shown = counts.iter().take(SHOWN).map(|(name, count)| format!("{name} {count}"));
        let more = counts.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        writeln!(out, "{name}: {}{more}", shown.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}
