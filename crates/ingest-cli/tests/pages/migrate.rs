//! docs/migrate.md: its commands run over a small export, and print what the page shows.

use std::fs;

use super::{
    moving::Moving,
    page::{self, Step},
};
use crate::support::{programs::installed, root};

/// Whether a line is no command of this test: a deploy needs an account (tests/edge/deploy.spec.mjs
/// runs one without uploading).
fn elsewhere(line: &str) -> bool {
    line.starts_with("cargo xtask deploy")
}

#[test]
fn migrate_page_commands_print_what_it_shows() {
    if !installed("curl") {
        return;
    }
    let mut moving = Moving::new();
    let page = fs::read_to_string(root().join("docs/migrate.md")).unwrap();
    let steps = page::steps(&page);
    assert!(steps.len() >= 8, "{steps:#?}");
    let mut transcript = String::new();
    for Step { commands, shown } in steps {
        let mut printed = String::new();
        for line in commands.iter().filter(|line| !elsewhere(line)) {
            let (code, output) = moving.run(line);
            // 1 is "found something": a URL that is not ok, a file that was not carried over.
            assert!(matches!(code, Some(0 | 1)), "{line}: {output}");
            printed.push_str(&output);
            transcript.push_str(&format!("$ {line}\n{output}\n"));
        }
        if let Err(missing) = page::compare(&shown, &printed) {
            panic!(
                "docs/migrate.md shows after {commands:#?}\n{missing}\n\nprinted:\n{transcript}"
            );
        }
    }
    // What the way back relies on: an import that was done takes nothing again.
    let (_, output) = moving.run("azulejo import export --to s3://shop-images --root Shop");
    assert!(output.contains("0 stored"), "{output}");
    assert_eq!(moving.new.take().unwrap().terminate().0, Some(0));
}
