//! Arguments of `diff`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{
    STORES,
    values::{bytes, rate, seconds},
};
use crate::diff::{Class, Side};

const DIFF: &str = "Without --report nothing is stored, and an interrupted run begins anew. With it, the same \
    command goes on where\nit was interrupted. A folder of recorded replies is described in \
    docs/diff.md, as are the classes.\n\nExit code: 0 when all pairs are within the threshold, 1 when some \
    are over it or the run ended early,\n2 when the command line is wrong, 130 after Ctrl-C.\n\n";

/// `azulejo diff`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{DIFF}{STORES}"))]
pub struct DiffArgs {
    /// What is compared: a file of URLs, an access log, a manifest of recorded replies, a URL;
    /// - for standard input
    #[arg(required = true, value_name = "FILE|URL|-")]
    pub what: Vec<String>,
    /// The server before: a host such as images.example.com, a folder of recorded replies, or a store
    #[arg(long, value_name = "HOST|DIR")]
    pub old: Side,
    /// The server after: a store, a host, or a folder of recorded replies
    #[arg(long, value_name = "STORE|HOST")]
    pub new: Side,
    /// Write index.html, diff.csv and pictures to this folder, and the state of the run
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// The SSIMULACRA2 score below which a pair is over the threshold: 90 visually lossless, 70 high
    /// quality, 50 medium, 30 low
    #[arg(long, value_name = "SCORE", default_value_t = 70.0, value_parser = score)]
    pub threshold: f64,
    /// Pairs of each class that the page shows with their pictures, the worst ones
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub keep: usize,
    /// Compare pairs of these classes again, which an earlier run has compared
    #[arg(long, value_name = "CLASS", value_enum, value_delimiter = ',', requires = "report")]
    pub again: Vec<Class>,
    /// Requests to a host in a second at most, such as 10/s, or 30/m in a minute
    #[arg(long, value_name = "N/s", default_value = "10/s", value_parser = rate)]
    pub rate: f64,
    /// Pairs to fetch and compare at once. Each takes up to 400 MB while it is compared
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: u16,
    /// How long a reply may take, with its body
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = seconds)]
    pub timeout: u64,
    /// How often a request is repeated when it gets no reply, or 429 or 5xx
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub retries: u8,
    /// The longest reply that is read
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = bytes)]
    pub max_size: u64,
    /// The Accept header of all requests, on which Smart Imaging depends
    #[arg(long, value_name = "TYPES", default_value = "*/*")]
    pub accept: String,
    /// Show unpublished assets of a store, too, as a server with PUBLISH_CONTEXT = "test" does
    #[arg(long)]
    pub unpublished: bool,
    /// Print one JSON object per line instead of text
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// Parses a SSIMULACRA2 score.
fn score(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(score) if (0.0..=100.0).contains(&score) => Ok(score),
        _ => Err("expected a score of 0 to 100".into()),
    }
}
