//! Links of the pages, and the paths that they name, lead to files of the repository.

use std::fs;

use super::{pages, root};

/// The folders that a path of the repository begins with.
const FOLDERS: [&str; 8] =
    ["crates/", "docs/", "fuzz/", "presets/", "samples/", "src/", "tests/", "www/"];

/// Paths that a failing test makes, and those of other repositories.
const ELSEWHERE: [&str; 2] =
    ["tests/golden/actual/", "tests/images/gif/simple/issue_1455_oversized.gif"];

/// Where the links of a page lead, without other servers and without places within a page.
fn links(page: &str) -> Vec<&str> {
    let targets = page.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    let files = targets.filter_map(|target| target.split('#').next());
    files.filter(|file| !file.is_empty() && !file.contains("://")).collect()
}

/// The paths between backticks, without patterns.
fn paths(page: &str) -> Vec<&str> {
    let quoted = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let whole =
        |text: &&str| !text.contains(['<', '*', '{', '…', ' ']) && !ELSEWHERE.contains(text);
    let begins = |text: &&str| FOLDERS.iter().any(|folder| text.starts_with(folder));
    quoted.filter(begins).filter(whole).collect()
}

#[test]
fn links_and_paths_of_pages_lead_to_files() {
    let (mut checked, mut wrong) = (0, Vec::new());
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let folder = page.parent().unwrap();
        let name = page.strip_prefix(root()).unwrap().display();
        let links = links(&text).into_iter().map(|link| (link, folder.join(link)));
        let paths = paths(&text).into_iter().map(|path| (path, root().join(path)));
        for (written, file) in links.chain(paths) {
            checked += 1;
            if !file.exists() {
                wrong.push(format!("{name}: {written}"));
            }
        }
    }
    assert!(checked > 60, "only {checked} links and paths were found");
    assert!(wrong.is_empty(), "there are no such files:\n{}", wrong.join("\n"));
}

#[test]
fn the_search_for_links_can_fail() {
    let page = "[a](b.md#c) [d](https://e) [f](#g) `src/lib.rs` `src/<a>.rs` `cargo` `tests/*.rs`";
    assert_eq!(links(page), ["b.md"]);
    assert_eq!(paths(page), ["src/lib.rs"]);
}
