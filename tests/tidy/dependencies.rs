//! What other people's packages are for, under which licences they are, and where they come from.

use std::{collections::BTreeSet, env, fs, process::Command};

use serde_json::Value;

use super::{files, root};

#[test]
fn every_dependency_says_what_it_is_for() {
    let mut manifests = files(&["crates", "fuzz", "tests"], &["toml"]);
    manifests.retain(|path| path.ends_with("Cargo.toml"));
    manifests.push(root().join("Cargo.toml"));
    assert!(manifests.len() > 7, "the walk found only {} manifests", manifests.len());
    let mut wrong = Vec::new();
    for manifest in manifests {
        let text = fs::read_to_string(&manifest).unwrap();
        wrong.extend(
            unexplained(&text).iter().map(|line| format!("{}: {line}", manifest.display())),
        );
    }
    assert!(wrong.is_empty(), "these need a comment above that says why:\n{}", wrong.join("\n"));
}

/// Dependencies of a manifest without a comment in the line above.
fn unexplained(manifest: &str) -> Vec<&str> {
    let mut wrong = Vec::new();
    let (mut in_dependencies, mut before) = (false, "");
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
            // `[dependencies.name]`
            if line.contains("dependencies.") && !before.starts_with("# ") {
                wrong.push(line);
            }
        } else if in_dependencies
            && line.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !before.starts_with("# ")
        {
            wrong.push(line);
        }
        before = line;
    }
    wrong
}

#[test]
fn the_search_for_dependencies_can_fail() {
    let manifest = "[dependencies]\n# Why.\none = \"1\"\ntwo = \"2\"\n# List.\nthree = { features = [\n    \
        \"a\",\n] }\n\n[features]\nx = []\n\n[dev-dependencies.four]\nversion = \"4\"\n";
    assert_eq!(unexplained(manifest), ["two = \"2\"", "[dev-dependencies.four]"]);
}

/// The packages that are locked. Cargo is asked for more than what is on this machine only where
/// some of them were not built here yet.
fn packages() -> Vec<Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = |offline: &[&str]| {
        let mut command = Command::new(&cargo);
        command.args(["metadata", "--locked", "--format-version", "1"]).args(offline);
        command.current_dir(root()).output().unwrap()
    };
    let mut output = metadata(&["--offline"]);
    if !output.status.success() {
        output = metadata(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    assert!(packages.len() > 50, "cargo metadata lists only {} packages", packages.len());
    packages
}

/// The texts of the list `name = [ … ]` in deny.toml.
fn listed(name: &str) -> BTreeSet<String> {
    let file = fs::read_to_string(root().join("deny.toml")).unwrap();
    let lines = file.lines().filter(|line| !line.trim_start().starts_with('#'));
    let text: Vec<&str> = lines.collect();
    let text = text.join("\n");
    let (_, list) = text.split_once(&format!("\n{name} = [")).unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let texts = list.split(',').map(|text| text.trim().trim_matches('"').to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Whether an SPDX expression is satisfied by these licences: `OR` (once written `/`) of `AND`s of
/// names, brackets, and names with an exception, which are a licence of their own. What cannot be
/// read is not.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    matches!(any(&words, allowed), Some((true, [])))
}

/// Whether the alternatives that the words begin with are satisfied, and the words behind them.
fn any<'a, 'b>(words: &'a [&'b str], allowed: &BTreeSet<String>) -> Option<(bool, &'a [&'b str])> {
    let (first, rest) = all(words, allowed)?;
    let ["OR", rest @ ..] = rest else { return Some((first, rest)) };
    let (others, rest) = any(rest, allowed)?;
    Some((first || others, rest))
}

fn all<'a, 'b>(words: &'a [&'b str], allowed: &BTreeSet<String>) -> Option<(bool, &'a [&'b str])> {
    let (first, rest) = one(words, allowed)?;
    let ["AND", rest @ ..] = rest else { return Some((first, rest)) };
    let (others, rest) = all(rest, allowed)?;
    Some((first && others, rest))
}

fn one<'a, 'b>(words: &'a [&'b str], allowed: &BTreeSet<String>) -> Option<(bool, &'a [&'b str])> {
    match words {
        ["(", rest @ ..] => match any(rest, allowed)? {
            (inner, [")", rest @ ..]) => Some((inner, rest)),
            _ => None,
        },
        [")" | "OR" | "AND" | "WITH", ..] | [] => None,
        [name, "WITH", exception, rest @ ..] => {
            Some((allowed.contains(&format!("{name} WITH {exception}")), rest))
        }
        [name, rest @ ..] => Some((allowed.contains(*name), rest)),
    }
}

#[test]
fn every_package_has_a_licence_that_deny_toml_allows() {
    let allowed = listed("allow");
    let packages = packages();
    let refused = |allowed: &BTreeSet<String>| -> Vec<String> {
        let licence =
            |package: &Value| package["license"].as_str().unwrap_or("no licence").to_owned();
        let refused = packages.iter().filter(|package| !satisfied(&licence(package), allowed));
        refused.map(|package| format!("{}: {}", package["name"], licence(package))).collect()
    };
    let wrong = refused(&allowed);
    assert!(wrong.is_empty(), "deny.toml allows none of these:\n{}", wrong.join("\n"));
    for licence in &allowed {
        let mut fewer = allowed.clone();
        fewer.remove(licence);
        assert!(!refused(&fewer).is_empty(), "deny.toml: no package needs {licence} any more");
    }
}

#[test]
fn every_package_comes_from_a_registry_that_deny_toml_allows() {
    let allowed = listed("allow-registry");
    for package in packages() {
        // Without a source it is one of this repository.
        let Some(source) = package["source"].as_str() else { continue };
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        let name = &package["name"];
        assert!(allowed.contains(registry), "{name}: {source} is not in deny.toml");
    }
}

#[test]
fn licence_expressions_are_read_as_spdx_says() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for expression in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "MIT AND ISC",
        "ISC AND (GPL-3.0 OR MIT)",
        "GPL-3.0 AND X OR MIT",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(satisfied(expression, &allowed), "{expression}");
    }
    for expression in [
        "",
        "GPL-3.0",
        "Apache-2.0",
        "MIT WITH LLVM-exception",
        "MIT AND GPL-3.0",
        "ISC AND (GPL-3.0 OR X)",
        "MIT OR",
        "(MIT",
        "MIT)",
        "MIT ISC",
    ] {
        assert!(!satisfied(expression, &allowed), "{expression}");
    }
}
