//! Arguments of `import`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{
    Id, STORES,
    values::{bytes, root_id},
};
use crate::store::Location;

const IMPORT: &str = "Reads originals, .ini catalogs with the files that they name, static content, saved smart crops \
    and unpacked\nAEM packages; docs/migrate.md says which layouts. It prints a plan, then ingests the files and \
    publishes the\ncatalogs. The same command completes an interrupted run.\n\nExit code: 0 all done, 1 some \
    failed, 2 the command line is wrong.\n\n";

/// `azulejo import`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{IMPORT}{STORES}"))]
pub struct ImportArgs {
    /// The folder of the export
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The catalog of files that no catalog or asset names [default: the only one in the export]
    #[arg(long, value_name = "ROOTID", value_parser = root_id)]
    pub root: Option<String>,
    /// How to derive the id of such a file from its name
    #[arg(long, value_enum, default_value_t = Id::Flat)]
    pub id: Id,
    /// The folder with the .ini files, if the export has several
    #[arg(long, value_name = "FOLDER")]
    pub catalogs: Option<PathBuf>,
    /// The name of the publication of the catalogs [default: the name of their folder]
    #[arg(long, value_name = "NAME", value_parser = root_id)]
    pub name: Option<String>,
    /// Store the originals too, so that `azulejo reprocess` needs no upload
    #[arg(long)]
    pub keep_originals: bool,
    /// Print the plan, and check the catalogs. Stores nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Publish the catalogs without the rows and macros that are wrong. The exit code is 1
    #[arg(long)]
    pub keep_going: bool,
    /// The store for everything
    #[arg(long, value_name = "STORE")]
    pub to: Location,
    /// One image profile for all files, instead of the azulejo.toml of each folder
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Decode damaged JPEGs as far as possible, with a warning, instead of refusing them
    #[arg(long)]
    pub allow_damaged: bool,
    /// Memory for all jobs together. An image that needs more is refused
    #[arg(long, default_value = "3GiB", value_parser = bytes, value_name = "SIZE")]
    pub max_memory: u64,
    /// Pyramids to build at once [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}
