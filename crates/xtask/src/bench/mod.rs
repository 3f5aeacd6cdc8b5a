//! `cargo xtask bench`: speed and size as ratios to peers, both sides measured in one run.

mod catalogue;
mod encoders;
mod ingest;
mod large_tiff;
mod layers;
mod peak_memory;
mod serve;
mod table;
mod text;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use self::table::{Comparison, Table};
use crate::{browser_package, build, paths, process, samples, tools, worker};

/// A photograph of 20 megapixels.
const PHOTO: &str = "samples/pier.jpg";

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// Also write all numbers to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Bench {
    /// Measures and prints. A missed limit is shown but is no error, since the machine may be slow.
    pub fn run(self) -> Result<()> {
        tools::install()?;
        build::build_packages()?;
        let azulejo = samples::azulejo()?;
        let photo = ingested(&azulejo)?;
        println!("Measuring (about 2 min; leave the machine alone)");
        let render = measure("render.mjs", &photo)?;
        let avif = measure("avif.mjs", &paths::root().join(PHOTO))?;
        let encoders = measure("encoders.mjs", &paths::root().join(PHOTO))?;
        let layers = measure("layers.mjs", &photo)?;
        let text = measure("text.mjs", &photo)?;
        let edge = measure("edge.mjs", &photo)?;
        let serve = measure_serve(&azulejo, &photo)?;
        let (worker, browser) = (worker::size()?, browser_package::size()?);

        let mut table = Table::default();
        for (name, what, limit) in [
            ("whole", "PTIFF to 800 px JPEG, wasm / sharp", 1.0),
            ("region", "PTIFF region to 400 px JPEG, wasm / sharp", 0.8),
            ("thumbnail", "PTIFF to 100 px JPEG, wasm / sharp", 0.5),
            ("square", "PTIFF to 2000 × 2000 px JPEG, wasm / sharp", 1.0),
            ("wholeWebp", "PTIFF to 800 px WebP, wasm / sharp", 1.1),
        ] {
            let sides = &render[name];
            table.add(Comparison::at_most(what, &sides["wasm"], &sides["sharp"], "ms", limit));
        }
        let what = "800 × 600 to AVIF, wasm / 400 ms";
        table.add(Comparison::at_most(what, &avif["wasm"], &json!(400), "ms", 1.0));
        let what = "800 × 600 to AVIF, wasm / sharp at the effort of that length";
        table.add(Comparison::at_most(what, &avif["wasm"], &avif["sharp"], "ms", 1.5));
        encoders::compare(&encoders, &mut table);
        layers::compare(&layers, &mut table);
        text::compare(&text, &mut table);
        serve::compare(&serve, &mut table);
        let (what, language) =
            ("500-byte URL understood, wasm, above a bare one / 50 µs", &render["language"]);
        table.add(Comparison::at_most(what, &language["microseconds"], &json!(50), "µs", 1.0));
        let cold = &edge["cold"];
        table.add(Comparison::at_most(
            "cold request: storage reads",
            &cold["reads"],
            &json!(1),
            "",
            2.0,
        ));
        let (what, kilobytes) = ("cold request: bytes read / of the tiles needed", 1000.0);
        table.add(
            Comparison::at_most(what, &cold["bytes"], &cold["needed"], "KB", 1.15).per(kilobytes),
        );
        let (what, hit) = ("cached hit / bare Worker", &edge["cached"]);
        table.add(Comparison::at_least(what, &hit["rate"], &hit["bareRate"], "/s", 0.8));
        for (what, size, limit) in [
            ("Worker, gzipped / its limit", worker, worker::LIMIT),
            ("AVIF module, gzipped / its limit", worker::avif_size()?, worker::AVIF_LIMIT),
            ("browser package, gzipped / its limit", browser, browser_package::LIMIT),
        ] {
            let (size, limit) = (json!(size.gzipped), json!(limit));
            table.add(Comparison::at_most(what, &size, &limit, "KB", 1.0).per(kilobytes));
        }
        let ingest = ingest::measure(&azulejo, &mut table)?;
        println!("\n{table}");
        if let Some(file) = self.json {
            let all = json!({ "photo": PHOTO, "render": render, "avif": avif, "encoders": encoders, "layers": layers, "text": text, "edge": edge, "serve": serve, "ingest": ingest, "table": table.to_json(),
                "bytes": { "worker": worker.gzipped, "browser": browser.gzipped } });
            fs::write(&file, format!("{all:#}\n")).with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}

/// Ingests the photograph with `azulejo ingest` and returns the path of its pyramid.
fn ingested(azulejo: &Path) -> Result<PathBuf> {
    let folder = paths::target().join("xtask-bench");
    let mut ingest = process::program(azulejo)?;
    ingest.args(["ingest", PHOTO, "--root", "Bench", "--to"]);
    process::run_quietly("azulejo ingest", ingest.arg(format!("dir:{}", folder.display())))?;
    Ok(folder.join("assets/Bench/pier.tif"))
}

/// Runs a script of `bench/` and returns its last line, parsed as JSON.
fn measure(script: &str, photo: &Path) -> Result<Value> {
    run(script, &mut node(script, photo)?)
}

/// Runs `serve.mjs` with the command line.
fn measure_serve(azulejo: &Path, photo: &Path) -> Result<Value> {
    run("serve.mjs", node("serve.mjs", photo)?.env("AZULEJO_BIN", azulejo))
}

fn node(script: &str, photo: &Path) -> Result<Command> {
    let mut node = process::program(paths::npm_program("node"))?;
    node.env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    node.arg(paths::root().join("crates/xtask/bench").join(script)).arg(photo);
    Ok(node)
}

fn run(script: &str, node: &mut Command) -> Result<Value> {
    let output = process::run_quietly(script, node)?;
    let result = output.lines().last().unwrap_or_default();
    serde_json::from_str(result).with_context(|| format!("{script} printed no result: {result}"))
}
