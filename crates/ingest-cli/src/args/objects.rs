//! Arguments of `ls`, `rm` and `mv`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::STORES;
use crate::store::Location;

const LS: &str = "Without ROOT it lists the catalogs. Sizes count all that is stored of an object: pyramid, SVG, \
    static content,\noriginal and record. Its date is that of the last change.\n\n";

/// `azulejo ls`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{LS}{STORES}"))]
pub struct LsArgs {
    /// A catalog, and the beginning of the ids, e.g. Shop or Shop/shoes/
    #[arg(value_name = "ROOT[/PREFIX]", default_value = "", hide_default_value = true)]
    pub what: String,
    /// The store of the objects
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

const RM: &str = "Removes pyramid, SVG, static content, original and record. Replies that are cached stay until \
    they expire.\nWarns of sets in the catalog that still show an object, and of catalog folders that have \
    a row of it.\n\nExit code: 0 all removed, 1 some failed or are not there.\n\n";

/// `azulejo rm`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{RM}{STORES}"))]
pub struct RmArgs {
    /// The objects, e.g. Shop/red-shoe
    #[arg(required = true, value_name = "OBJECT")]
    pub objects: Vec<String>,
    /// The store of the objects
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// List the keys that would be removed. Removes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

const MV: &str = "Copies everything to the new name and then removes the old one. The same command completes an \
    interrupted run.\nSets and catalog folders that name the object are not changed; a warning names them.\n\n";

/// `azulejo mv`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{MV}{STORES}"))]
pub struct MvArgs {
    /// The object, e.g. Shop/red-shoe
    #[arg(value_name = "OLD")]
    pub old: String,
    /// Its new name, e.g. Outlet/red-shoe
    #[arg(value_name = "NEW")]
    pub new: String,
    /// The store of the object
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// List the keys that would be copied. Changes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}
