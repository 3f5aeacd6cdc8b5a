//! The examples that the reference prints parse and resolve as their pages say.
//!
//! `tests/reference/examples.txt` says how it is written. An example of which its page says
//! nothing that could be checked must at least be read whole: nothing wrong, nothing unknown.

use std::{collections::BTreeSet, fs, path::Path};

use crate::skip::skip;
use azulejo::{
    catalog::{Catalog, ImageSet},
    check::check,
    commands::takes_request,
    error::Result,
    picture::Content,
    protocol, resolve,
    resolved::Resolved,
    store::keys::Kind,
};

const FILE: &str = include_str!("reference/examples.txt");

/// What a fragment stands in.
const SOME: &str = "myRootId/myImageId?";

fn request(printed: &str) -> String {
    let whole = printed.replacen("…&", SOME, 1);
    let path = whole.strip_prefix("/is/image").unwrap_or(&whole);
    path.trim_start_matches('/').to_owned()
}

fn resolve_request(request: &str, catalog: &Catalog) -> Result<Resolved> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    resolve::resolve(&protocol::read(path, query, takes_request)?, catalog)
}

/// What comes of an example, said as an expectation says it.
fn outcome(expectation: &str, example: &str, catalog: &Catalog) -> String {
    let (word, rest) = expectation.split_once(' ').unwrap();
    let resolved = match resolve_request(example, catalog) {
        Ok(resolved) => resolved,
        Err(error) if word == "!" && error.message.contains(rest) => return expectation.to_owned(),
        Err(error) => return format!("! {}", error.message),
    };
    let number: u32 = rest.split(':').next().unwrap().parse().unwrap_or_default();
    let layer = resolved.picture.layers.iter().find(|layer| layer.number == number);
    match word {
        "=" => match resolve_request(&request(rest), catalog) {
            Ok(other) if other.answer.canonical == resolved.answer.canonical => {
                expectation.to_owned()
            }
            Ok(other) => format!("= {}\nnot {}", other.answer.canonical, resolved.answer.canonical),
            Err(error) => format!("of the other: {error}"),
        },
        "src" => {
            let Some(Content::Source(image)) = layer.map(|layer| &layer.content) else {
                return format!("layer {number} shows no object");
            };
            format!("src {number}: {}", Kind::Asset.name(&image.key).unwrap_or(&image.key))
        }
        "text" => {
            let Some(Content::Text(text)) = layer.map(|layer| &layer.content) else {
                return format!("text {number}: none");
            };
            let runs = text.document.paragraphs.iter().flat_map(|paragraph| &paragraph.runs);
            let text: String = runs.map(|run| run.text.as_str()).collect();
            format!("text {number}: {text}").trim_end().to_owned()
        }
        "set:" => {
            let set = ImageSet::parse(resolved.answer.image_set.as_deref().unwrap()).unwrap();
            format!("set: {}", set.rooted(&resolved.object.root).objects().join(" "))
        }
        "ignored:" => format!("ignored: {}", check(example).ignored.join(" ")),
        _ => format!("canonical {}", resolved.answer.canonical),
    }
}

/// Nothing in it is wrong or unknown; that something is not drawn yet is no fault of reading.
fn faults(example: &str, catalog: &Catalog) -> Option<String> {
    let report = check(&format!("/is/image/{example}"));
    if !report.ignored.is_empty() {
        return Some(format!("ignored: {}", report.ignored.join(" ")));
    }
    resolve_request(example, catalog).err().map(|error| error.message)
}

#[test]
fn every_example_does_as_its_page_says() {
    let (_, blocks) = FILE.split_once("\n\n# ").unwrap();
    let (mut examples, mut wrong) = (0, Vec::new());
    for block in blocks.split("\n\n# ") {
        let mut lines = block.lines().peekable();
        let page = lines.next().unwrap();
        let mut macros = String::new();
        while let Some(definition) = lines.peek().and_then(|line| line.strip_prefix("macro ")) {
            macros.push_str(&format!("{definition}\n"));
            lines.next();
        }
        let own = Catalog::parse("", &macros).unwrap();
        let catalog = if macros.is_empty() { Catalog::builtin() } else { &own };
        while let Some(printed) = lines.next() {
            let example = request(printed);
            examples += 1;
            let is_expectation = |line: &&str| {
                let words = ["= ", "! ", "src ", "text ", "set: ", "ignored: "];
                words.iter().any(|word| line.starts_with(word))
            };
            let mut expectations = Vec::new();
            while let Some(line) = lines.next_if(is_expectation) {
                expectations.push(line);
            }
            let forgiven =
                expectations.iter().any(|line| line.starts_with(['!']) || line.starts_with("ign"));
            let fault = (!forgiven).then(|| faults(&example, catalog)).flatten();
            wrong.extend(fault.map(|fault| format!("{page}\n  {printed}\n  {fault}")));
            for line in expectations {
                let got = outcome(line, &example, catalog);
                if got != line {
                    wrong.push(format!("{page}\n  {printed}\n  {line}\n  got {got}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {examples} examples:\n{}", wrong.len(), wrong.join("\n"));
    assert!(examples >= 70, "only {examples} examples were found");
}

/// Each page that is named is one of the reference's, where the reference is at hand.
#[test]
fn the_pages_are_those_of_the_reference() {
    let reference = "../shared/reference/image-serving/http";
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join(reference);
    if !reference.exists() {
        return skip("reference", &format!("{} is not here", reference.display()));
    }
    let mut known = BTreeSet::new();
    let mut folders = vec![reference];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(stem) = path.file_stem() {
                known.insert(stem.to_string_lossy().into_owned());
            }
        }
    }
    let titles = FILE.lines().filter_map(|line| line.strip_prefix("# "));
    let pages = titles.flat_map(|title| title.split(':').next().unwrap_or_default().split(", "));
    let unknown: Vec<&str> = pages.filter(|page| !known.contains(*page)).collect();
    assert_eq!(unknown, Vec::<&str>::new());
}
