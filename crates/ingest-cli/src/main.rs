//! `azulejo`: ingests originals, publishes catalogs, and inspects, renders and checks.

use std::{io, process::ExitCode};

use clap::Parser;
use tokio::runtime::Runtime;

use azulejo_cli::{
    args::{Args, CheckArgs, Command, Usage},
    check, commands, diff, doctor, import,
    ingest::{self, BatchResult},
    inspect, objects, publish, purge, render, serve, shell, sign, top, visibility,
};

/// Runs a command. Exits with 0 on success, 1 on failure, 2 on a wrong command line (also from
/// clap), and 130 after Ctrl-C.
fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let result = match args.command {
        Command::Ingest(args) => return ended(ingest::run(&args, &runtime), runtime),
        Command::Reprocess(args) => {
            return ended(ingest::reprocess::run(&args, &runtime), runtime);
        }
        Command::Import(args) => return ended(import::run(&args, &runtime), runtime),
        Command::Diff(args) => return ended(diff::run(&args, &runtime), runtime),
        Command::Serve(args) => {
            return serve::run(&args, &runtime).unwrap_or_else(|error| failed(&error));
        }
        Command::PublishAssets(args) => runtime.block_on(visibility::run(&args, true)),
        Command::UnpublishAssets(args) => runtime.block_on(visibility::run(&args, false)),
        Command::Ls(args) => piped(runtime.block_on(objects::ls(&args))),
        Command::Rm(args) => runtime.block_on(objects::rm(&args)),
        Command::Mv(args) => runtime.block_on(objects::mv(&args)).map(|()| true),
        Command::Purge(args) => piped(runtime.block_on(purge::run(&args))),
        Command::Inspect(args) => piped(runtime.block_on(inspect::run(&args))),
        Command::Render(args) => runtime.block_on(render::run(&args)),
        Command::Publish(args) => runtime.block_on(publish::run(&args)),
        Command::Doctor(args) => runtime.block_on(doctor::run(&args)),
        Command::Sign(args) => sign::run(&args),
        Command::Top(args) => piped(top::run(&args)),
        Command::Check(args) => check_urls(&args, &runtime),
        Command::Commands { name, json } => piped(commands::run(name.as_deref(), json)),
        Command::Completions { shell } => piped(shell::completions(shell)),
        Command::Man { folder } => shell::man(&folder).map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

/// The exit code of a batch. After Ctrl-C, does not wait for images that are still being built.
fn ended(end: anyhow::Result<BatchResult>, runtime: Runtime) -> ExitCode {
    runtime.shutdown_background();
    end.map_or_else(|error| failed(&error), ExitCode::from)
}

/// Checks URLs. A reader that closes the pipe is no failure.
fn check_urls(args: &CheckArgs, runtime: &Runtime) -> anyhow::Result<bool> {
    match runtime.block_on(check::run(args)) {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(closed) => Ok(true),
        done => done,
    }
}

/// The result of a command that prints. A reader that closes the pipe (`| head`) is no failure.
fn piped(result: anyhow::Result<()>) -> anyhow::Result<bool> {
    match result {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(closed) => Ok(true),
        result => result.map(|()| true),
    }
}

fn closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

#[expect(clippy::print_stderr, reason = "a command line prints its errors there")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("azulejo: {error:#}");
    if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}
