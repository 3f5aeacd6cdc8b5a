//! `cargo xtask sheet`: one page with all goldens, to look at them together.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::paths;

/// The style of the page. `color-scheme` makes it light or dark, as the reader prefers. The
/// chequered ground shows where a picture is transparent.
const STYLE: &str = "
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; --line: #8886; }
body { margin: 0 auto; max-width: 1500px; padding: 1.5rem; background: Canvas; color: CanvasText; }
nav a { margin-right: 1em; }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
figure { margin: 0; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
img { max-width: 100%; background: repeating-conic-gradient(#bbb 0 25%, #eee 0 50%) 0 0 / 16px 16px; }
pre { max-height: 16em; overflow: auto; font-size: 12px; }
code { display: block; overflow-wrap: anywhere; font-size: 12px; opacity: .8; }
";

/// A golden: a request and its reply.
struct Golden {
    name: String,
    title: String,
    request: String,
    reply: PathBuf,
}

/// The extensions of files that browsers do not show in a page.
const UNSHOWN: [&str; 3] = ["tif", "pdf", "eps"];

/// Writes the page of the goldens, with a copy of each picture, into the target folder.
pub fn run() -> Result<()> {
    let page = write(&paths::root().join("tests/golden"), &paths::target().join("sheet"))?;
    println!("{}", page.display());
    Ok(())
}

/// Writes the page into `folder`, which it empties first, and returns its path.
fn write(goldens: &Path, folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let (mut links, mut sections, mut count) = (String::new(), String::new(), 0);
    for family in entries(goldens)?.into_iter().filter(|path| path.is_dir()) {
        let name = name(&family);
        let goldens = read(&family)?;
        if goldens.is_empty() {
            continue;
        }
        count += goldens.len();
        writeln!(links, "<a href=\"#{name}\">{name} ({})</a>", goldens.len())?;
        writeln!(sections, "<h2 id=\"{name}\">{name}</h2>\n<section>")?;
        fs::create_dir_all(folder.join(&name))?;
        for golden in &goldens {
            sections += &figure(golden, &name, folder)?;
        }
        sections += "</section>\n";
    }
    ensure!(count > 0, "{}: no goldens", goldens.display());
    let page = folder.join("index.html");
    let head =
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Goldens</title>";
    let body = format!("<h1>{count} goldens</h1>\n<nav>\n{links}</nav>\n{sections}");
    fs::write(&page, format!("{head}\n<style>{STYLE}</style>\n<body>\n{body}</body>\n</html>\n"))?;
    Ok(page)
}

/// The picture of a golden, or its text, above its title and its request.
fn figure(golden: &Golden, family: &str, folder: &Path) -> Result<String> {
    let Golden { name, title, request, reply } = golden;
    let shown = if reply.extension().is_some_and(|extension| extension == "txt") {
        format!("<pre>{}</pre>", escaped(&String::from_utf8_lossy(&fs::read(reply)?)))
    } else if reply.extension().is_some_and(|extension| UNSHOWN.iter().any(|un| extension == *un)) {
        let file = format!("{family}/{}", file_name(reply));
        fs::copy(reply, folder.join(&file))?;
        format!("<a href=\"{file}\">{}</a>", file_name(reply))
    } else {
        let file = format!("{family}/{}", file_name(reply));
        fs::copy(reply, folder.join(&file))?;
        format!("<img loading=\"lazy\" src=\"{file}\" alt=\"{}\">", escaped(title))
    };
    let (title, request) = (escaped(title), escaped(request));
    Ok(format!(
        "<figure id=\"{family}/{name}\">{shown}<figcaption><b>{name}</b>: {title}\
         <code>{request}</code></figcaption></figure>\n"
    ))
}

/// The goldens of a family, by name.
fn read(family: &Path) -> Result<Vec<Golden>> {
    let entries = entries(family)?;
    let cases = entries.iter().filter(|path| path.extension().is_some_and(|end| end == "url"));
    let golden = |case: &PathBuf| {
        let text = fs::read_to_string(case)?;
        let (title, request) = text.trim_end().split_once('\n').unwrap_or((&text, ""));
        let mut replies = entries.iter().filter(|path| *path != case);
        let reply = replies.find(|reply| reply.file_stem() == case.file_stem()).cloned();
        Ok(Golden {
            name: name(case),
            title: title.trim_start_matches("# ").to_owned(),
            request: request.to_owned(),
            reply: reply.with_context(|| format!("{}: no reply", case.display()))?,
        })
    };
    cases.map(golden).collect()
}

/// What lies in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut entries: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    entries.sort();
    Ok(entries)
}

/// The name of a file without its extension.
fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_golden_of_the_repository() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("azulejo-sheet-{}", std::process::id()));
        let goldens = paths::root().join("tests/golden");
        let page = fs::read_to_string(write(&goldens, &folder)?)?;
        let mut shown = 0;
        for family in entries(&goldens)?.into_iter().filter(|path| path.is_dir()) {
            for golden in read(&family)? {
                let id = format!("id=\"{}/{}\"", name(&family), golden.name);
                assert!(page.contains(&id), "{id}");
                assert!(page.contains(&escaped(&golden.request)), "{id}");
                let copy = folder.join(name(&family)).join(file_name(&golden.reply));
                let is_text = golden.reply.extension().is_some_and(|end| end == "txt");
                assert!(is_text || copy.exists(), "{}", copy.display());
                shown += 1;
            }
        }
        assert!(shown > 100, "{shown}");
        fs::remove_dir_all(folder)?;
        Ok(())
    }

    #[test]
    fn what_html_gives_a_meaning_is_escaped() {
        assert_eq!(escaped("a=<1&b=\"2\""), "a=&lt;1&amp;b=&quot;2&quot;");
    }
}
