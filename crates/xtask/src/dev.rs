//! `cargo xtask dev`: from a fresh clone to a Worker that answers.

use std::{path::PathBuf, process::Stdio};

use anyhow::Result;

use crate::{browser_package, default_state, samples, tools, worker, wrangler};

/// Options of `cargo xtask dev`.
#[derive(Debug, clap::Args)]
pub struct Dev {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Leave the bucket as it is
    #[arg(long)]
    no_samples: bool,
    /// Folder of the local bucket and cache [default: .wrangler/state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

impl Dev {
    /// Serves until Ctrl-C.
    pub fn run(self) -> Result<()> {
        wrangler::check_free(self.port)?;
        let state = match self.state {
            // The programs that are started work in the repository, whatever folder this is.
            Some(folder) => std::path::absolute(folder)?,
            None => default_state(),
        };
        let tools = tools::wasm()?;
        println!("Building the Worker (about 2 min the first time)");
        worker::build(&tools)?;
        println!("Building the browser package (about 1 min the first time)");
        browser_package::build(&tools)?;
        let ids = if self.no_samples { Vec::new() } else { fill(&state)? };

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

fn fill(state: &std::path::Path) -> Result<Vec<String>> {
    println!("Building azulejo, the command line (about 2 min the first time)");
    samples::ingest(&samples::azulejo()?, state)?;
    samples::ids()
}

/// One plain, one cut out of the middle, one as PNG; of three samples where there are three.
fn examples(ids: &[String]) -> Vec<String> {
    let modifiers =
        ["$product$&wid=800", "wid=600&hei=600&fit=crop&qlt=85", "wid=400&fmt=png-alpha"];
    let of = |(index, modifiers): (usize, &&str)| {
        let id = ids.get(index).or(ids.first())?;
        Some(format!("/is/image/{id}?{modifiers}"))
    };
    modifiers.iter().enumerate().filter_map(of).collect()
}
