//! `cargo xtask test`: runs every part to its end, then fails if one of them failed.

mod chromium;
mod native;
mod node;

use std::time::Instant;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::print_error;

/// Options of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Run only this part
    part: Option<Part>,
    /// Skip the tests that need Chromium or Chrome
    #[arg(long)]
    no_browser: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, lints for host and wasm, cargo tests, documentation
    Native,
    /// The goldens through the wasm engine, in node
    Wasm,
    /// The built Worker over HTTP, in workerd
    Edge,
    /// The preview page, in Chromium
    Browser,
}

impl Test {
    /// Runs one part or all, and prints a summary.
    pub fn run(self) -> Result<()> {
        let mut parts = match &self.part {
            Some(part) => vec![*part],
            None => Part::value_variants().to_vec(),
        };
        if self.no_browser {
            parts.retain(|part| *part != Part::Browser);
        }
        let mut summary = Vec::new();
        for part in parts {
            println!("\n==== {} ====", part.name());
            let since = Instant::now();
            let result = part.run();
            if let Err(error) = &result {
                print_error(error);
            }
            summary.push((part.name(), result.is_ok(), since.elapsed().as_secs()));
        }
        println!();
        for (name, passed, seconds) in &summary {
            println!("{name:<8} {} in {seconds} s", if *passed { "passed" } else { "FAILED" });
        }
        if self.no_browser {
            println!("{:<8} left out (--no-browser)", Part::Browser.name());
        }
        if summary.iter().any(|(_, passed, _)| !passed) {
            bail!("not all tests passed");
        }
        Ok(())
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Edge => "edge",
            Self::Browser => "browser",
        }
    }

    fn run(self) -> Result<()> {
        match self {
            Self::Native => native::run(),
            Self::Wasm => node::wasm(),
            Self::Edge => node::edge(),
            Self::Browser => node::browser(),
        }
    }
}
