//! The tests that node's test runner runs: wasm in node, the Worker in workerd, the page in
//! Chromium.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::PathBuf,
};

use anyhow::{Context, Result, bail};

use super::chromium;
use crate::{
    browser_package, build, paths, process, samples, tools, worker,
    wrangler::{self, Wrangler},
};

/// Runs `tests/wasm/*.test.mjs` with the browser package.
pub fn wasm() -> Result<()> {
    tools::install()?;
    browser_package::build()?;
    node_test("tests/wasm", ".test.mjs", &[])
}

/// Runs `tests/edge/*.spec.mjs` over HTTP against the built Worker.
pub fn edge() -> Result<()> {
    tools::install()?;
    worker::build_store_suite()?;
    with_worker(|environment| node_test("tests/edge", ".spec.mjs", environment))
}

/// Runs `tests/browser/*.spec.mjs` against the page that the built Worker serves.
pub fn browser() -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let chromium = chromium.to_str().context("the path of Chromium is not UTF-8")?;
    with_worker(|environment| {
        let environment = [environment, &[("CHROME_BIN", chromium)]].concat();
        node_test("tests/browser", ".spec.mjs", &environment)
    })
}

/// Runs `test` while the Worker serves the samples, with an empty edge cache at first. `test` gets
/// environment variables with the URL of the Worker, the path of `azulejo`, and the state folder of
/// the local bucket that both use.
fn with_worker(test: impl FnOnce(&[(&str, &str)]) -> Result<()>) -> Result<()> {
    tools::install()?;
    build::build_packages()?;
    let azulejo = samples::azulejo()?;
    let scratch = paths::target().join("xtask-test");
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

/// Runs node's test runner with the files of `folder` that end with `ending`.
fn node_test(folder: &str, ending: &str, environment: &[(&str, &str)]) -> Result<()> {
    let files = files(folder, ending)?;
    let mut node = process::program(paths::npm_program("node"))?;
    node.env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    node.args(["--test", "--test-reporter=spec"]).args(files).envs(environment.iter().copied());
    process::run(&format!("node --test {folder}"), &mut node)
}

fn files(folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(paths::root().join(folder)).context(folder.to_owned())? {
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
