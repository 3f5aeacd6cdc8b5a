//! `cargo xtask dev`: builds everything and serves the samples on 127.0.0.1.

use std::{path::PathBuf, process::Stdio};

use anyhow::Result;

use crate::{
    browser_package, build, default_state,
    page_module::{STUDIO_ENGINE, TOOLS},
    samples, steps, tools, worker, wrangler,
};

/// Options of `cargo xtask dev`.
#[derive(Debug, clap::Args)]
pub struct Dev {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Do not put the samples into the bucket
    #[arg(long)]
    no_samples: bool,
    /// Folder of the local bucket and cache [default: .wrangler/state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

impl Dev {
    /// Builds, fills the local bucket, starts the Worker and serves until Ctrl-C.
    pub fn run(self) -> Result<()> {
        wrangler::check_free(self.port)?;
        let state = match self.state {
            // Child processes run in the repository's root, so the path must be absolute.
            Some(folder) => std::path::absolute(folder)?,
            None => default_state(),
        };
        tools::wasm_target()?;
        println!("Building (about 10 min the first time, on two cores)");
        steps::run_in_parallel(&[
            ("npm packages", tools::npm_packages),
            ("compiling the Worker", || worker::compile().map(drop)),
            ("compiling the browser package", || browser_package::compile().map(drop)),
            ("compiling the Studio's engine", || STUDIO_ENGINE.compile().map(drop)),
            ("compiling the page's tools", || TOOLS.compile().map(drop)),
        ])?;
        build::build_packages()?;
        let ids = if self.no_samples {
            Vec::new()
        } else {
            samples::put(&state)?;
            samples::ids()?
        };

        println!("Starting the Worker");
        let mut worker = wrangler::Wrangler::start(self.port, &state, Stdio::inherit())?;
        let examples = examples(&ids);
        worker.wait_for(examples.first().map_or("/health", String::as_str))?;
        println!("ready http://127.0.0.1:{}", self.port);
        for example in &examples {
            println!("  http://127.0.0.1:{}{example}", self.port);
        }
        worker.serve()
    }
}

/// Three example requests, for different samples if there are enough.
fn examples(ids: &[String]) -> Vec<String> {
    let modifiers =
        ["$product$&wid=800", "wid=600&hei=600&fit=crop&qlt=85", "wid=400&fmt=png-alpha"];
    let of = |(index, modifiers): (usize, &&str)| {
        let id = ids.get(index).or(ids.first())?;
        Some(format!("/is/image/{id}?{modifiers}"))
    };
    modifiers.iter().enumerate().filter_map(of).collect()
}
