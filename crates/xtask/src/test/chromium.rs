//! Finds a browser for the tests of the page.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use crate::process;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const BUNDLES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The path of Chromium or Chrome. Installs Debian's package if there is none and root runs this.
pub fn find_or_install() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROME_BIN") {
        let chosen = PathBuf::from(chosen);
        if !chosen.exists() {
            bail!("CHROME_BIN={} does not exist", chosen.display());
        }
        return Ok(chosen);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if rustix::process::geteuid().is_root() && PathBuf::from("/etc/debian_version").exists() {
        println!("Installing Debian's chromium (about 1 min)");
        for arguments in [&["update"][..], &["install", "--yes", "chromium"]] {
            let mut apt = process::program("apt-get")?;
            apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
            process::run_quietly("apt-get", &mut apt)?;
        }
    }
    let Some(found) = find() else {
        bail!(
            "no Chromium or Chrome found. Install one (Debian: apt-get install chromium), name it \
             in CHROME_BIN, or leave this part out with --no-browser"
        );
    };
    Ok(found)
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path)
        .flat_map(|folder| NAMES.iter().map(move |name| folder.join(name)).collect::<Vec<_>>());
    on_path.chain(BUNDLES.iter().map(PathBuf::from)).find(|candidate| candidate.is_file())
}
