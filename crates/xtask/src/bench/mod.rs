//! `cargo xtask bench`: speed, memory and size as ratios to peers, both sides measured in one run.

mod catalogue;
mod documents;
mod edge;
mod encoders;
mod groups;
mod history;
mod ingest;
mod large_tiff;
mod layers;
mod machine;
mod masters;
mod memory;
pub mod node;
mod page;
mod peak_memory;
mod peers;
mod products;
mod render;
mod scaling;
mod serve;
mod size;
mod table;
mod text;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::{Map, Value, json};

use self::{
    groups::{Group, Setup},
    history::Run,
    machine::Machine,
    table::Table,
};
use crate::{browser_package, paths, process, samples, steps, tools, worker};

/// A photograph of 20 megapixels.
const PHOTO: &str = "samples/pier.jpg";

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// Measure these groups alone, and write nothing to docs/
    #[arg(long, value_name = "GROUP", value_enum, value_delimiter = ',')]
    only: Vec<Group>,
    /// Print the table, and leave docs/performance.md as it is
    #[arg(long)]
    no_write: bool,
    /// Measure how the time of a reply grows with its pixels, its layers and the size of its master,
    /// and draw docs/scaling.svg
    #[arg(long, conflicts_with_all = ["only", "json"])]
    scaling: bool,
    /// Also write all numbers to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Bench {
    /// Measures and prints. A missed goal is shown but is no error, since the machine may be slow.
    pub fn run(self) -> Result<()> {
        let machine = Machine::this();
        tools::install()?;
        let setup = self.build()?;
        if machine.is_busy() {
            let load = machine.load.unwrap_or_default();
            println!("warning: the load is {load:.1}; on a busy machine the numbers mean little");
        }
        if self.scaling {
            return scaling::run(&setup.azulejo, self.no_write);
        }
        let mut run = Run {
            date: machine::date()?,
            commit: machine::commit(),
            machine,
            versions: machine::versions()?,
            skipped: Vec::new(),
            rows: Vec::new(),
        };
        let (mut table, mut all) = (Table::default(), Map::new());
        for group in self.groups() {
            println!("Measuring {} (leave the machine alone)", group.name());
            for skipped in group.skipped() {
                println!("skipped: {skipped}");
                run.skipped.push(skipped);
            }
            all.insert(group.name(), group.measure(&setup, &mut table)?);
        }
        println!("\n{table}");
        run.rows = table.rows().to_vec();
        if let Some(file) = &self.json {
            let all = json!({ "photo": PHOTO, "groups": Value::Object(all), "run": run });
            fs::write(file, format!("{all:#}\n")).with_context(|| file.display().to_string())?;
        }
        if self.no_write || !self.only.is_empty() {
            return Ok(());
        }
        documents::add(run)
    }

    fn groups(&self) -> Vec<Group> {
        let wanted = |group: &Group| self.only.is_empty() || self.only.contains(group);
        Group::value_variants().iter().copied().filter(wanted).collect()
    }

    /// Builds what the groups need, and ingests the photograph.
    fn build(&self) -> Result<Setup> {
        let mut packages: Vec<steps::Step> = vec![("browser package", browser_package::build)];
        if !self.scaling && self.groups().into_iter().any(Group::needs_worker) {
            packages.push(("Worker", worker::build));
        }
        steps::run_in_parallel(&packages)?;
        let azulejo = samples::azulejo()?;
        let photo = ingested(&azulejo)?;
        Ok(Setup { azulejo, original: paths::root().join(PHOTO), photo })
    }
}

/// The pyramid of the photograph, which is made if it is missing.
pub fn photo() -> Result<PathBuf> {
    ingested(&samples::azulejo()?)
}

/// Ingests the photograph with `azulejo ingest` and returns the path of its pyramid.
fn ingested(azulejo: &Path) -> Result<PathBuf> {
    let folder = paths::target().join("xtask-bench");
    let mut ingest = process::program(azulejo)?;
    ingest.args(["ingest", PHOTO, "--root", "Bench", "--to"]);
    process::run_quietly("azulejo ingest", ingest.arg(format!("dir:{}", folder.display())))?;
    Ok(folder.join("assets/Bench/pier.tif"))
}
