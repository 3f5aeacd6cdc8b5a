//! The files of `docs/` that a run changes: `performance.json` holds the runs, and
//! `performance.md` shows them.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use super::{
    history::{History, Run},
    page,
    table::number,
};
use crate::paths;

fn docs(name: &str) -> PathBuf {
    paths::root().join("docs").join(name)
}

/// The file that `--scaling` draws.
pub fn growth() -> PathBuf {
    docs("scaling.svg")
}

/// Adds a run to both files, and prints what slid.
pub fn add(run: Run) -> Result<()> {
    let history = read()?.add(run);
    for (now, before) in history.slides(page::SLIDE) {
        let [before, ratio] = [before.ratio(), now.ratio()].map(number);
        println!("worse than before: {}: {before} became {ratio}", now.what);
    }
    let file = docs("performance.json");
    fs::write(&file, history.to_text()?).with_context(|| file.display().to_string())?;
    write_page(&history)?;
    println!(
        "docs/performance.md has a column of this run; docs/performance.json holds the numbers"
    );
    Ok(())
}

/// Writes the page anew from the runs of the other file.
pub fn refresh() -> Result<()> {
    write_page(&read()?)
}

fn write_page(history: &History) -> Result<()> {
    let file = docs("performance.md");
    let page = page::markdown(history, growth().exists());
    fs::write(&file, page).with_context(|| file.display().to_string())
}

fn read() -> Result<History> {
    let file = docs("performance.json");
    if !file.exists() {
        return Ok(History::default());
    }
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    History::parse(&text).with_context(|| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_show_the_runs_that_are_recorded() {
        if std::env::var_os("BLESS").is_some() {
            refresh().unwrap();
        }
        let page = fs::read_to_string(docs("performance.md")).unwrap();
        let written = page::markdown(&read().unwrap(), growth().exists());
        assert_eq!(page, written, "run with BLESS=1, and commit both files of a run");
    }
}
