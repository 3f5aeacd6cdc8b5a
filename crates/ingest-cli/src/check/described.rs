//! The report on one URL, in words.

use azulejo::check::Level;

use super::Checked;

/// A line with the URL, and a line for each thing that is said of it.
pub fn text(checked: &Checked) -> String {
    let report = &checked.report;
    let mark = match (report.ok, report.service) {
        (true, _) => "ok ",
        (false, None) => "BAD",
        (false, Some(_)) => "-- ",
    };
    let place = checked.file.as_ref().zip(checked.line);
    let place = place.map_or_else(String::new, |(file, line)| format!("{file}:{line}  "));
    let mut text = format!("{mark}  {place}{}\n", printable(&report.url));
    let mut line = |what: &str| text.push_str(&format!("     {}\n", printable(what)));
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

/// Text whose control characters a terminal does not obey: a log holds what strangers sent.
fn printable(text: &str) -> String {
    let escaped = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use azulejo::check::check;

    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_that_a_log_holds() {
        let report = check("/is/image/a/b\x1b[31m?wid=3");
        let checked = Checked { report, missing: None, file: None, line: None };
        let told = text(&checked);
        assert!(told.contains("b\\u{1b}[31m"), "{told}");
        assert!(!told.contains('\x1b'), "{told}");
    }

    #[test]
    fn a_report_names_columns_and_lines() {
        let report = check("a/b?rotate=9&x=1");
        let mut checked = Checked { report, missing: None, file: None, line: None };
        let told = text(&checked);
        assert!(told.starts_with("BAD  a/b?rotate=9&x=1\n     column 5: rotate=9"), "{told}");
        assert!(told.contains("not supported: rotate (column 5)\n     ignored: x (column 14)"));
        (checked.file, checked.line) = (Some("a.log".into()), Some(7));
        assert!(text(&checked).starts_with("BAD  a.log:7  a/b?rotate"), "{}", text(&checked));
    }
}
