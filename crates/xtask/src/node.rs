//! Finds node and npm on the search path, before npm is called.

use std::{
    env,
    ffi::OsStr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

/// The oldest node that the npm packages run on.
const OLDEST: u32 = 20;

const HOW: &str = "install node 20 or later with npm: from https://nodejs.org, by the packages of your system, or \
                   by a version manager such as nvm (`nvm install 22`)";

/// The path of npm. Fails with what was found and what to install if node is missing or too old, or
/// if npm is missing.
pub fn npm(search_path: &OsStr) -> Result<PathBuf> {
    let Some(node) = find("node", search_path) else {
        bail!("node was not found on the search path (PATH); {HOW}");
    };
    let shown = node.display();
    let version = Command::new(&node).arg("--version").stdin(Stdio::null()).output();
    let version = match version {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => bail!("{shown} does not start ({error}); {HOW}"),
    };
    let major =
        version.strip_prefix('v').and_then(|version| version.split('.').next()?.parse().ok());
    match major {
        Some(OLDEST..) => {}
        Some(_) => bail!("{shown} is node {version}, which is too old; {HOW}"),
        None => {
            bail!("{shown} does not tell its version (`node --version` prints {version:?}); {HOW}")
        }
    }
    match find("npm", search_path) {
        Some(npm) => Ok(npm),
        None => bail!(
            "{shown} is node {version}, but npm was not found on the search path (PATH); some systems have it \
             in a package of its own (Debian: apt-get install npm). Or {HOW}"
        ),
    }
}

/// The first executable of this name on the search path.
fn find(name: &str, search_path: &OsStr) -> Option<PathBuf> {
    env::split_paths(search_path).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
pub mod tests {
    use std::fs;

    use super::*;

    /// A search path with these programs, as scripts.
    pub fn fake(programs: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in programs {
            let file = folder.path().join(name);
            fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    fn error(programs: &[(&str, &str)]) -> String {
        npm(fake(programs).path().as_os_str()).unwrap_err().to_string()
    }

    #[test]
    fn npm_is_found_beside_a_node_that_is_new_enough() {
        for version in ["v20.0.0", "v22.23.3", "v100.1.0"] {
            let path = fake(&[("node", &format!("echo {version}")), ("npm", "exit 1")]);
            assert_eq!(npm(path.path().as_os_str()).unwrap(), path.path().join("npm"), "{version}");
        }
    }

    #[test]
    fn npm_is_refused_with_what_was_found_and_what_to_install() {
        let none = error(&[]);
        assert!(none.starts_with("node was not found on the search path"), "{none}");
        let old = error(&[("node", "echo v18.19.1"), ("npm", "exit 0")]);
        assert!(old.contains("/node is node v18.19.1, which is too old; install node 20"), "{old}");
        let alone = error(&[("node", "echo v20.1.0")]);
        assert!(alone.contains("node v20.1.0, but npm was not found"), "{alone}");
        let strange = error(&[("node", "echo hello"), ("npm", "exit 0")]);
        assert!(strange.contains("prints \"hello\""), "{strange}");
        for text in [none, old, alone, strange] {
            assert!(text.contains("install node 20 or later with npm"), "{text}");
        }
    }

    #[test]
    fn npm_is_not_a_file_that_cannot_be_run() {
        let path = fake(&[("node", "echo v22.0.0")]);
        fs::write(path.path().join("npm"), "").unwrap();
        assert!(npm(path.path().as_os_str()).is_err());
    }
}
