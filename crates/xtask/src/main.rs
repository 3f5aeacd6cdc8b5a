//! `cargo xtask`: every chore of this repository in one program, no shell scripts.
#![expect(clippy::print_stdout, reason = "a command line program talks on stdout")]

mod artifacts;
mod bench;
mod browser_package;
mod chores;
mod dev;
mod place;
mod process;
mod samples;
mod size;
mod soak;
mod steps;
mod test;
mod tools;
mod worker;
mod wrangler;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Chores of Azulejo. Each installs what it misses first; nothing but registry packages is fetched.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Build Worker and page, fill the local bucket with the samples and serve on 127.0.0.1
    Dev(dev::Dev),
    /// Run all tests, or one part of them
    Test(test::Test),
    /// Build the release Worker and the browser package; fail if one is too large
    Build,
    /// Print speed and size as ratios to the peers, both sides measured in this run
    Bench(bench::Bench),
    /// Send the Worker many mixed requests at once; fail on a wrong reply or on memory that grows
    Soak(soak::Soak),
    /// Rewrite the expected pictures and texts of the tests from what the engine gives now
    Bless,
    /// Build, then `wrangler deploy` with the arguments after `--`
    Deploy {
        /// Passed on to `wrangler deploy`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        wrangler: Vec<String>,
    },
}

/// Where the local bucket lies unless `--state` says otherwise: where wrangler itself puts it.
fn default_state() -> PathBuf {
    place::root().join(".wrangler/state")
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(process::WATCH) {
        return match process::watch(std::io::stdin().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let done = process::stop_children_at_the_end().and_then(|()| match Cli::parse().chore {
        Chore::Dev(dev) => dev.run(),
        Chore::Test(test) => test.run(),
        Chore::Build => chores::build(),
        Chore::Bench(bench) => bench.run(),
        Chore::Soak(soak) => soak.run(),
        Chore::Bless => chores::bless(),
        Chore::Deploy { wrangler } => chores::deploy(&wrangler),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The causes on one line each: the first says what was being done.
            println!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
