//! Arguments of `inspect`, `render` and `check`, which change nothing.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{STORES, root_id};
use crate::store::Location;

/// `azulejo inspect`
#[derive(Debug, ClapArgs)]
#[command(after_help = STORES)]
pub struct InspectArgs {
    /// A file; or a store and a key in it, e.g. local assets/Samples/pier.tif
    #[arg(required = true, num_args = 1..=2, value_name = "FILE|STORE KEY")]
    pub what: Vec<String>,
    /// Print one JSON object instead of text
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
    /// The part of a URL after /is/image/, e.g. 'Samples/pier?$product$&wid=800'
    #[arg(value_name = "OBJECT?MODIFIERS")]
    pub request: String,
    /// The store of the pyramids
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// Write the image to this file instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show unpublished assets too, as a Worker with PUBLISH_CONTEXT = "test" does
    #[arg(long)]
    pub unpublished: bool,
    /// Print status and headers to standard error
    #[arg(long)]
    pub headers: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

const CHECK: &str = "Logs of Apache, nginx, IIS, CloudFront, AWS load balancers, Akamai, Cloudflare, Fastly and others \
    are read, tables with a header,\nJSON, HAR, HTML, XML and CSS; also with gzip, in UTF-8 or UTF-16. See \
    docs/compatibility.md.\n\nExit code: 0 when all URLs are answered as they were meant, 1 when one is not or a file \
    cannot be read,\n2 when there is no such file. A summary is on standard error.\n\n";

/// `azulejo check`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{CHECK}{STORES}"))]
pub struct CheckArgs {
    /// A URL; a file of URLs or an access log; - for standard input
    #[arg(required = true, value_name = "URL|FILE|-")]
    pub what: Vec<String>,
    /// The catalog folder that `azulejo publish` would take. Its presets and rules apply
    #[arg(long, value_name = "FOLDER")]
    pub catalog: Option<PathBuf>,
    /// With --from: the name of the folder's publication, if `azulejo publish` got --name
    #[arg(long, value_name = "NAME", value_parser = root_id, requires = "catalog")]
    pub name: Option<String>,
    /// Check whether the images exist in this store; with --catalog, as after a publish of the
    /// folder to it
    #[arg(long, value_name = "STORE")]
    pub from: Option<Location>,
    /// Print only counts: one line per shape of URL, the most frequent first
    #[arg(long)]
    pub summary: bool,
    /// Write the counts by shape of URL to this file, as comma-separated values
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}
