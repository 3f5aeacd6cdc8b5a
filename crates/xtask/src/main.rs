//! `cargo xtask`: the development tasks of this repository in one program, without shell scripts.
#![expect(clippy::print_stdout, reason = "a command line program prints to stdout")]
#![expect(clippy::print_stderr, reason = "and its errors and remarks to stderr")]

mod artifacts;
mod bench;
mod bless;
mod browser_package;
mod build;
mod config;
mod deploy;
mod dev;
mod node;
mod npm_package;
mod page_module;
mod paths;
mod process;
mod profile;
mod samples;
mod sheet;
mod size;
mod soak;
mod steps;
mod test;
mod tools;
mod worker;
mod wrangler;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Development tasks of Azulejo. Each installs what it needs first, from package registries only.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build Worker and page, fill the local bucket with the samples and serve on 127.0.0.1
    Dev(dev::Dev),
    /// Run all tests, or one part of them
    Test(test::Test),
    /// Build the release Worker, the browser package and the page's tools; fail if one is too large
    Build,
    /// Print speed and size as ratios to the peers, both sides measured in this run
    Bench(bench::Bench),
    /// Print which functions of the engine take the time of a request
    Profile(profile::Profile),
    /// Send the Worker many mixed requests at once; fail on a wrong reply or on growing memory
    Soak(soak::Soak),
    /// Rewrite the expected images and texts of the tests from the engine's current output
    Bless,
    /// Write one page with all goldens into the target folder, to look at them together
    Sheet,
    /// Build, then `wrangler deploy` with your wrangler.toml and the arguments after `--`
    Deploy(deploy::Deploy),
}

/// The default of `--state`: the folder in which wrangler itself keeps the local bucket.
fn default_state() -> PathBuf {
    paths::root().join(".wrangler/state")
}

/// Prints a remark that belongs to no task's output.
fn message(text: &str) {
    eprintln!("{text}");
}

/// Prints an error and its causes, separated by colons, to standard error.
fn print_error(error: &anyhow::Error) {
    eprintln!("\nerror: {error:#}");
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(process::WATCH) {
        return match process::watch(std::io::stdin().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let result = process::stop_children_at_the_end().and_then(|()| match Cli::parse().task {
        Task::Dev(dev) => dev.run(),
        Task::Test(test) => test.run(),
        Task::Build => build::run(),
        Task::Bench(bench) => bench.run(),
        Task::Profile(profile) => profile.run(),
        Task::Soak(soak) => soak.run(),
        Task::Bless => bless::run(),
        Task::Sheet => sheet::run(),
        Task::Deploy(deploy) => deploy.run(),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error);
            ExitCode::FAILURE
        }
    }
}
