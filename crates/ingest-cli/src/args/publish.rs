//! Arguments of `publish`, `publish-assets`, `unpublish-assets` and `sign`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{
    STORES,
    values::{root_id, seconds},
};
use crate::{store::Location, visibility::Filter};

const PUBLISH: &str = "A folder defines its catalogs completely: a publish removes what the folder no longer contains.\n\
    Pyramids, and what ingest wrote into records, stay. Servers see a publish within 60 s. See \
    docs/publish.md.\n\n";

/// `azulejo publish`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{PUBLISH}{STORES}"))]
pub struct PublishArgs {
    /// The catalog folder: default.ini, other .ini files, and the files they name; or a folder with
    /// the manifest of AEM's image server
    #[arg(value_name = "CATALOG FOLDER")]
    pub folder: PathBuf,
    /// The store for the catalogs
    #[arg(long, value_name = "STORE")]
    pub to: Location,
    /// The name of the publication, by which the next publish finds it [default: the folder's name]
    #[arg(long, value_name = "NAME", value_parser = root_id)]
    pub name: Option<String>,
    /// Publish everything but the rows and macros that are wrong. What they name stays as it is
    /// stored, and the exit code is 1
    #[arg(long)]
    pub keep_going: bool,
    /// Check the folder and report what would be removed. Stores nothing
    #[arg(long)]
    pub dry_run: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// `azulejo sign`
#[derive(Debug, ClapArgs)]
pub struct SignArgs {
    /// The part of a URL after /is/image/, a path such as /is/content/Shop/guide.pdf, or a whole
    /// URL, whose host and fragment stay. An existing signature at its end is replaced
    #[arg(value_name = "OBJECT?MODIFIERS")]
    pub request: String,
    /// A file that begins with the key: one of the Worker's SIGNING_KEYS, at least 32 bytes long
    #[arg(long, value_name = "FILE")]
    pub key_file: PathBuf,
    /// How long the signature is valid: 90s, 15m, 24h, 7d … [default: forever]. Replaces an
    /// expires= at the end of the URL; without this option an existing expires= stays
    #[arg(long, value_name = "DURATION", value_parser = seconds)]
    pub expires: Option<u64>,
}

const FILTERS: &str = "Filters, as the replication filters of Dynamic Media:\n  +TERM or TERM  is \
    included\n  -TERM          is excluded\n  *              stands for anything; +cqdam,* is all \
    that begins with cqdam\nThe last term that fits decides. What none fits is included, unless \
    other terms include something.\n\nAn asset's renditions are cqdam.pyramid.tiff, original where \
    it is kept, its smart crops and its Swatch;\none of them must be included. Of sets, whose \
    type is like multipart/related; type=application/x-ImageSet,\nthe type alone counts.\n\n";

/// `azulejo publish-assets` and `azulejo unpublish-assets`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{FILTERS}{STORES}"))]
pub struct VisibilityArgs {
    /// Only assets whose ids begin with this prefix [default: all]
    #[arg(default_value = "", hide_default_value = true)]
    pub prefix: String,
    /// The store of the assets
    #[arg(long, value_name = "STORE")]
    pub to: Location,
    /// The catalog of the assets
    #[arg(long, value_name = "ROOTID", default_value = "Samples", value_parser = root_id)]
    pub root: String,
    /// Only assets of these types, e.g. image/png or '+image/*,-image/gif'; may be repeated
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub mime: Vec<Filter>,
    /// Only assets that have one of these renditions, e.g. '+cqdam,*'; may be repeated
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub rendition: Vec<Filter>,
    /// Report which assets would change, and change none
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}
