//! The report on one URL as text.

use azulejo::check::Level;

use super::Checked;

/// A line with the URL, and a line for each finding.
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
        // Column 1 holds no command, so the error is about the whole URL.
        match error.column {
            0 | 1 => line(&error.message),
            column => line(&format!("column {column}: {}", error.message)),
        }
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

/// The maximum length of a shown text in characters. A longer one is cut in the middle.
const SHOWN: usize = 1_000;
/// How many characters of the end of a long text are shown.
const END: usize = 200;

/// Text that is safe to print on a terminal: escaped and shortened. Anybody can write into a log.
pub fn printable(text: &str) -> String {
    shortened(text, SHOWN, END)
}

/// A command's name that is safe to print.
pub fn name(text: &str) -> String {
    shortened(text, 60, 0)
}

fn shortened(text: &str, most: usize, end: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return escaped(text);
    }
    let left_out = count - most;
    let begin: String = text.chars().take(most - end).collect();
    let end: String = text.chars().skip(count - end).collect();
    format!("{}…[{left_out} characters left out]…{}", escaped(&begin), escaped(&end))
}

fn escaped(text: &str) -> String {
    let escaped = |c: char| match is_unsafe(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// Whether a character is a control character or changes the text direction.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use azulejo::check::check;

    use super::*;

    #[test]
    fn control_characters_of_a_log_are_escaped() {
        let report = check("/is/image/a/b\x1b[31m?wid=3");
        let checked = Checked::of(report);
        let report = text(&checked);
        assert!(report.contains("b\\u{1b}[31m"), "{report}");
        assert!(!report.contains('\x1b'), "{report}");
    }

    #[test]
    fn a_report_names_columns_and_lines() {
        let report = check("a/b?fmt=heic&x=1");
        let mut checked = Checked::of(report);
        let report = text(&checked);
        assert!(report.starts_with("BAD  a/b?fmt=heic&x=1\n     column 5: fmt=heic"), "{report}");
        assert!(report.contains("not supported: fmt (column 5)\n     ignored: x (column 14)"));
        (checked.file, checked.line) = (Some("a.log".into()), Some(7));
        assert!(text(&checked).starts_with("BAD  a.log:7  a/b?fmt"), "{}", text(&checked));
    }

    #[test]
    fn a_long_url_is_shown_without_its_middle() {
        let url = format!("/is/image/a/b?text={}&wid=abc", "x".repeat(5_000));
        let report = text(&Checked::of(check(&url)));
        let first = report.lines().next().unwrap();
        assert!(first.contains("xxx…[4027 characters left out]…xxx"), "{first}");
        assert!(first.ends_with("&wid=abc") && first.chars().count() < 1_100, "{first}");
        assert!(report.contains("wid=abc: expected a number"), "{report}");
    }

    #[test]
    fn an_error_of_the_whole_url_has_no_column() {
        let report = text(&Checked::of(check("/shoes/red?wid=3")));
        assert!(report.contains("\n     no Image Serving URL"), "{report}");
    }
}
