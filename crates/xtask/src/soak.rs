//! `cargo xtask soak`: sends many mixed requests concurrently to the built Worker.

use anyhow::Result;

use crate::{paths, process, samples, tools, worker};

/// Options of `cargo xtask soak`.
#[derive(Debug, clap::Args)]
pub struct Soak {
    /// Number of requests
    #[arg(long, default_value_t = 100_000)]
    requests: u32,
    /// Number of concurrent requests
    #[arg(long, default_value_t = 64)]
    connections: u32,
}

impl Soak {
    /// Runs `tests/soak/soak.mjs`, which prints statistics and the wasm memory over time.
    pub fn run(self) -> Result<()> {
        tools::install()?;
        worker::build()?;
        let azulejo = samples::azulejo()?;
        let mut node = process::program(paths::npm_program("node"))?;
        node.arg("tests/soak/soak.mjs")
            .env("AZULEJO_BIN", azulejo)
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .env("SOAK_REQUESTS", self.requests.to_string())
            .env("SOAK_CONNECTIONS", self.connections.to_string());
        process::run("the soak", &mut node)
    }
}
