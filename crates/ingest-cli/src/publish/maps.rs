//! Font and ICC profile maps, whose files are stored with the catalog.
use std::collections::BTreeMap;

use azulejo::{catalog::Font, store::keys::Kind};

use super::{
    files::{Files, read},
    folder::{BadNames, Folder},
    font_files::{describe, stored_name},
    table::{self, table},
};

/// Parses the font map (c-font-map-reference). Adds the names of bad rows to `bad_names`.
pub fn fonts(
    files: &Files,
    file: &str,
    folder: &mut Folder,
    bad_names: &mut BadNames,
) -> Vec<Font> {
    let columns = ["Name", "FontPath", "MetricsPath", "Bold", "Italic", "PsName"];
    let Some(text) = read(files, file, &mut folder.problems) else { return Vec::new() };
    let mut fonts: Vec<Font> = Vec::new();
    let table = table(&text, file, &columns, &mut folder.problems);
    bad_names.fonts.extend(table.too_long.iter().map(name_of));
    for (line, row) in table.rows {
        let of = |name: &str| row.get(name).map_or("", |field| field.text.as_str());
        let flag = |name: &str| match of(&name.to_ascii_lowercase()) {
            "1" => Ok(true),
            "0" | "" => Ok(false),
            other => Err(format!("{name}={other}: expected 0 or 1")),
        };
        let (bold, italic) = match (flag("Bold"), flag("Italic")) {
            (Ok(bold), Ok(italic)) => (bold, italic),
            (Err(message), _) | (_, Err(message)) => {
                folder.problems.row(file, line, message);
                bad_names.fonts.insert(name_of(&row));
                continue;
            }
        };
        if of("name").is_empty() || of("fontpath").is_empty() {
            folder.problems.row(file, line, "expected a Name and a FontPath");
            bad_names.fonts.insert(name_of(&row));
            continue;
        }
        let path = of("fontpath").replace('\\', "/");
        let described = match files.get(&path).map(|bytes| describe(bytes)).transpose() {
            Ok(described) => described.unwrap_or_default(),
            Err(reason) => {
                let message = format!("{path}: {reason}; give a .ttf, .otf, .ttc or .woff2");
                folder.problems.row(file, line, message);
                bad_names.fonts.insert(name_of(&row));
                continue;
            }
        };
        let ps_name = Some(of("psname")).filter(|name| !name.is_empty());
        let font = Font {
            name: of("name").to_owned(),
            ps_name: ps_name.map_or(described.ps_name, str::to_owned),
            bold,
            italic,
            path: object(files, (file, line), Kind::Font, &path, None, folder),
            metrics: object(files, (file, line), Kind::Font, of("metricspath"), None, folder),
            scripts: described.scripts,
        };
        let same =
            |other: &Font| (&other.name, other.bold, other.italic) == (&font.name, bold, italic);
        // The last row of a font wins (r-catalog-data-files).
        fonts.retain(|other| !same(other));
        fonts.push(font);
    }
    fonts
}

/// Parses the ICC profile map (c-icc-profile-map-reference). Adds the names of bad rows to
/// `bad_names`.
pub fn icc(
    files: &Files,
    file: &str,
    folder: &mut Folder,
    bad_names: &mut BadNames,
) -> BTreeMap<String, String> {
    let Some(text) = read(files, file, &mut folder.problems) else { return BTreeMap::new() };
    let mut profiles = BTreeMap::new();
    let table = table(&text, file, &["Name", "ProfilePath"], &mut folder.problems);
    bad_names.icc.extend(table.too_long.iter().map(name_of));
    for (line, row) in table.rows {
        let of = |name: &str| row.get(name).map_or("", |field| field.text.as_str());
        let (name, path) = (of("name"), of("profilepath"));
        if name.is_empty() || name.contains([',', '/']) || path.is_empty() {
            folder.problems.row(file, line, "expected a Name without commas, and a ProfilePath");
            bad_names.icc.insert(name_of(&row));
            continue;
        }
        let key = object(files, (file, line), Kind::Profile, path, Some(name), folder);
        profiles.insert(name.to_owned(), key);
    }
    profiles
}

fn name_of(row: &table::Fields) -> String {
    row.get("name").map(|field| field.text.clone()).unwrap_or_default()
}

/// The key of a file that a map names. Adds the file to the folder's objects, or warns if it is
/// missing.
fn object(
    files: &Files,
    (file, line): (&str, usize),
    kind: Kind,
    path: &str,
    name: Option<&str>,
    folder: &mut Folder,
) -> String {
    if path.is_empty() {
        return String::new();
    }
    let path = path.replace('\\', "/");
    let last = path.rsplit('/').next().unwrap_or(&path);
    let key = kind.key(&name.map_or_else(|| stored_name(last), str::to_owned));
    if files.contains_key(&path) {
        folder.objects.insert(key.clone(), path);
    } else {
        let message = format!("{path}: not in the folder; it is expected in the bucket as {key}");
        folder.problems.warning(file, line, message);
    }
    key
}
