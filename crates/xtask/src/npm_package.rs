//! Assembles the npm packages: of the engine for browsers, `build/npm/`, and of the viewers,
//! `build/npm-viewers/`.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::paths;

/// The folder of what is written by hand: description, custom element, example.
const SOURCES: &str = "crates/browser-preview/npm";

/// Licences, and their names in the package.
const LICENSES: [(&str, &str); 3] = [
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("src/text/font/dejavu/LICENSE", "LICENSE-DEJAVU"),
];

/// Copies everything that is in the package, so that `npm pack` packs the folder as it is.
pub fn assemble() -> Result<()> {
    let (root, package) = (paths::root(), paths::npm_package());
    if package.exists() {
        fs::remove_dir_all(&package).with_context(|| package.display().to_string())?;
    }
    copy_folder(&paths::browser_package(), &package)?;
    copy_folder(&root.join(SOURCES), &package)?;
    for (from, to) in LICENSES {
        fs::copy(root.join(from), package.join(to)).with_context(|| from.to_owned())?;
    }
    // wasm-bindgen gives the exports of the module, which nobody calls, the type `any`.
    let types = package.join("browser_preview.d.ts");
    let text = fs::read_to_string(&types).with_context(|| types.display().to_string())?;
    let text = text.replace(": any", ": unknown").replace("=> any", "=> unknown");
    Ok(fs::write(types, text)?)
}

/// Where the files of the package of the viewers are: what is written for it, the modules, licences.
const VIEWER_SOURCES: [&str; 3] = ["viewers", "www/viewers", ""];

/// Copies the files that the description of the package of the viewers names.
pub fn assemble_viewers(package: &Path) -> Result<()> {
    let root = paths::root();
    if package.exists() {
        fs::remove_dir_all(package).with_context(|| package.display().to_string())?;
    }
    fs::create_dir_all(package)?;
    let description = fs::read_to_string(root.join("viewers/package.json"))?;
    let description: serde_json::Value = serde_json::from_str(&description)?;
    let named = description["files"].as_array().context("viewers/package.json has no files")?;
    let named = named.iter().filter_map(serde_json::Value::as_str);
    for name in named.chain(["package.json", "README.md"]) {
        let mut places = VIEWER_SOURCES.iter().map(|folder| root.join(folder).join(name));
        let found = places.find(|path| path.is_file());
        let found = found
            .with_context(|| format!("viewers/package.json names {name}, which is nowhere"))?;
        fs::copy(found, package.join(name)).with_context(|| name.to_owned())?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    #[test]
    fn the_package_of_the_viewers_has_every_module_that_its_modules_import() {
        let package = env::temp_dir().join(format!("azulejo-viewers-{}", process::id()));
        assemble_viewers(&package).unwrap();
        let mut imports = 0;
        for entry in fs::read_dir(&package).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "js") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines().filter(|line| line.starts_with("import ")) {
                let name =
                    line.split("\"./").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                assert!(package.join(name).is_file(), "{} imports {name}", path.display());
                imports += 1;
            }
        }
        assert!(imports > 30, "only {imports} imports were found");
        assert!(!package.join("page.js").exists());
        fs::remove_dir_all(&package).unwrap();
    }
}
