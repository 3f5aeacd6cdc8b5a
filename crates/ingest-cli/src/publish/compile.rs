//! Compiles a folder of catalog files. Needs no store, which makes it easy to test.

use std::collections::BTreeSet;

use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, FORMAT, Record, files, spelled},
    commands::takes_request,
    protocol::Macros,
};

use super::{
    check::{attribute, commands, root_id},
    files::{DEFAULT_INI, Files, read},
    folder::{BadNames, Folder, Reference},
    manifest, maps,
    problem::Problems,
    records::{self, Row, Table},
    references, rule_set,
};

/// Compiles all catalogs of a folder.
pub fn compile(files: &Files) -> Folder {
    let mut folder = Folder::default();
    let mut found: Vec<&String> = files.keys().filter(|name| is_ini(name)).collect();
    // The default catalog first, since other catalogs may call its macros.
    found.sort_by_key(|name| name.as_str() != DEFAULT_INI);
    let manifest = manifest::FILES.iter().find(|name| files.contains_key(**name));
    if found.is_empty() && manifest.is_none() {
        folder.problems.error(DEFAULT_INI, 0, "no such file: a catalog folder holds .ini files");
    }
    for name in found {
        Compiler { files, folder: &mut folder, root: String::new() }.catalog(name);
    }
    if let Some(name) = manifest {
        add_manifest(&mut folder, files, name);
    }
    folder
}

fn is_ini(name: &str) -> bool {
    !name.contains('/') && name.to_ascii_lowercase().ends_with(".ini")
}

struct Compiler<'a> {
    files: &'a Files,
    folder: &'a mut Folder,
    root: String,
}

impl Compiler<'_> {
    fn catalog(&mut self, file: &str) {
        let Some(text) = read(self.files, file, &mut self.folder.problems) else { return };
        let lines = match files::attributes(&text) {
            Ok(lines) => lines,
            Err(error) => return self.folder.problems.error(file, 0, error.message),
        };
        let mut compiled = Compiled { format: FORMAT, ..Compiled::default() };
        let mut attributes = Vec::new();
        for (line, name, value) in lines {
            if attribute(&name, &value, (file, line), &mut self.folder.problems) {
                let name = spelled(name);
                attributes.push((line, name.clone(), value.clone()));
                compiled.attributes.insert(name, value);
            }
        }
        let named = compiled.attributes.get("RootId").cloned().unwrap_or_default();
        match root_id(file, &named) {
            Ok(root) if self.folder.catalogs.contains_key(&root) => {
                let message = format!("RootId={root}: another catalog of the folder has it");
                return self.folder.problems.error(file, 0, message);
            }
            Ok(root) => self.root = root,
            Err(message) => return self.folder.problems.error(file, 0, message),
        }
        for (line, name, value) in attributes {
            self.folder.references.extend(references::in_attribute(
                &self.root,
                (file, line),
                &name,
                &value,
            ));
        }
        let mut bad_names = BadNames::default();
        let of = |name: &str| compiled.attributes.get(name).cloned().unwrap_or_default();
        let (macros, fonts, icc, rules) =
            (of("MacroFile"), of("FontMapFile"), of("IccProfileMapFile"), of("RuleSetFile"));
        let data = Table::ALL.map(|table| (table, of(table.attribute())));
        let mut defined = self.default_macros();
        if let Some(name) = self.path(file, "MacroFile", &macros) {
            compiled.macros = self.macros(&name, &mut defined, &mut bad_names);
        }
        if let Some(name) = self.path(file, "FontMapFile", &fonts) {
            compiled.fonts = maps::fonts(self.files, &name, self.folder, &mut bad_names);
        }
        if let Some(name) = self.path(file, "IccProfileMapFile", &icc) {
            compiled.icc = maps::icc(self.files, &name, self.folder, &mut bad_names);
        }
        if let Some(name) = self.path(file, "RuleSetFile", &rules)
            && let Some(text) = self.xml(&name)
        {
            match rule_set::parse(&text) {
                Ok(rules) => compiled.rules = rules,
                Err(error) => self.folder.problems.error(&name, error.line, error.message),
            }
        }
        for (table, names) in &data {
            for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let Some(name) = self.path(file, table.attribute(), name) else { continue };
                self.rows(*table, &name, &defined);
            }
        }
        self.folder.bad_names.insert(self.root.clone(), bad_names);
        self.folder.catalogs.insert(self.root.clone(), compiled);
    }

    /// Adds the rows of a data file. "The SVG record is discarded if the image table contains a
    /// record with the same ID value" (r-id-svg).
    fn rows(&mut self, table: Table, name: &str, macros: &Macros) {
        let parsed = records::rows((table, name), self.files, macros, &mut self.folder.problems);
        let keys = parsed.bad.iter().map(|id| Record::key(&self.root, id));
        self.folder.skipped_records.extend(keys);
        let images = |(root, row): &(String, Row)| {
            (*root == self.root && row.table == Table::Images).then(|| row.id.clone())
        };
        let images: BTreeSet<String> = self.folder.rows.iter().filter_map(images).collect();
        for row in parsed.rows {
            if table == Table::Vectors && images.contains(&row.id) {
                let message =
                    format!("Id={}: an image of the catalog has it, too; left out", row.id);
                self.folder.problems.warning(name, row.line, message);
                continue;
            }
            self.folder.rows.push((self.root.clone(), row));
        }
    }

    /// The macros of the folder's default catalog, or of the built-in one.
    fn default_macros(&self) -> Macros {
        let own = self.folder.catalogs.get(DEFAULT).filter(|_| self.root != DEFAULT);
        let own = own.and_then(|compiled| Catalog::of(compiled, None).ok());
        match own {
            Some(catalog) => catalog.macros,
            None if self.root == DEFAULT => Macros::default(),
            None => Catalog::builtin().macros.clone(),
        }
    }

    /// Parses the macros of a file. Adds the names of bad ones to `bad_names`.
    fn macros(
        &mut self,
        file: &str,
        defined: &mut Macros,
        bad_names: &mut BadNames,
    ) -> Vec<(String, String)> {
        let Some(text) = read(self.files, file, &mut self.folder.problems) else {
            return Vec::new();
        };
        let mut macros = Vec::new();
        for (line, name, definition) in files::macros(&text) {
            let header =
                name.eq_ignore_ascii_case("Name") && definition.eq_ignore_ascii_case("Definition");
            if header {
                continue;
            }
            let mut found = Problems::default();
            if !files::is_macro_name(&name) {
                let wanted = "expected letters, digits, - _ or . in the name of a macro";
                found.error(file, line, format!("{name}: {wanted}"));
            } else if let Err(error) = defined.define(&name, &definition, takes_request) {
                found.error(file, line, error.listed().message);
            } else {
                commands(&definition, defined, (file, line), &mut found);
            }
            if found.has_errors() {
                bad_names.macros.insert(name.to_ascii_lowercase());
            } else {
                let named =
                    references::in_commands(&definition).into_iter().map(|(field, object)| {
                        let (root, file) = (self.root.clone(), file.to_owned());
                        Reference { root, file, line, field, name: object }
                    });
                self.folder.references.extend(named);
                macros.push((name, definition));
            }
            self.folder.problems.add_row_problems(found);
        }
        macros
    }

    /// The text of an XML file, which declares its own encoding.
    fn xml(&mut self, name: &str) -> Option<String> {
        let bytes = self.files.get(name)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.trim_start_matches('\u{feff}').to_owned()),
            Err(_) => read(self.files, name, &mut self.folder.problems),
        }
    }

    /// The path, relative to the folder, of a file that an attribute names. Reports a missing file.
    fn path(&mut self, file: &str, attribute: &str, value: &str) -> Option<String> {
        if value.is_empty() {
            return None;
        }
        let path = value.replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
        if !self.files.contains_key(&path) {
            let message = format!("{attribute}={value}: no such file in the folder");
            self.folder.problems.error(file, 0, message);
            return None;
        }
        Some(path)
    }
}

fn add_manifest(folder: &mut Folder, files: &Files, name: &str) {
    if folder.catalogs.contains_key(DEFAULT) {
        let message = format!("beside {DEFAULT_INI}: both are the default catalog, remove one");
        return folder.problems.error(name, 0, message);
    }
    let Some(bytes) = files.get(name) else { return };
    let parsed = manifest::parse(name, &String::from_utf8_lossy(bytes));
    let manifest = match parsed {
        Ok(manifest) => manifest,
        Err(message) => return folder.problems.error(name, 0, message),
    };
    for unknown in manifest.unknown {
        folder.problems.warning(name, 0, format!("{unknown}: no attribute; it is left out"));
    }
    let mut compiled = Compiled { format: FORMAT, ..Compiled::default() };
    for (spelled, value) in manifest.attributes {
        if attribute(&spelled, &value, (name, 0), &mut folder.problems) {
            folder.references.extend(references::in_attribute(
                DEFAULT,
                (name, 0),
                &spelled,
                &value,
            ));
            compiled.attributes.insert(spelled, value);
        }
    }
    folder.catalogs.insert(DEFAULT.to_owned(), compiled);
}
