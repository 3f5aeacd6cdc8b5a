//! `azulejo serve`: answers all routes of the Worker natively.

mod samples;

use std::{
    env, fs,
    io::Write,
    net::IpAddr,
    num::NonZero,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use azulejo::serve::{Settings, preview::Token, settings};
use server::{CacheOptions, End, LogFormat, LogOptions, Options, Server};
use tokio::runtime::Runtime;

use crate::signals::Signals;
use crate::{
    args::{self, ServeArgs, Usage},
    store::{Bucket, Location},
    studio,
};

/// Serves until SIGTERM or Ctrl-C.
pub fn run(args: &ServeArgs, runtime: &Runtime) -> Result<ExitCode> {
    let settings = settings(args)?;
    let location = match &args.from {
        Some(location) => location.clone(),
        None => samples::ingested(runtime)?,
    };
    let location = location.absolute()?;
    let state = args.state.clone();
    let editor = match &args.edit {
        Some(folder) => {
            check_edit(&args.host, &settings)?;
            Some(studio::start(folder, location.clone(), state.clone())?)
        }
        None => None,
    };
    let options = Options { editor, ..options(args, &location, settings) };
    let open = move || Bucket::open(&location, state.as_deref());
    runtime.block_on(async {
        let mut signals = Signals::new()?;
        let server = Server::start(options, open).await?;
        let address = server.address()?;
        ready(&format!("http://{address}"), args.samples)?;
        let mut second = signals.clone();
        match server.serve(signals.received(1), second.received(2)).await {
            End::Finished => Ok(ExitCode::SUCCESS),
            End::CutOff(connections) => {
                let mut err = std::io::stderr().lock();
                writeln!(err, "azulejo: {connections} connections were cut off")?;
                Ok(ExitCode::FAILURE)
            }
        }
    })
}

/// Fails if anybody who reaches the host could edit.
fn check_edit(host: &str, settings: &Settings) -> Result<()> {
    let name = host.trim_matches(['[', ']']);
    let is_own = name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_own || matches!(settings.preview.token, Token::Secret(_)) {
        return Ok(());
    }
    let message = format!(
        "--edit with --host {host}: whoever reaches this address could change presets; listen at \
         127.0.0.1, or set PREVIEW_TOKEN to a secret and not to *"
    );
    Err(Usage(message).into())
}

/// Tells scripts and people that requests are answered from now on.
fn ready(url: &str, samples: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready {url}")?;
    if samples {
        for example in samples::EXAMPLES {
            writeln!(out, "  {url}/is/image/Samples/{example}")?;
        }
    }
    Ok(out.flush()?)
}

fn options(args: &ServeArgs, location: &Location, settings: Settings) -> Options {
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    Options {
        host: args.host.clone(),
        port: args.port,
        workers: args.workers.unwrap_or(cores),
        store: location.to_string(),
        settings,
        cache: CacheOptions {
            memory: usize::try_from(args.cache_memory).unwrap_or(usize::MAX),
            folder: args.cache.clone(),
            disk: args.cache_size,
        },
        metrics: args.metrics,
        log: log(args),
        editor: None,
        client_timeout: Duration::from_secs(args.client_timeout),
        grace: Duration::from_secs(args.grace),
    }
}

/// The access log: none unless a flag asks for it.
fn log(args: &ServeArgs) -> LogOptions {
    let format = match (args.log_format, &args.access_log) {
        (Some(args::LogFormat::Off), _) | (None, None) => LogFormat::Off,
        (Some(args::LogFormat::S7access), _) => LogFormat::S7access,
        (Some(args::LogFormat::Json), _) | (None, Some(_)) => LogFormat::Json,
    };
    LogOptions { format, file: args.access_log.clone().filter(|file| file != Path::new("-")) }
}

/// The settings of the Worker's variables. An invalid one is an error of the command line.
fn settings(args: &ServeArgs) -> Result<Settings> {
    let keys = secret(args.signing_keys.as_deref(), settings::SIGNING_KEYS)?;
    let token = secret(args.preview_token_file.as_deref(), settings::PREVIEW_TOKEN)?;
    let settings = Settings::read(|name| match name {
        settings::SIGNING_KEYS => keys.clone(),
        settings::SIGNING => args.signing.clone(),
        settings::PUBLISH_CONTEXT => args.publish_context.clone(),
        settings::CLIENT_ADDRESS_HEADER => args.client_address_header.clone(),
        settings::PREVIEW_SOURCES => {
            args.preview_sources.clone().or_else(|| args.samples.then(|| "Samples".to_owned()))
        }
        // Who may edit may list, and both are for this machine alone.
        settings::PREVIEW_TOKEN => {
            token.clone().or_else(|| (args.samples || args.edit.is_some()).then(|| "*".to_owned()))
        }
        settings::LOG_SAMPLE => Some(args.log_sample.clone()),
        settings::LOG_QUERY => Some(args.log_query.clone()),
        settings::CACHE_TAGS => args.cache_tags.clone(),
        settings::CACHE_NAMESPACE => args.cache_namespace.clone(),
        _ => None,
    });
    settings.access().map_err(|error| Usage(error.message))?;
    Ok(settings)
}

/// A secret in a file, or else in a variable of the environment.
fn secret(file: Option<&Path>, variable: &str) -> Result<Option<String>> {
    match file {
        Some(file) => {
            fs::read_to_string(file).map(Some).with_context(|| file.display().to_string())
        }
        None => Ok(env::var(variable).ok()),
    }
}

/// The user's folder for what can be made again.
fn cache_folder() -> PathBuf {
    let home = || env::home_dir().map(|home| home.join(".cache"));
    let folder = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    folder.or_else(home).unwrap_or_else(env::temp_dir).join(Path::new("azulejo"))
}
