//! The rules of the house that no compiler checks.
use std::{
    fs,
    path::{Path, PathBuf},
};

use azulejo::commands::{Support, rows};

#[path = "tidy/decisions.rs"]
mod decisions;
#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/pages.rs"]
mod pages;

const SOURCES: [&str; 5] = ["rs", "mjs", "js", "css", "html"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Folders of what is made or installed.
const MADE: [&str; 5] = ["target", "node_modules", "engine", "pkg", "tools"];

fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !MADE.contains(&name.as_str()) {
            walk(&path, extensions, found);
        } else if name.rsplit('.').next().is_some_and(|end| extensions.contains(&end)) {
            found.push(path);
        }
    }
}

/// The pages: those of `docs`, and those beside it.
fn pages() -> Vec<PathBuf> {
    let mut found = files(&["docs"], &["md"]);
    let beside = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    found.extend(beside.filter(|path| path.extension().is_some_and(|end| end == "md")));
    found
}

/// The files below these folders of the repository that have one of these extensions.
fn files(folders: &[&str], extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), extensions, &mut found);
    }
    found
}

fn all_sources() -> Vec<PathBuf> {
    let found = files(&["src", "crates", "tests", "www"], &SOURCES);
    assert!(found.len() > 50, "the walk found only {} files", found.len());
    found
}

/// The module list of lib.rs, in order.
fn reading_order() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.map(str::to_owned).collect()
}

/// `crate::name` anywhere in code, and the names of `use crate::{…}` groups.
fn used_modules(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for part in text.split("crate::").skip(1) {
        let group = part.strip_prefix('{');
        let mut depth = 0;
        let mut name = String::new();
        for c in group.unwrap_or(part).chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if group.is_some() && depth == 0 => used.push(std::mem::take(&mut name)),
                _ if c.is_alphanumeric() || c == '_' || c == ':' => name.push(c),
                _ if group.is_none() => break,
                _ => {}
            }
        }
        used.push(name);
    }
    used.iter().filter_map(|path| Some(path.split(':').next()?.to_owned())).collect()
}

#[test]
fn each_module_uses_only_those_above_it() {
    let order = reading_order();
    assert!(order.len() > 10);
    let place = |name: &str| order.iter().position(|module| module == name);
    let mut wrong = Vec::new();
    for file in files(&["src"], &SOURCES) {
        let relative = file.strip_prefix(root().join("src")).unwrap().to_owned();
        let module = relative.components().next().unwrap().as_os_str().to_string_lossy();
        let module = module.trim_end_matches(".rs").to_owned();
        // Tests may look at anything: they stand outside the building.
        if module == "lib" || relative.ends_with("tests.rs") {
            continue;
        }
        let here = place(&module).unwrap_or_else(|| panic!("{module} is not in lib.rs"));
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code: Vec<&str> =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for used in used_modules(&code.join("\n")) {
            if place(&used).is_some_and(|there| there > here) {
                wrong.push(format!("{} uses {used}, which is below it", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_of_the_order_can_fail() {
    let text = "use crate::{error::{Error, Result}, serve};\nlet x = crate::plan::plan();";
    assert_eq!(used_modules(text), ["error", "serve", "plan"]);
}

#[test]
fn no_source_file_is_too_long() {
    let lines = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().count();
    let long: Vec<String> = all_sources()
        .iter()
        .filter(|path| lines(path) > 600)
        .map(|path| format!("{} has {} lines", path.display(), lines(path)))
        .collect();
    assert!(long.is_empty(), "split by what they are about:\n{}", long.join("\n"));
}

#[test]
fn the_engine_knows_no_platform() {
    for file in files(&["src"], &SOURCES) {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["target_arch", "wasm_bindgen", "worker::", "std::fs", "std::time"] {
            assert!(!text.contains(word), "{} mentions {word}", file.display());
        }
    }
}

#[test]
fn the_page_of_what_is_not_supported_is_the_tables() {
    let page = azulejo::commands::support_page();
    let path = root().join("docs/unsupported.md");
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(root().join("docs")).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == page, "docs/unsupported.md is out of date: run `cargo xtask bless`");
    let refused = rows().filter(|row| row.support() == Support::Refused).count();
    assert_eq!(page.matches("| refused |").count(), refused);
}

#[test]
fn the_page_of_commands_is_the_table() {
    let page = azulejo::commands::commands_page();
    let path = root().join("docs/commands.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == page, "docs/commands.md is out of date: run `cargo xtask bless`");
    for row in rows() {
        assert_eq!(page.matches(&format!("\n### `{}=`", row.name())).count(), 1, "{}", row.name());
    }
}
