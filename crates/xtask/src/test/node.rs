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
    build, paths,
    process::{self, Group},
    samples, tools, worker,
    wrangler::{self, Wrangler},
};

/// Runs `tests/wasm/*.test.mjs` with the browser package, and with the other modules of the page
/// beside what it and `azulejo` make of the same.
pub fn wasm() -> Result<()> {
    tools::install()?;
    // The Worker, which the next parts need, compiles beside the modules of the page.
    build::build_packages()?;
    let azulejo = samples::azulejo()?;
    let environment = [("AZULEJO_BIN", azulejo.to_str().unwrap_or_default())];
    node_test(files("tests/wasm", ".test.mjs")?, "tests/wasm", &environment)
}

/// The specs of `tests/edge` that are true of `azulejo serve`, too. The others are about isolates,
/// the edge cache and R2.
const NATIVE: [&str; 13] = [
    "access",
    "avif",
    "cache",
    "content",
    "explain",
    "golden",
    "hostile",
    "httplint",
    "list",
    "publish",
    "routes",
    "signed",
    "smart_imaging",
];

/// Runs `tests/edge/*.spec.mjs` over HTTP against the built Worker, and those of [`NATIVE`] also
/// against `azulejo serve` over the same bucket.
pub fn edge() -> Result<()> {
    tools::install()?;
    worker::build_store_suite()?;
    let on_worker = with_worker(|environment| {
        node_test(files("tests/edge", ".spec.mjs")?, "tests/edge", environment)
    });
    on_worker.and(with_native(|environment| {
        let files = NATIVE.map(|name| paths::root().join(format!("tests/edge/{name}.spec.mjs")));
        node_test(files.to_vec(), "tests/edge against azulejo serve", environment)
    }))
}

/// Runs `test` while `azulejo serve` serves the samples of [`with_worker`].
fn with_native(test: impl FnOnce(&[(&str, &str)]) -> Result<()>) -> Result<()> {
    let azulejo = samples::azulejo()?;
    let state = paths::target().join("xtask-test/state");
    let port = wrangler::free_port()?;
    let mut serve = process::program(&azulejo)?;
    serve.args(["serve", "--from", "local", "--port", &port.to_string()]);
    serve.env("AZULEJO_STATE", &state).env("PREVIEW_SOURCES", "Samples");
    let mut server = Group::spawn(&mut serve)?;
    wrangler::wait_for("azulejo serve", &mut server, port, "/health")?;
    test(&[
        ("AZULEJO_SERVER", "native"),
        ("AZULEJO_URL", &format!("http://127.0.0.1:{port}")),
        ("AZULEJO_BIN", azulejo.to_str().unwrap_or_default()),
        ("AZULEJO_STATE", state.to_str().unwrap_or_default()),
    ])
}

/// Runs `tests/browser/*.spec.mjs` against the page that the built Worker serves.
pub fn browser() -> Result<()> {
    let chromium = chromium::find_or_install()?;
    let chromium = chromium.to_str().context("the path of Chromium is not UTF-8")?;
    with_worker(|environment| {
        let environment = [environment, &[("CHROME_BIN", chromium)]].concat();
        node_test(files("tests/browser", ".spec.mjs")?, "tests/browser", &environment)
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
    let xtask = paths::this_program()?;
    test(&[
        ("AZULEJO_XTASK", xtask.to_str().unwrap_or_default()),
        ("AZULEJO_URL", &format!("http://127.0.0.1:{port}")),
        ("AZULEJO_BIN", azulejo.to_str().unwrap_or_default()),
        ("AZULEJO_STATE", state.to_str().unwrap_or_default()),
    ])
}

/// Runs node's test runner with these files, which messages call `name`.
fn node_test(files: Vec<PathBuf>, name: &str, environment: &[(&str, &str)]) -> Result<()> {
    let mut node = process::program(paths::npm_program("node"))?;
    node.env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    node.args(["--test", "--test-reporter=spec"]).args(files).envs(environment.iter().copied());
    process::run(&format!("node --test {name}"), &mut node)
}

/// The files of `folder` that end with `ending`.
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
