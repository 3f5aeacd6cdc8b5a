//! Arguments of `purge`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, builder::NonEmptyStringValueParser, value_parser};

use super::STORES;
use crate::store::Location;

const PURGE: &str = "Prints what to purge at a CDN or a proxy in front of the server, one a line, and sends nothing. docs/cdn.md\n\
    has the commands that send it.\n\n\
    URLs are those without modifiers: of the objects, their smart crops and swatches, and of what shows them:\n\
    sets, templates, and records that lead to their images. --presets and --template add others. Tags reach \
    every\nreply, whatever its URL: use them where the CDN knows tags.\n\n\
    A template has a URL or a path a line, with <ID> for an object's id and, if it is for all catalogs, <ROOT> \
    for\nits rootId: https://img.example.com/is/image/Shop/<ID>?$product$. <ID> alone is the plain URL.\n\n";

/// `azulejo purge`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{PURGE}{STORES}"))]
pub struct PurgeArgs {
    /// The objects, e.g. Shop/red-shoe, or Shop/ for all of a catalog. They need not exist any more
    #[arg(required = true, value_name = "OBJECT")]
    pub objects: Vec<String>,
    /// The store of the objects
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// Scheme and host of the URLs, e.g. `https://img.example.com` [default: paths only]
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "tags")]
    pub host: Option<String>,
    /// Also the URLs with each preset of the object's catalog
    #[arg(long, conflicts_with = "tags")]
    pub presets: bool,
    /// Also the URLs of the lines of this file
    #[arg(long, value_name = "FILE", conflicts_with = "tags")]
    pub template: Option<PathBuf>,
    /// Not what shows the objects. Spares reading all records
    #[arg(long, conflicts_with = "tags")]
    pub alone: bool,
    /// Print the tags of Cache-Tag instead of URLs
    #[arg(long)]
    pub tags: bool,
    /// The tags of a server with CACHE_TAGS=hashed, which is the default if requests must be signed
    #[arg(long, requires = "tags")]
    pub hashed: bool,
    /// URLs or tags in a batch: a blank line, or with --json an object, ends each [default with
    /// --json: 1000]
    #[arg(long, value_name = "1-1000", value_parser = value_parser!(u16).range(1..=1000))]
    pub batch: Option<u16>,
    /// Print one JSON object per batch: {"files": [...]} or {"tags": [...]}
    #[arg(long)]
    pub json: bool,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}
