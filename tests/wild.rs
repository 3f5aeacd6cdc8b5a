//! What the engine makes of URLs in the wild, one by one (`tests/wild/urls.txt`). Nothing is refused
//! but text, other renderers, formats and what the file names.

use azulejo::check::check;

const FILE: &str = include_str!("wild/urls.txt");

/// The words with which an error may begin: what is not supported yet, and no more.
const REFUSED: [&str; 3] = ["fmt=", "src=ir(", "src=fxg("];

#[test]
fn urls_of_the_wild_are_refused_only_where_the_list_says_so() {
    let (_, blocks) = FILE.split_once("\n\n# ").unwrap();
    let lines: Vec<&str> = blocks.lines().collect();
    let (mut urls, mut wrong) = (0, Vec::new());
    for (line, next) in lines.iter().zip(lines.iter().skip(1).chain([&""])) {
        if !line.starts_with("/is/image") {
            continue;
        }
        urls += 1;
        let expected = next.strip_prefix("! ");
        if let Some(expected) = expected {
            assert!(REFUSED.iter().any(|refused| expected.starts_with(refused)), "{expected}");
        }
        let report = check(line);
        let error = report.error.as_ref().map_or("", |error| error.message.as_str());
        let as_said = match expected {
            None => report.ok,
            Some(expected) => !report.ok && error.starts_with(expected),
        };
        if !as_said {
            wrong.push(format!("{line}\n  {error}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {urls} URLs:\n{}", wrong.len(), wrong.join("\n"));
    assert!(urls > 60, "{urls}");
}
