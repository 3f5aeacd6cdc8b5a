//! `cargo xtask deploy`: builds the Worker and runs `wrangler deploy`.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::Stdio,
};

use anyhow::{Result, bail};

use crate::{
    build,
    config::{self, Environment},
    message, wrangler,
};

const HELP: &str = "\
Environments are Workers of their own: azulejo-test, azulejo-live. The first deploy of one adds it to
wrangler.toml and prints what it added; the bucket is asked for where --bucket does not name it.

  cargo xtask deploy --env test --bucket shop-images-test
  cargo xtask deploy --env live --bucket shop-images --domain images.example.com
  azulejo doctor https://images.example.com";

/// Options of `cargo xtask deploy`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Deploy {
    /// The environment, such as test or live [default: the Worker at the top of wrangler.toml]
    #[arg(long, value_name = "NAME", value_parser = config::name)]
    env: Option<String>,
    /// The R2 bucket of a new environment
    #[arg(long, value_name = "BUCKET", value_parser = config::bucket, requires = "env")]
    bucket: Option<String>,
    /// CACHE_NAMESPACE of a new environment [default: the bucket and the environment]
    #[arg(long, value_name = "NAME", value_parser = config::namespace, requires = "env")]
    namespace: Option<String>,
    /// The host name of a new environment, in a zone of your account
    #[arg(long, value_name = "HOST", value_parser = config::domain, requires = "env")]
    domain: Option<String>,
    /// Let wrangler create a bucket that does not exist. Otherwise such a deploy fails
    #[arg(long)]
    create_bucket: bool,
    /// Build and check everything; upload nothing
    #[arg(long)]
    dry_run: bool,
    /// The configuration [default: wrangler.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Arguments for `wrangler deploy`
    #[arg(last = true, value_name = "WRANGLER ARGS")]
    wrangler: Vec<String>,
}

impl Deploy {
    /// Completes the configuration, builds both packages from the present sources and deploys them.
    pub fn run(self) -> Result<()> {
        let file = match &self.config {
            // Child processes run in the repository's root, so the path must be absolute.
            Some(file) => std::path::absolute(file)?,
            None => config::own(),
        };
        config::create(&file, &config::example())?;
        if let Some(name) = &self.env {
            let environment = Environment {
                name: name.clone(),
                bucket: self.bucket.clone(),
                namespace: self.namespace.clone(),
                domain: self.domain.clone(),
            };
            if let Some(added) =
                config::fill_in(&file, &environment, |suggestion| ask_bucket(name, suggestion))?
            {
                message(&format!("Added to {}:\n{added}", file.display()));
            }
        }
        config::report_missing(&file, &config::example())?;
        build::run()?;
        // Runs in this terminal's own process group, because wrangler may prompt for a login.
        let mut deploy = wrangler::command(&["deploy", "--config"])?;
        deploy.arg(&file);
        // With environments in the file, wrangler wants to know that none is meant.
        deploy.arg(format!("--env={}", self.env.as_deref().unwrap_or_default()));
        if !self.create_bucket {
            // By default wrangler creates a bucket whose name has a typing error.
            deploy.arg("--experimental-provision=false");
        }
        if self.dry_run {
            deploy.arg("--dry-run");
        }
        let status = deploy.args(&self.wrangler).stdin(Stdio::inherit()).status()?;
        if !status.success() {
            bail!("wrangler deploy failed ({status})");
        }
        Ok(())
    }
}

/// Asks for the name of a bucket at the terminal.
fn ask_bucket(environment: &str, suggestion: &str) -> Result<String> {
    if !io::stdin().is_terminal() {
        bail!(
            "environment {environment} is new: name its R2 bucket, as in --env {environment} --bucket \
             {suggestion}"
        );
    }
    let mut out = io::stderr();
    write!(out, "R2 bucket of environment {environment} [{suggestion}]: ")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let answer = line.trim();
    Ok(if answer.is_empty() { suggestion } else { answer }.to_owned())
}
