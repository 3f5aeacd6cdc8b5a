//! The command line.

mod diff;
mod doctor;
mod import;
mod ingest;
mod objects;
mod read;
mod publish;
mod purge;
mod serve;
mod top;
mod values;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

pub use self::{
    diff::DiffArgs,
    doctor::DoctorArgs,
    import::ImportArgs,
    ingest::{BuildArgs, Id, IngestArgs, ReprocessArgs},
    objects::{LsArgs, MvArgs, RmArgs},
    publish::{PublishArgs, SignArgs, VisibilityArgs},
    purge::PurgeArgs,
    read::{CheckArgs, InspectArgs, RenderArgs},
    serve::{LogFormat, ServeArgs},
    top::{By, Sort, TopArgs},
    values::{Usage, root_id},
};

const FIRST: &str = "A first image, into the bucket that `cargo xtask dev` serves:
  azulejo ingest photos/ --to local --root Shop
  azulejo render 'Shop/red-shoe?wid=800' --from local -o shoe.jpg

Exit code: 0 all done, 1 something failed, 2 the command line is wrong, 130 Ctrl-C, 143 SIGTERM.";

/// Dynamic Media at the edge: ingests originals and publishes pyramids
#[derive(Debug, Parser)]
#[command(name = "azulejo", version = env!("AZULEJO_VERSION"), after_help = FIRST)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build pyramid TIFFs from originals and store them
    Ingest(IngestArgs),
    /// Ingest and publish an export of Scene7 or AEM: originals, catalogs, static content
    Import(ImportArgs),
    /// Rebuild pyramids from stored originals
    Reprocess(ReprocessArgs),
    /// Compile a folder of catalogs (presets, defaults, records, rules) and store it
    Publish(PublishArgs),
    /// Show assets on the public host
    PublishAssets(VisibilityArgs),
    /// Hide assets on the public host; they stay in the store
    UnpublishAssets(VisibilityArgs),
    /// List catalogs, or the objects of one, with sizes and dates
    Ls(LsArgs),
    /// Remove objects with everything that is stored of them
    Rm(RmArgs),
    /// Give an object another name
    Mv(MvArgs),
    /// Print the URLs or tags of objects to purge at a CDN in front
    Purge(PurgeArgs),
    /// Show the content of a pyramid: levels, tiles, compression, profile
    Inspect(InspectArgs),
    /// Answer one Image Serving request with the engine of the Worker
    Render(RenderArgs),
    /// Serve a store over HTTP, as the Worker does
    Serve(ServeArgs),
    /// Check a deployed server over HTTP: routes, cache, store, ranges, signing, speed
    Doctor(DoctorArgs),
    /// Report how the engine handles URLs: what is valid, ignored, unsupported or wrong
    Check(CheckArgs),
    /// Say which presets and objects of an access log are slow, large or frequent
    Top(TopArgs),
    /// Compare the replies of two servers, and report the pairs that differ
    Diff(DiffArgs),
    /// Print the signed URL of a request
    Sign(SignArgs),
    /// List every protocol command and how far it is supported
    Commands {
        /// Explain only this command, such as op_usm
        name: Option<String>,
        /// Print JSON: an array of all commands, or the one that is named
        #[arg(long)]
        json: bool,
    },
    /// Print the completions of a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write manual pages, one per command
    #[command(after_help = MAN)]
    Man {
        /// The folder for the pages, e.g. ~/.local/share/man/man1
        folder: PathBuf,
    },
}

const COMPLETIONS: &str = "For example:
  azulejo completions bash > ~/.local/share/bash-completion/completions/azulejo
  azulejo completions zsh > ~/.zfunc/_azulejo    (a folder of $fpath)
  azulejo completions fish > ~/.config/fish/completions/azulejo.fish";

const MAN: &str = "For example:
  azulejo man ~/.local/share/man/man1 && man azulejo-ingest";

const STORES: &str = "Stores:\n  local             the bucket that `cargo xtask dev` serves\n  \
    dir:PATH          a folder\n  s3://bucket[/p]   any S3 API: AWS_ENDPOINT_URL, \
    AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_valid() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
