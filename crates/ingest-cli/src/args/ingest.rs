//! Arguments of `ingest` and `reprocess`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{
    STORES,
    values::{bytes, report, root_id, seconds, tile},
};
use crate::store::Location;

const INGEST: &str = "An image profile is the file azulejo.toml in a folder; folders inherit it. See \
    docs/profiles.md,\nand docs/publish.md for what ids may contain.\n\n\
    A second run skips what is unchanged: the record of an asset holds the hash of \
    its original and the settings.\nCtrl-C drops what is in hand (exit code 130, SIGTERM 143); no \
    object is ever stored in part.\nReports, their warnings and --watch: docs/ingest.md.\n\n";

/// `azulejo ingest`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{INGEST}{STORES}"))]
pub struct IngestArgs {
    /// Images, folders of them, or s3://bucket[/prefix]. Ids contain the path relative to the folder
    #[arg(required_unless_present = "retry", value_name = "FILE|FOLDER")]
    pub originals: Vec<PathBuf>,
    /// The catalog of the assets: the first part of their URLs
    #[arg(long, value_name = "ROOTID", default_value = "Samples", value_parser = root_id)]
    pub root: String,
    /// How to derive an id from a file's name
    #[arg(long, value_enum, default_value_t = Id::Stem)]
    pub id: Id,
    /// A prefix for every id, e.g. shoes/ or summer-
    #[arg(long, value_name = "P", default_value = "", hide_default_value = true)]
    pub prefix: String,
    /// Store files of any type unchanged for /is/content. The ids are the complete file names
    #[arg(long, conflicts_with_all = ["id", "as_is", "keep_originals"])]
    pub content: bool,
    /// Store pyramid TIFFs unchanged, after checking that they can be opened
    #[arg(long)]
    pub as_is: bool,
    /// Turn Photoshop files into templates: text layers become textPs=, others images of their own
    #[arg(long, conflicts_with_all = ["content", "as_is", "keep_originals", "retry"])]
    pub template: bool,
    /// Store the originals too, so that `azulejo reprocess` needs no upload
    #[arg(long)]
    pub keep_originals: bool,
    /// Ingest the files that failed before, from the file that --failures wrote
    #[arg(long, value_name = "FILE")]
    pub retry: Option<PathBuf>,
    /// Write a row for each original: what was done, what it is, and warnings
    #[arg(long, value_name = "FILE.json|FILE.csv", value_parser = report)]
    pub report: Option<PathBuf>,
    /// Read all originals, not only those whose sizes or times have changed
    #[arg(long)]
    pub checksum: bool,
    /// Go on until Ctrl-C or SIGTERM: ingest what is added or changes, name what is deleted
    #[arg(long, conflicts_with_all = ["template", "retry", "dry_run"])]
    pub watch: bool,
    /// How often --watch looks, e.g. 30s [default: 5s, buckets 60s]
    #[arg(long, value_name = "DURATION", value_parser = seconds, requires = "watch")]
    pub interval: Option<u64>,
    /// List the supported formats of originals and exit
    #[arg(long, exclusive = true)]
    pub formats: bool,
    /// Report what would be stored and what would fail. Decodes all originals and stores nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to build the pyramids.
    #[command(flatten)]
    pub build: BuildArgs,
}

const REPROCESS: &str = "Without --profile each asset's recorded settings count; with it, or with --tile \
    and --quality, all\nare made again whose settings differ. A run that was cut off is completed by the \
    same command.\n\n";

/// `azulejo reprocess`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{REPROCESS}{STORES}"))]
pub struct ReprocessArgs {
    /// Only assets whose ids begin with this prefix [default: all]
    #[arg(default_value = "", hide_default_value = true)]
    pub prefix: String,
    /// The catalog of the assets
    #[arg(long, value_name = "ROOTID", default_value = "Samples", value_parser = root_id)]
    pub root: String,
    /// How to build the pyramids.
    #[command(flatten)]
    pub build: BuildArgs,
}

/// Arguments that `azulejo ingest` and `azulejo reprocess` share.
#[derive(Debug, Clone, ClapArgs)]
pub struct BuildArgs {
    /// The store for the pyramids
    // No store is needed to list formats.
    #[arg(long, value_name = "STORE", default_value_if("formats", "true", "local"))]
    pub to: Location,
    /// One image profile for all files, instead of the azulejo.toml of each folder
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Width and height of a tile in pixels: a multiple of 16, up to 4096 [default: 256]
    #[arg(long, value_name = "PIXELS", value_parser = tile)]
    pub tile: Option<u32>,
    /// JPEG quality of the tiles [default: 90]
    #[arg(long, value_name = "1-100", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// Decode damaged JPEGs as far as possible, with a warning, instead of refusing them
    #[arg(long)]
    pub allow_damaged: bool,
    /// Memory for all jobs together. An image that needs more is refused
    #[arg(long, default_value = "3GiB", value_parser = bytes, value_name = "SIZE")]
    pub max_memory: u64,
    /// Pyramids to build at once [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Images to process at once, most of which are being uploaded: 50 to 1000
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(50..=1000))]
    pub batch: u16,
    /// Write the failures to this file for --retry, one JSON object per line
    #[arg(long, value_name = "FILE")]
    pub failures: Option<PathBuf>,
    /// Print one JSON object per line instead of a progress bar
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// How a file name becomes an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Id {
    /// red-shoe.jpg becomes red-shoe
    Stem,
    /// red-shoe.jpg stays red-shoe.jpg
    Name,
    /// shoes/red-shoe.jpg becomes red-shoe, as in Dynamic Media, whose ids have no folders
    Flat,
}
