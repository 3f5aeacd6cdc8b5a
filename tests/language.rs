//! Small cases of the language: a request, and what it resolves to or why it is refused.
//!
//! `tests/language/*.txt`: `# what it proves (page)`, then the request, then either the canonical
//! request behind `= ` or a part of the error's message behind `! `; a blank line between cases.

use std::{fs, path::Path};

use azulejo::{catalog::Catalog, commands::takes_request, protocol, resolve};

const MACROS: &str = "view wid=240&fmt=jpeg&qlt=85\nbig $view$&wid=900\nsized wid=$w$";

fn outcome(request: &str, catalog: &Catalog) -> Result<String, String> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let raw = protocol::read(path, query, takes_request).map_err(|error| error.message)?;
    let scene = resolve::resolve(&raw, catalog).map_err(|error| error.message)?;
    Ok(scene.canonical)
}

#[test]
fn every_case_resolves_as_it_says() {
    let catalog = Catalog::parse("", MACROS).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut cases = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for case in text.split("\n\n").map(str::trim).filter(|case| !case.is_empty()) {
            let lines: Vec<&str> = case.lines().collect();
            let [title, request, expected] = lines[..] else {
                panic!("{}: a case has three lines: {case}", path.display())
            };
            assert!(title.starts_with("# "), "{}: no title: {case}", path.display());
            let got = outcome(request, &catalog);
            let right = match (&got, expected.split_at(2)) {
                (Ok(canonical), ("= ", expected)) => canonical == expected,
                (Err(message), ("! ", expected)) => message.contains(expected),
                _ => false,
            };
            if !right {
                wrong.push(format!("{title}\n  {request}\n  {expected}\n  got {got:?}"));
            }
            cases += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 40, "only {cases} cases were found");
}
