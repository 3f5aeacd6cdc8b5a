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
    /// The catalog folder that `azulejo publish` would take: its presets and rules count
    #[arg(long, value_name = "FOLDER")]
    pub catalog: Option<PathBuf>,
    /// With --from: what the folder was published as, where `azulejo publish` was told --name
    #[arg(long, value_name = "NAME", value_parser = root_id, requires = "catalog")]
    pub name: Option<String>,
    /// Look whether the images are there; with --catalog as if the folder were published to this store
    #[arg(long, value_name = "STORE")]
    pub from: Option<Location>,
    /// Only count: a line for each shape of URL, the most frequent first
    #[arg(long)]
    pub summary: bool,
    /// Write the counts by shape of URL to this file, as comma-separated values
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}
