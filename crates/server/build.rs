//! Lists the files of `www/` for `page.rs`. It is a link, which `cargo package` replaces by the files.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let www = own.join("www").canonicalize()?;
    println!("cargo::rerun-if-changed={}", www.display());
    let mut names = Vec::new();
    walk(&www, Path::new(""), &mut names)?;
    names.sort();
    let files: Vec<String> = names
        .iter()
        .filter(|name| !name.ends_with("_headers") && !name.ends_with(".ts"))
        .map(|name| format!("    ({name:?}, include_bytes!({:?})),\n", www.join(name)))
        .collect();
    let text = format!(
        "static FILES: &[(&str, &[u8])] = &[\n{}];\nstatic HEADERS: &str = include_str!({:?});\n",
        files.concat(),
        www.join("_headers")
    );
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("www.rs"), text)
}

fn walk(www: &Path, folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(www.join(folder))? {
        let entry = entry?;
        let name = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(www, &name, names)?;
        } else if let Some(name) = name.to_str().filter(|name| !name.contains("/.")) {
            names.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}
