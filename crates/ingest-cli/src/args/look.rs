//! Nothing is changed: `inspect`, `render`, `check`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::STORES;
use crate::store::Location;

/// `azulejo inspect`
#[derive(Debug, ClapArgs)]
#[command(after_help = STORES)]
pub struct InspectArgs {
    /// A file; or a store and a key in it, e.g. local assets/Samples/pier.tif
    #[arg(required = true, num_args = 1..=2, value_name = "FILE|STORE KEY")]
    pub what: Vec<String>,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// `azulejo render`
#[derive(Debug, ClapArgs)]
#[command(after_help = STORES)]
pub struct RenderArgs {
    /// What stands behind /is/image/ in a URL, e.g. 'Samples/pier?$product$&wid=800'
    #[arg(value_name = "OBJECT?MODIFIERS")]
    pub request: String,
    /// Where the pyramids are
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// Write the image here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show what is not published, too, as a Worker with PUBLISH_CONTEXT = "test" does
    #[arg(long)]
    pub unpublished: bool,
    /// Print status and headers on standard error
    #[arg(long)]
    pub headers: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

const CHECK: &str =
    "Exit code: 0 when all URLs are understood, 1 when one is not. A summary is on standard error.";

/// `azulejo check`
#[derive(Debug, ClapArgs)]
#[command(after_help = CHECK)]
pub struct CheckArgs {
    /// A URL; a file of URLs or an access log; - for standard input
    #[arg(required = true, value_name = "URL|FILE|-")]
    pub what: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}
