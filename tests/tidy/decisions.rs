//! Every decision number that is cited anywhere has a row in `docs/decisions.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use super::{files, pages, root};

/// The page of decisions.
const PAGE: &str = "docs/decisions.md";

/// Where numbers are cited.
const FOLDERS: [&str; 6] = ["crates", "fuzz", "presets", "src", "tests", "www"];

/// The kinds of files that cite them.
const EXTENSIONS: [&str; 9] = ["css", "html", "js", "md", "mjs", "rs", "toml", "txt", "url"];

/// Words of the same form that are something else: the illuminant, and a volume of a journal.
const OTHER_WORDS: [&str; 3] = ["D50", "D65", "E71"];

/// Letter and number of a word such as `F7`.
fn number(word: &str) -> Option<(char, u8)> {
    let letter = word.chars().next().filter(|letter| ('A'..='O').contains(letter))?;
    let digits = word.get(1..).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if digits.len() > 2 || digits.starts_with('0') || OTHER_WORDS.contains(&word) {
        return None;
    }
    Some((letter, digits.parse().ok()?))
}

/// The text of a comment in a line of code, and the code before it.
fn comment(line: &str) -> (&str, &str) {
    let trimmed = line.trim_start();
    for mark in ["///", "//!", "//", "/*", "* ", "# "] {
        if let Some(text) = trimmed.strip_prefix(mark) {
            return ("", text);
        }
    }
    line.split_once(" // ").unwrap_or((line, ""))
}

/// The numbers in running text, those of a range (`A1 to A3`) each for itself.
fn in_prose(text: &str, found: &mut BTreeSet<String>) {
    let bare = |word: &'_ str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    let words: Vec<String> = text.split_whitespace().map(bare).collect();
    for (at, word) in words.iter().enumerate() {
        let Some((letter, last)) = number(word) else { continue };
        let before = at.checked_sub(2).and_then(|at| words.get(at..at + 2));
        let first = match before {
            Some([first, to]) if to == "to" => number(first).filter(|(other, _)| *other == letter),
            _ => None,
        };
        let first = first.map_or(last, |(_, first)| first);
        found.extend((first..=last).map(|nth| format!("{letter}{nth}")));
    }
}

/// The numbers in code: those that stand alone in brackets, in an error's text or a test's name.
fn in_code(line: &str, found: &mut BTreeSet<String>) {
    for part in line.split('(').skip(1) {
        let Some((inner, _)) = part.split_once(')') else { continue };
        if inner
            .split([',', ';', ' '])
            .filter(|word| !word.is_empty())
            .all(|word| word == "to" || word.starts_with("decision") || number(word).is_some())
        {
            in_prose(inner, found);
        }
    }
}

/// Every number that a file cites.
fn citations(text: &str, is_prose: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut prose = String::new();
    for line in text.lines() {
        let (code, words) = if is_prose { ("", line) } else { comment(line) };
        in_code(code, &mut found);
        // Ranges are wrapped, too; code between two comments parts them.
        prose.push_str(if code.trim().is_empty() { " " } else { " | " });
        prose.push_str(words);
    }
    in_prose(&prose, &mut found);
    found
}

/// A row of the page: number, and the cells behind it.
fn row(line: &str) -> Option<(String, Vec<String>)> {
    let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
    let first = cells.next().filter(|cell| number(cell).is_some())?;
    Some((first.to_owned(), cells.map(str::to_owned).collect()))
}

fn page() -> String {
    fs::read_to_string(root().join(PAGE)).unwrap()
}

#[test]
fn every_cited_decision_has_a_row() {
    let page = page();
    let rows: Vec<_> = page.lines().filter_map(row).collect();
    let mut cited: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files(&FOLDERS, &EXTENSIONS).into_iter().chain(pages()) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let text = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&text);
        // A row does not cite itself.
        let cells_of =
            |line: &str| row(line).map_or(line.to_owned(), |(_, cells)| cells.join(" | "));
        let text = match name == PAGE {
            true => text.lines().map(cells_of).collect::<Vec<_>>().join("\n"),
            false => text.into_owned(),
        };
        for number in citations(&text, name.ends_with(".md")) {
            cited.entry(number).or_default().push(name.clone());
        }
    }
    assert!(cited.len() > 120, "the search found only {} numbers", cited.len());
    cited.retain(|number, _| !rows.iter().any(|(row, _)| row == number));
    let missing: Vec<String> =
        cited.iter().map(|(number, files)| format!("{number}: {}", files.join(", "))).collect();
    assert!(
        missing.is_empty(),
        "{PAGE} needs a row for each of these (OTHER_WORDS lists what is no decision):\n{}",
        missing.join("\n")
    );
}

#[test]
fn decisions_are_in_order_and_complete() {
    let mut heading = "";
    let mut before = None;
    let page = page();
    for line in page.lines() {
        if let Some(text) = line.strip_prefix("## ") {
            heading = text.get(..1).unwrap_or_default();
        }
        let Some((name, cells)) = row(line) else {
            let broken = line.strip_prefix("| ").and_then(|line| number(line.split(' ').next()?));
            assert_eq!(broken, None, "{PAGE}: the row does not end with \" |\": {line}");
            continue;
        };
        let whole = cells.len() == 3 && cells.iter().all(|cell| cell.trim().len() > 1);
        assert!(whole, "{PAGE}: {name} needs a question, an answer and a reason: {cells:?}");
        assert!(name.starts_with(heading), "{PAGE}: {name} is below the heading of {heading}");
        let here = number(&name);
        assert!(before < here, "{PAGE}: {name} is given twice or out of order");
        before = here;
    }
    assert!(before.is_some(), "{PAGE} has no rows");
}

#[test]
fn the_search_for_decisions_can_fail() {
    let code = "//! Splits (decisions A1 to A3, r-fit; F5).\n\
        // B1 to\n// B3: wraps.\n\
        let x = refuse(\"another layer (D9)\"); // F1\n\
        test(\"no larger (F1, F10)\", path(\"M1,2L3\"), -G1, L8);\n\
        /// As a path: M0,0L10,0; the light D65; E71; x.A1; R%C3%B6.\n";
    let found = |text, is_prose| {
        let found = citations(text, is_prose).into_iter().collect::<Vec<_>>();
        found.join(" ")
    };
    assert_eq!(found(code, false), "A1 A2 A3 B1 B2 B3 D9 F1 F10 F5");
    assert_eq!(found("As A1 to A2 says, and K4.", true), "A1 A2 K4");
}
