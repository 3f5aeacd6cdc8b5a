//! The configurations of wrangler: the tracked example, with which `dev` and the tests run the Worker,
//! and the user's own copy, which `deploy` uses.

mod environment;
mod missing;
mod names;

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use toml::Table;

use crate::{message, paths};
pub use environment::{Environment, fill_in};
pub use names::{bucket, domain, name, namespace};

/// The tracked configuration of `dev` and the tests.
pub fn example() -> PathBuf {
    paths::root().join("wrangler.example.toml")
}

/// The user's configuration, which git ignores.
pub fn own() -> PathBuf {
    paths::root().join("wrangler.toml")
}

/// The first lines of a new configuration, in place of the comment that begins the example.
const HEAD: &str = "\
# Your deployments: `cargo xtask deploy` runs wrangler with this file. Git ignores it, so an upgrade leaves it
# alone; a deploy says which settings of wrangler.example.toml it lacks.
";

/// Makes the user's configuration from the example if there is none.
pub fn create(own: &Path, example: &Path) -> Result<()> {
    let from = fs::read_to_string(example).with_context(|| example.display().to_string())?;
    match File::create_new(own) {
        Ok(mut file) => {
            let settings = from.split_once("\n\n").map_or(from.as_str(), |(_, settings)| settings);
            write!(file, "{HEAD}\n{settings}").with_context(|| own.display().to_string())?;
            message(&format!(
                "Made {} from wrangler.example.toml. It is yours: `cargo xtask deploy` uses it, git ignores \
                 it.",
                shown(own)
            ));
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).with_context(|| own.display().to_string()),
    }
}

/// Prints which settings of the example the user's configuration lacks. Fails if it is not TOML.
pub fn report_missing(own: &Path, example: &Path) -> Result<()> {
    let read = |file: &Path| fs::read_to_string(file).with_context(|| file.display().to_string());
    let (text, from) = (read(own)?, read(example)?);
    let lacking = missing::keys(&text, &parse(own, &text)?, &parse(example, &from)?);
    if !lacking.is_empty() {
        message(&format!(
            "{} lacks settings: {}.\n  Copy them with their comments from wrangler.example.toml, those of an \
             environment from the top of the file.\n  A setting that stands in a comment is not reported.",
            shown(own),
            lacking.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    Ok(())
}

/// A configuration as messages call it.
fn shown(own: &Path) -> String {
    own.strip_prefix(paths::root()).unwrap_or(own).display().to_string()
}

/// Parses a configuration. Errors name the file and show the line.
fn parse(file: &Path, text: &str) -> Result<Table> {
    text.parse().with_context(|| format!("{} is not TOML", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_makes_a_copy_once_and_never_writes_it_again() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("wrangler.toml");
        create(&own, &example()).unwrap();
        let made = fs::read_to_string(&own).unwrap();
        assert!(made.starts_with("# Your deployments"), "{made}");
        let (own_table, example_table) = (
            parse(&own, &made).unwrap(),
            parse(&example(), &fs::read_to_string(example()).unwrap()),
        );
        assert_eq!(own_table, example_table.unwrap());
        let changed = made.replace("azulejo-assets", "shop");
        fs::write(&own, &changed).unwrap();
        create(&own, &example()).unwrap();
        report_missing(&own, &example()).unwrap();
        assert_eq!(fs::read_to_string(&own).unwrap(), changed);
    }

    #[test]
    fn report_missing_names_the_file_and_the_line_that_is_not_toml() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("wrangler.toml");
        fs::write(&own, "name = \"azulejo\"\nmain = build\n").unwrap();
        let error = format!("{:#}", report_missing(&own, &example()).unwrap_err());
        assert!(error.contains("wrangler.toml is not TOML") && error.contains("line 2"), "{error}");
    }
}
