//! What node's test runner checks: wasm in node, the Worker in workerd, the page in Chromium.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::PathBuf,
};

use anyhow::{Context, Result, bail};

use super::chromium;
use crate::{
    browser_package, chores, place, process, samples, tools, worker,
    wrangler::{self, Wrangler},
};

/// `tests/wasm/*.test.mjs`, over the package the page loads.
pub fn wasm() -> Result<()> {
    tools::install()?;
    browser_package::build()?;
    node_test("tests/wasm", ".test.mjs", &[])
}

/// `tests/edge/*.spec.mjs`, over HTTP against the built Worker.
pub fn edge() -> Result<()> {
    tools::install()?;
    worker::build_store_suite()?;
    with_worker(|environment| node_test("tests/edge", ".spec.mjs", environment))
}

/// `tests/browser/*.spec.mjs`, against the page that the built Worker serves.
pub fn browser() -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let chromium = chromium.to_str().context("the path of Chromium is not UTF-8")?;
    with_worker(|environment| {
        let environment = [environment, &[("CHROME_BIN", chromium)]].concat();
        node_test("tests/browser", ".spec.mjs", &environment)
    })
}

/// Runs `test` while the Worker serves the samples; the edge cache is empty at first. It is told
/// where the Worker and `azulejo` are, and the state of the local bucket that both use.
fn with_worker(test: impl FnOnce(&[(&str, &str)]) -> Result<()>) -> Result<()> {
    tools::install()?;
    chores::build_packages()?;
    let azulejo = samples::azulejo()?;
    let scratch = place::target().join("xtask-test");
    let state = scratch.join("state");
    match fs::remove_dir_all(state.join("v3/cache")) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    samples::ingest(&azulejo, &state)?;
    let log = scratch.join("wrangler.log");
    let port = wrangler::free_port()?;
    let mut worker = Wrangler::start(port, &state, File::create(&log)?)?;
    worker.wait_for("/health").with_context(|| format!("see {}", log.display()))?;
    let xtask = std::env::current_exe().context("where is this program?")?;
    test(&[
        ("AZULEJO_XTASK", xtask.to_str().unwrap_or_default()),
        ("AZULEJO_URL", &format!("http://127.0.0.1:{port}")),
        ("AZULEJO_BIN", azulejo.to_str().unwrap_or_default()),
        ("AZULEJO_STATE", state.to_str().unwrap_or_default()),
    ])
}

/// Runs node's own test runner over the files of `folder`.
fn node_test(folder: &str, ending: &str, environment: &[(&str, &str)]) -> Result<()> {
    let files = files(folder, ending)?;
    let mut node = process::program(place::npm_program("node"))?;
    node.env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    node.args(["--test", "--test-reporter=spec"]).args(files).envs(environment.iter().copied());
    process::run(&format!("node --test {folder}"), &mut node)
}

fn files(folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(place::root().join(folder)).context(folder.to_owned())? {
        let path = entry?.path();
        if path.to_str().is_some_and(|path| path.ends_with(ending)) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("{folder} has no *{ending}");
    }
    files.sort();
    Ok(files)
}
