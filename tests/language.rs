//! Small cases of the language: a request, and what it resolves to or why it is refused.
//!
//! `tests/language/**/*.txt` hold cases with a blank line between: `# what it proves`, then the
//! request, then what becomes of it. `= ` is the canonical request of a picture that is drawn,
//! `~ ` of one that may not be drawn yet, `! ` a part of the refusal. `@ 319x334 -> 2000x334 at
//! 840,0 319x334` is the reply to a picture of 319 × 334, and where in it the picture lies; `@ 319x334
//! ! ` a part of its refusal. `BLESS=1` writes what is missing, for you to judge. Files in
//! `commands/` are named after the page they prove.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use crate::skip::skip;
use azulejo::{
    catalog::Catalog,
    commands::takes_request,
    plan::{self, Opened},
    protocol,
    pyramid::{Compression, Index, Level, Photometric},
    resolve,
    store::Version,
};

const ATTRIBUTES: &str =
    "AllowDirectUrls = 1\nRootUrl = http://img.example.com/root\nForeignHosts = img.example.com";

const MACROS: &str = "view wid=240&fmt=jpeg&qlt=85\nbig $view$&wid=900\nsized wid=$w$\n\
    shadow color=0,0,0&opac=75&pos=4,4&op_blur=5\nsecond layer=2&src=Shop/b";

/// The canonical request, and why it is not drawn; or why it is refused.
fn outcome(request: &str, catalog: &Catalog) -> (Option<String>, Option<String>) {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let read = protocol::read(path, query, takes_request);
    match read.and_then(|raw| resolve::resolve(&raw, catalog)) {
        Ok(resolved) => {
            (Some(resolved.answer.canonical), resolved.unsupported.map(|error| error.message))
        }
        Err(error) => (None, Some(error.message)),
    }
}

/// A pyramid of one level without tiles: as much as sizes and places need.
fn picture(width: u32, height: u32) -> Index {
    let level = Level {
        width,
        height,
        tile_width: 256,
        tile_height: 256,
        strips: false,
        compression: Compression::Jpeg,
        photometric: Photometric::YCbCr,
        samples: 3,
        bits: 8,
        big_endian: false,
        planar: false,
        predictor: false,
        palette: None,
        alpha: None,
        lsb_first: false,
        mask: None,
        halvings: None,
        jpeg_tables: None,
        tiles: Vec::new(),
    };
    Index {
        version: Version("v".into()),
        len: 0,
        modified: None,
        levels: vec![level],
        orientation: 1,
        resolution: None,
        icc: None,
        xmp: None,
        photoshop: None,
    }
}

/// Whether a line `319x334 -> 2000x334 at 840,0 319x334` holds; else what holds instead.
fn placed(request: &str, line: &str, catalog: &Catalog) -> Result<(), String> {
    let (of, expected) = line.split_once(' ').unwrap();
    let (width, height) = of.split_once('x').unwrap();
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let raw = protocol::read(path, query, takes_request);
    let resolved = raw.and_then(|raw| resolve::resolve(&raw, catalog));
    let index = Rc::new(picture(width.parse().unwrap(), height.parse().unwrap()));
    let opened = Opened { key: "assets/Shop/shoe.tif", index: &index, object: None, drawings: &[] };
    let got = match resolved.and_then(|resolved| plan::plan(&resolved, &[opened])) {
        Err(error) => format!("! {}", error.message),
        Ok(plan) => {
            let reply = plan.sizes.reply;
            let place = plan
                .picture()
                .map(|area| format!(" at {},{} {}x{}", area.x, area.y, area.width, area.height));
            format!("-> {}x{}{}", reply.width, reply.height, place.unwrap_or_default())
        }
    };
    let holds = match expected.strip_prefix("! ") {
        Some(part) => got.starts_with("! ") && got.contains(part),
        None => got == expected,
    };
    if holds { Ok(()) } else { Err(format!("@ {of} {got}")) }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        }
    }
}

/// What `outcome` says, as a case has it.
fn written((canonical, refusal): &(Option<String>, Option<String>)) -> String {
    let mut lines = Vec::new();
    if let Some(canonical) = canonical {
        let sign = if refusal.is_none() { '=' } else { '~' };
        lines.push(format!("{sign} {canonical}"));
    }
    lines.extend(refusal.as_ref().map(|message| format!("! {message}")));
    lines.join("\n")
}

#[test]
fn every_case_resolves_as_it_says() {
    let catalog = Catalog::parse(ATTRIBUTES, MACROS).unwrap();
    let bless = std::env::var_os("BLESS").is_some();
    let mut found = Vec::new();
    files(&folder(), &mut found);
    let (mut cases, mut wrong) = (0, Vec::new());
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let mut rewritten = Vec::new();
        for case in text.split("\n\n").map(str::trim).filter(|case| !case.is_empty()) {
            let lines: Vec<&str> = case.lines().collect();
            let [title, request, expected @ ..] = &lines[..] else {
                panic!("{}: a case has a title and a request: {case}", path.display())
            };
            assert!(title.starts_with("# "), "{}: no title: {case}", path.display());
            let got = outcome(request, &catalog);
            let (canonical, refusal) = &got;
            let places = |line: &&&str| line.starts_with("@ ");
            for line in expected.iter().filter(places) {
                if let Err(instead) = placed(request, line.split_at(2).1, &catalog) {
                    wrong.push(format!("{case}\n  got\n{instead}"));
                }
            }
            let holds = |line: &&str| match line.split_at(2) {
                ("= ", expected) => canonical.as_deref() == Some(expected) && refusal.is_none(),
                ("~ ", expected) => canonical.as_deref() == Some(expected),
                ("! ", expected) => {
                    refusal.as_ref().is_some_and(|message| message.contains(expected))
                }
                ("@ ", _) => true,
                _ => false,
            };
            if bless && expected.is_empty() {
                rewritten.push(format!("{title}\n{request}\n{}", written(&got)));
            } else {
                rewritten.push(case.to_owned());
                if expected.is_empty() || !expected.iter().all(holds) {
                    wrong.push(format!("{case}\n  got\n{}", written(&got)));
                }
            }
            // What is canonical once stays so.
            if let Some(canonical) = &got.0 {
                let again = outcome(canonical, &catalog).0;
                if again.as_ref() != Some(canonical) {
                    wrong.push(format!("{case}\n  read again:\n{again:?}"));
                }
            }
            cases += 1;
        }
        if bless {
            fs::write(&path, rewritten.join("\n\n") + "\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(cases >= 200, "only {cases} cases were found");
}

#[test]
fn every_command_page_has_a_case() {
    let list = fs::read_to_string(folder().join("commands/pages.list")).unwrap();
    let pages: BTreeSet<&str> = list.lines().collect();
    assert!(pages.len() > 90, "the list has only {} pages", pages.len());
    let without =
        pages.iter().filter(|page| !folder().join(format!("commands/{page}.txt")).exists());
    assert_eq!(without.collect::<Vec<_>>(), Vec::<&&str>::new(), "pages without a case");
    // Those that are told on a page of replies, or of a feature.
    let elsewhere = ["r-json-properties", "r-media-set-requests"];
    for row in azulejo::commands::rows() {
        let page = row.doc();
        let known = pages.contains(page) || elsewhere.contains(&page);
        assert!(known, "{}: {page} is no page of the command reference", row.name());
    }
}

#[test]
fn the_list_of_pages_is_that_of_the_reference() {
    let reference = "../shared/reference/image-serving/http/c-command-reference";
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join(reference);
    if !reference.exists() {
        return skip("reference", &format!("{} is not here", reference.display()));
    }
    let mut stored = String::new();
    for folder in [reference.join("r-req"), reference] {
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some(page) = name.strip_suffix(".md").filter(|page| page.starts_with("r-")) {
                stored += &format!("{page}\n");
            }
        }
    }
    let list = fs::read_to_string(folder().join("commands/pages.list")).unwrap();
    let set = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(set(&list), set(&stored));
}
