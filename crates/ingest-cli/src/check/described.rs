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
        // In the first column is no command: the URL as a whole is meant.
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

/// Characters of a text that are shown; of a longer one its beginning and its end.
const SHOWN: usize = 1_000;
const END: usize = 200;

/// Text whose control characters a terminal does not obey, and that leaves room for others: a log
/// holds what strangers sent.
pub fn printable(text: &str) -> String {
    shortened(text, SHOWN, END)
}

/// The same of a name.
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
    let escaped = |c: char| match is_harmful(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// Control characters, and those that turn the direction of what stands around them.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use azulejo::check::check;

    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_that_a_log_holds() {
        let report = check("/is/image/a/b\x1b[31m?wid=3");
        let checked = Checked::of(report);
        let told = text(&checked);
        assert!(told.contains("b\\u{1b}[31m"), "{told}");
        assert!(!told.contains('\x1b'), "{told}");
    }

    #[test]
    fn a_report_names_columns_and_lines() {
        let report = check("a/b?rotate=9&x=1");
        let mut checked = Checked::of(report);
        let told = text(&checked);
        assert!(told.starts_with("BAD  a/b?rotate=9&x=1\n     column 5: rotate=9"), "{told}");
        assert!(told.contains("not supported: rotate (column 5)\n     ignored: x (column 14)"));
        (checked.file, checked.line) = (Some("a.log".into()), Some(7));
        assert!(text(&checked).starts_with("BAD  a.log:7  a/b?rotate"), "{}", text(&checked));
    }

    #[test]
    fn of_a_long_url_the_beginning_and_the_end_are_shown() {
        let url = format!("/is/image/a/b?text={}&wid=abc", "x".repeat(5_000));
        let told = text(&Checked::of(check(&url)));
        let first = told.lines().next().unwrap();
        assert!(first.contains("xxx…[4027 characters left out]…xxx"), "{first}");
        assert!(first.ends_with("&wid=abc") && first.chars().count() < 1_100, "{first}");
        assert!(told.contains("wid=abc: expected a number"), "{told}");
    }

    #[test]
    fn a_fault_of_the_whole_url_has_no_column() {
        let told = text(&Checked::of(check("/shoes/red?wid=3")));
        assert!(told.contains("\n     no Image Serving URL"), "{told}");
    }
}
