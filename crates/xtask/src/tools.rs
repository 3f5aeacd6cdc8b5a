//! Installs the tools that the tasks need besides cargo, if they are missing.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{node, paths, process};

/// Installs the npm packages of `package-lock.json` and the Rust target for wasm.
pub fn install() -> Result<()> {
    wasm_target()?;
    npm_packages()
}

/// Installs the npm packages: node 22, wrangler, binaryen, esbuild, playwright.
pub fn npm_packages() -> Result<()> {
    npm_packages_in(&paths::root(), &env::var_os("PATH").unwrap_or_default())
}

/// Installs the npm packages of the project in `root`, with an npm on `search_path`.
fn npm_packages_in(root: &Path, search_path: &OsStr) -> Result<()> {
    let wanted = fs::read(root.join("package-lock.json")).context("package-lock.json")?;
    // npm's own copy of the lock file has another format, so compare with our copy.
    let installed = root.join("node_modules/.azulejo-installed");
    if fs::read(&installed).is_ok_and(|last| last == wanted) {
        return Ok(());
    }
    let packages = root.join("node_modules");
    if let Ok(target) = fs::read_link(&packages) {
        bail!(
            "{} is a link to {}, whose packages are of another version. npm would remove all that is there: \
             remove the link, and npm installs the packages here",
            packages.display(),
            target.display()
        );
    }
    let npm = node::npm(search_path)?;
    println!("Installing the npm packages (about 30 s and 550 MB, in node_modules/)");
    // Not through `program`: `npm ci` removes the node that would run it.
    let mut npm = std::process::Command::new(npm);
    npm.current_dir(root).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run_quietly("npm ci", &mut npm)?;
    Ok(fs::write(installed, wanted)?)
}

/// Installs the Rust target for wasm.
pub fn wasm_target() -> Result<()> {
    let sysroot = process::run_quietly(
        "rustc --print sysroot",
        process::program("rustc")?.args(["--print", "sysroot"]),
    )?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(paths::WASM).exists() {
        return Ok(());
    }
    println!("Installing the Rust target {} (seconds)", paths::WASM);
    let mut rustup = process::program("rustup")?;
    process::run_quietly("rustup target add", rustup.args(["target", "add", paths::WASM]))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::tests::fake;

    /// A project whose packages are not installed.
    fn project() -> tempfile::TempDir {
        let project = tempfile::tempdir().unwrap();
        fs::write(project.path().join("package-lock.json"), "{}").unwrap();
        project
    }

    #[test]
    fn npm_packages_are_installed_once() {
        let project = project();
        let script = "echo $@ >> calls; /bin/mkdir -p node_modules";
        let path = fake(&[("node", "echo v20.0.0"), ("npm", script)]);
        for _ in 0..2 {
            npm_packages_in(project.path(), path.path().as_os_str()).unwrap();
        }
        let calls = fs::read_to_string(project.path().join("calls")).unwrap();
        assert_eq!(calls, "ci --no-audit --no-fund --loglevel=error\n");
    }

    #[test]
    fn npm_packages_need_a_node_that_is_new_enough_before_npm_runs() {
        let project = project();
        let path = fake(&[("node", "echo v16.20.2"), ("npm", "echo called >> calls")]);
        let error = npm_packages_in(project.path(), path.path().as_os_str()).unwrap_err();
        assert!(error.to_string().contains("is node v16.20.2, which is too old"), "{error}");
        assert!(!project.path().join("calls").exists(), "npm was called");
    }

    #[test]
    fn npm_packages_of_another_project_are_not_removed() {
        let (project, other) = (project(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), project.path().join("node_modules")).unwrap();
        let path = fake(&[("node", "echo v22.0.0"), ("npm", "echo called >> calls")]);
        let error = npm_packages_in(project.path(), path.path().as_os_str()).unwrap_err();
        assert!(error.to_string().contains("is a link to"), "{error}");
        assert!(!project.path().join("calls").exists(), "npm was called");
    }
}
