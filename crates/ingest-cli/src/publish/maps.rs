//! Font and ICC profile maps: tables whose files go into the bucket with the catalog.

use std::collections::BTreeMap;

use azulejo::catalog::Font;

use super::{
    files::{Files, read},
    folder::Folder,
    table::table,
};

/// The font map (c-font-map-reference).
pub fn fonts(files: &Files, file: &str, folder: &mut Folder) -> Vec<Font> {
    let columns = ["Name", "FontPath", "MetricsPath", "Bold", "Italic", "PsName"];
    let Some(text) = read(files, file, &mut folder.problems) else { return Vec::new() };
    let mut fonts: Vec<Font> = Vec::new();
    for (line, row) in table(&text, file, &columns, &mut folder.problems) {
        let of = |name: &str| row.get(name).map_or("", |field| field.text.as_str());
        let flag = |name: &str| match of(name) {
            "1" => Ok(true),
            "0" | "" => Ok(false),
            other => Err(format!("{name}={other}: expected 0 or 1")),
        };
        let (bold, italic) = match (flag("bold"), flag("italic")) {
            (Ok(bold), Ok(italic)) => (bold, italic),
            (Err(message), _) | (_, Err(message)) => {
                folder.problems.error(file, line, message);
                continue;
            }
        };
        if of("name").is_empty() || of("fontpath").is_empty() {
            folder.problems.error(file, line, "expected a Name and a FontPath");
            continue;
        }
        let font = Font {
            name: of("name").to_owned(),
            ps_name: of("psname").to_owned(),
            bold,
            italic,
            path: object(files, (file, line), "fonts", of("fontpath"), None, folder),
            metrics: object(files, (file, line), "fonts", of("metricspath"), None, folder),
        };
        let same =
            |other: &Font| (&other.name, other.bold, other.italic) == (&font.name, bold, italic);
        // The later instance prevails (r-catalog-data-files).
        fonts.retain(|other| !same(other));
        fonts.push(font);
    }
    fonts
}

/// The ICC profile map (c-icc-profile-map-reference).
pub fn icc(files: &Files, file: &str, folder: &mut Folder) -> BTreeMap<String, String> {
    let Some(text) = read(files, file, &mut folder.problems) else { return BTreeMap::new() };
    let mut profiles = BTreeMap::new();
    for (line, row) in table(&text, file, &["Name", "ProfilePath"], &mut folder.problems) {
        let of = |name: &str| row.get(name).map_or("", |field| field.text.as_str());
        let (name, path) = (of("name"), of("profilepath"));
        if name.is_empty() || name.contains([',', '/']) || path.is_empty() {
            folder.problems.error(file, line, "expected a Name without commas, and a ProfilePath");
            continue;
        }
        let key = object(files, (file, line), "icc", path, Some(&format!("{name}.icc")), folder);
        profiles.insert(name.to_owned(), key);
    }
    profiles
}

/// The key of a file that a map names; the file goes there if the folder has it.
fn object(
    files: &Files,
    (file, line): (&str, usize),
    kind: &str,
    path: &str,
    name: Option<&str>,
    folder: &mut Folder,
) -> String {
    if path.is_empty() {
        return String::new();
    }
    let path = path.replace('\\', "/");
    let last = path.rsplit('/').next().unwrap_or(&path);
    let key = format!("{kind}/{}", name.unwrap_or(last));
    if files.contains_key(&path) {
        folder.objects.insert(key.clone(), path);
    } else {
        let message = format!("{path}: not in the folder; it is expected in the bucket as {key}");
        folder.problems.warning(file, line, message);
    }
    key
}
