//! `azulejo check`: what the engine makes of URLs, one by one or a whole access log.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

use anyhow::{Context, Result};
use azulejo::check::{Level, Report, Summary, check, find};

use crate::args::CheckArgs;

/// Names of one level that the summary shows.
const SHOWN: usize = 20;

/// Checks URLs; false when one of them is not answered as it was meant.
pub fn run(args: &CheckArgs) -> Result<bool> {
    let mut run =
        Run { json: args.json, out: io::stdout().lock(), summary: Summary::default(), without: 0 };
    for what in &args.what {
        if what == "-" {
            run.lines(io::stdin().lock())?;
        } else if Path::new(what).is_file() {
            let file = File::open(what).with_context(|| what.clone())?;
            run.lines(BufReader::new(file)).with_context(|| what.clone())?;
        } else {
            run.url(what.trim())?;
        }
    }
    run.out.flush()?;
    summarize(&run.summary, run.without, &mut io::stderr().lock())?;
    Ok(run.summary.ok == run.summary.urls)
}

struct Run<W> {
    json: bool,
    out: W,
    summary: Summary,
    /// Lines in which no URL of ours was found.
    without: usize,
}

impl<W: Write> Run<W> {
    /// A URL a line, or a log; a line that is no text is read as far as it is.
    fn lines(&mut self, mut lines: impl BufRead) -> Result<()> {
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            match in_json(&text).or_else(|| find(&text)) {
                Some(url) => self.url(&url)?,
                None => self.without += 1,
            }
            line.clear();
        }
        Ok(())
    }

    fn url(&mut self, url: &str) -> Result<()> {
        let report = check(url);
        self.summary.add(&report);
        if self.json {
            writeln!(self.out, "{}", serde_json::to_string(&report)?)?;
        } else {
            write!(self.out, "{}", described(&report))?;
        }
        Ok(())
    }
}

/// The URL in a log line that is a JSON object, however deep it lies.
fn in_json(line: &str) -> Option<String> {
    fn search(value: &serde_json::Value) -> Option<String> {
        match value {
            serde_json::Value::String(text) if text.contains("/is/") => find(text),
            serde_json::Value::Array(values) => values.iter().find_map(search),
            serde_json::Value::Object(fields) => fields.values().find_map(search),
            serde_json::Value::String(_)
            | serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_) => None,
        }
    }
    let line = line.trim();
    line.starts_with('{').then(|| serde_json::from_str(line).ok().as_ref().and_then(search))?
}

fn described(report: &Report) -> String {
    let mut text = format!("{}  {}\n", if report.ok { "ok " } else { "BAD" }, report.url);
    let mut line = |what: &str| text.push_str(&format!("     {what}\n"));
    if let Some(error) = &report.error {
        line(&format!("column {}: {}", error.column, error.message));
    }
    let places = |names: &[String], level| {
        let found = report.commands.iter().filter(|found| found.level == level);
        let found = found.filter(|found| names.contains(&found.name));
        let all: Vec<String> =
            found.map(|found| format!("{} (column {})", found.name, found.column)).collect();
        all.join(", ")
    };
    if !report.unsupported.is_empty() {
        line(&format!("not supported: {}", places(&report.unsupported, Level::Unsupported)));
    }
    if !report.ignored.is_empty() {
        line(&format!("ignored: {}", places(&report.ignored, Level::Ignored)));
    }
    report.warnings.iter().for_each(|warning| line(warning));
    text
}

fn summarize(summary: &Summary, without: usize, out: &mut impl Write) -> io::Result<()> {
    let (urls, ok) = (summary.urls, summary.ok);
    writeln!(out, "{urls} URLs checked: {ok} ok, {} not", urls - ok)?;
    if without > 0 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_of_json_objects_are_read() {
        let line = r#"{"time":3,"request":{"uri":"\/is\/image\/a\/b?wid=1\u0026hei=2"}}"#;
        assert_eq!(in_json(line).as_deref(), Some("/is/image/a/b?wid=1&hei=2"));
        assert_eq!(in_json("{not json /is/image/a/b"), None);
    }

    #[test]
    fn a_report_names_columns() {
        let text = described(&check("a/b?rotate=9&x=1"));
        assert!(text.starts_with("BAD  a/b?rotate=9&x=1\n     column 5: rotate=9"), "{text}");
        assert!(text.contains("not supported: rotate (column 5)\n     ignored: x (column 14)"));
    }
}
