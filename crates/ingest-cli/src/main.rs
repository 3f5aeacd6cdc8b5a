//! `azulejo`: originals in, published pyramids out; inspect them, render from them.

use std::{io, process::ExitCode};

use clap::Parser;
use tokio::runtime::Runtime;

use azulejo_cli::{
    args::{Args, CheckArgs, Command, Usage},
    check, commands,
    ingest::{self, BatchResult},
    inspect, publish, render, sign, visibility,
};

/// The exit codes of the contract: 0 all done, 1 something failed; clap itself exits with 2.
fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let done = match args.command {
        Command::Ingest(args) => return ended(ingest::run(&args, &runtime), runtime),
        Command::Reprocess(args) => {
            return ended(ingest::reprocess::run(&args, &runtime), runtime);
        }
        Command::PublishAssets(args) => runtime.block_on(visibility::run(&args, true)),
        Command::UnpublishAssets(args) => runtime.block_on(visibility::run(&args, false)),
        Command::Inspect(args) => piped(runtime.block_on(inspect::run(&args))),
        Command::Render(args) => runtime.block_on(render::run(&args)),
        Command::Publish(args) => runtime.block_on(publish::run(&args)),
        Command::Sign(args) => sign::run(&args),
        Command::Check(args) => check_urls(&args, &runtime),
        Command::Commands { json } => piped(commands::run(json)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

/// Images that are still being made for nobody, after Ctrl-C, are not waited for.
fn ended(end: anyhow::Result<BatchResult>, runtime: Runtime) -> ExitCode {
    runtime.shutdown_background();
    end.map_or_else(|error| failed(&error), ExitCode::from)
}

/// A reader of reports may have seen enough as well.
fn check_urls(args: &CheckArgs, runtime: &Runtime) -> anyhow::Result<bool> {
    match runtime.block_on(check::run(args)) {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(closed) => Ok(true),
        done => done,
    }
}

/// A reader that has seen enough (`| head`) is no failure.
fn piped(done: anyhow::Result<()>) -> anyhow::Result<bool> {
    match done {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(closed) => Ok(true),
        done => done.map(|()| true),
    }
}

fn closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

#[expect(clippy::print_stderr, reason = "a command line tells its errors there")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("azulejo: {error:#}");
    if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}
