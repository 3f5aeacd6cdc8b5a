//! The command line, as the contract fixes it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::store::Location;

/// Open Dynamic Media: pyramid TIFFs in, Image Serving renditions out.
#[derive(Debug, Parser)]
#[command(name = "azulejo", version, about, long_about = None)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make pyramid TIFFs of originals and put them into a store
    Ingest(IngestArgs),
    /// Make pyramids again of originals that the store keeps
    Reprocess(ReprocessArgs),
    /// Let the public host show assets
    PublishAssets(VisibilityArgs),
    /// Let assets be missing on the public host
    UnpublishAssets(VisibilityArgs),
    /// Show what a pyramid holds: levels, tiles, compression, profile
    Inspect(InspectArgs),
    /// Answer one Image Serving request with the engine of the Worker
    Render(RenderArgs),
    /// Say what the engine makes of URLs: understood, ignored, not supported, wrong
    Check(CheckArgs),
    /// List every protocol command and how far it is supported
    Commands {
        /// One JSON array instead of a table
        #[arg(long)]
        json: bool,
    },
}

const STORES: &str = "Stores:\n  local             the bucket that `cargo xtask dev` serves\n  \
    dir:PATH          a folder\n  s3://bucket[/p]   any S3 API: AWS_ENDPOINT_URL, \
    AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION";

const INGEST: &str = "An image profile is the file azulejo.toml in a folder; folders inherit it. See \
    docs/profiles.md.\n\nA second run skips what is unchanged: the record of an asset holds the hash of \
    its original and the settings.\nCtrl-C drops what is in hand (exit code 130); no object is ever \
    stored in part.\n\n";

/// `azulejo ingest`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{INGEST}{STORES}"))]
pub struct IngestArgs {
    /// Images, or folders of them; a folder's relative paths become part of the ids
    #[arg(required_unless_present = "retry", value_name = "FILE|FOLDER")]
    pub originals: Vec<PathBuf>,
    /// The catalog they belong to: the first part of their URLs
    #[arg(long, value_name = "ROOTID", default_value = "Samples", value_parser = root_id)]
    pub root: String,
    /// Whether ids keep the file name's extension
    #[arg(long, value_enum, default_value_t = Id::Stem)]
    pub id: Id,
    /// Store pyramid TIFFs unchanged, after checking that they open
    #[arg(long)]
    pub as_is: bool,
    /// Keep the originals in the store, so that `azulejo reprocess` needs no upload
    #[arg(long)]
    pub keep_originals: bool,
    /// Ingest what failed before: the file that --failures wrote
    #[arg(long, value_name = "FILE")]
    pub retry: Option<PathBuf>,
    /// List the formats that originals may have, and do nothing
    #[arg(long, exclusive = true)]
    pub formats: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How it is done.
    #[command(flatten)]
    pub making: Making,
}

const REPROCESS: &str = "Without --profile each asset's recorded settings count; with it, or with --tile \
    and --quality, all\nare made again whose settings differ. A run that was cut off is completed by the \
    same command.\n\n";

/// `azulejo reprocess`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{REPROCESS}{STORES}"))]
pub struct ReprocessArgs {
    /// Only assets whose ids begin with this
    #[arg(default_value = "")]
    pub prefix: String,
    /// The catalog they belong to
    #[arg(long, value_name = "ROOTID", default_value = "Samples", value_parser = root_id)]
    pub root: String,
    /// How it is done.
    #[command(flatten)]
    pub making: Making,
}

/// `azulejo publish-assets` and `azulejo unpublish-assets`
#[derive(Debug, ClapArgs)]
#[command(after_help = STORES)]
pub struct VisibilityArgs {
    /// Only assets whose ids begin with this; all where it is not said
    #[arg(default_value = "")]
    pub prefix: String,
    /// Where the assets are
    #[arg(long, value_name = "STORE")]
    pub to: Location,
    /// The catalog they belong to
    #[arg(long, value_name = "ROOTID", default_value = "Samples", value_parser = root_id)]
    pub root: String,
    /// Only assets whose originals are of this type, e.g. image/png or image/*; may be repeated
    #[arg(long, value_name = "TYPE")]
    pub mime: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// How pyramids are made and where they go: `azulejo ingest` and `azulejo reprocess`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Making {
    /// Where the pyramids go
    // No store is needed to list formats.
    #[arg(long, value_name = "STORE", default_value_if("formats", "true", "local"))]
    pub to: Location,
    /// One image profile for all, instead of the azulejo.toml of each folder
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Pixels across and down a tile: a multiple of 16, up to 4096 [default: 256]
    #[arg(long, value_parser = tile)]
    pub tile: Option<u32>,
    /// JPEG quality of the tiles [default: 90]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// Memory of all jobs together; an image that needs more is refused
    #[arg(long, default_value = "3GiB", value_parser = bytes, value_name = "SIZE")]
    pub max_memory: u64,
    /// Images made at once; all cores where it is not said
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Images in hand at once, most of them being uploaded: 50 to 1000
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(50..=1000))]
    pub batch: u16,
    /// Write what failed to this file, one JSON object a line, for --retry
    #[arg(long, value_name = "FILE")]
    pub failures: Option<PathBuf>,
    /// One JSON object a line instead of a progress bar
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// What becomes of a file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Id {
    /// red-shoe.jpg becomes red-shoe
    Stem,
    /// red-shoe.jpg stays red-shoe.jpg
    Name,
}

/// `azulejo inspect`
#[derive(Debug, ClapArgs)]
pub struct InspectArgs {
    /// A file; or a store, and the object's key behind it
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
    /// Print status and headers on standard error
    #[arg(long)]
    pub headers: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// `azulejo check`
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// A URL; a file of URLs or an access log; - for standard input
    #[arg(required = true, value_name = "URL|FILE|-")]
    pub what: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

fn root_id(text: &str) -> Result<String, String> {
    let harmful = text.is_empty() || text == "." || text == ".." || text.contains(['/', '\\', '%']);
    if harmful { Err("expected a name without / and %".into()) } else { Ok(text.to_owned()) }
}

fn tile(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(tile @ 16..=4096_u32) if tile.is_multiple_of(16) => Ok(tile),
        _ => Err("expected a multiple of 16, from 16 to 4096".into()),
    }
}

/// `3GiB`, `500MB`, `1000000`.
fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim();
    let unit = text.get(digits.len()..).unwrap_or("").trim().to_ascii_lowercase();
    let factor: f64 = match unit.as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "k" | "kib" => 1024.0,
        "m" | "mib" => 1024.0 * 1024.0,
        "g" | "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err("expected a size such as 3GiB or 500MB".into()),
    };
    match digits.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok((number * factor) as u64),
        _ => Err("expected a size such as 3GiB or 500MB".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("3GiB"), Ok(3 << 30));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("17"), Ok(17));
        assert!(bytes("-1").is_err() && bytes("3 parsecs").is_err());
    }
}
