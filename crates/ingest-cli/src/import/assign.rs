//! Which asset each file becomes: by the `Path` of a record, by the node of its asset, or by its name.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::Result;
use azulejo::{protocol::composed, resolve::pyramid_keys};

use super::{
    aem::{AemAsset, Nodes},
    catalogs::{Catalogs, slashes},
    scan::{Export, is_font_or_profile},
};
use crate::{
    args::{Id, ImportArgs, Usage},
    asset::Asset,
    publish::records::{Row, Table},
};

/// The status of an asset that Dynamic Media serves.
const PUBLISHED: &str = "PublishComplete";

/// Files that are never served, by their extensions: logs, copies, keys.
const PRIVATE: [&str; 8] = ["log", "gz", "bak", "tmp", "db", "key", "pem", "sql"];

/// How the asset of a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The `Path` of a record leads to it.
    Record,
    /// The node of AEM's repository names it.
    Node,
    /// The name of the file.
    Name,
}

/// A file that is stored.
#[derive(Debug, Clone)]
pub struct Item {
    /// The file.
    pub file: PathBuf,
    /// The name that it has for ingest, if it is not its own.
    pub staged: Option<PathBuf>,
    /// What it becomes.
    pub asset: Asset,
    /// How that was found.
    pub by: By,
}

/// What becomes of the files of an export.
#[derive(Debug, Default)]
pub struct Assigned {
    /// Images and SVGs.
    pub images: Vec<Item>,
    /// Static content.
    pub content: Vec<Item>,
    /// Assets that are not published.
    pub hidden: BTreeSet<Asset>,
    /// What is not carried over, and why.
    pub lost: Vec<(PathBuf, String)>,
}

struct Assigner<'a> {
    args: &'a ImportArgs,
    export: &'a Export,
    /// Paths relative to the export, by their last parts in lower case.
    by_name: BTreeMap<String, Vec<(&'a Path, String)>>,
    assigned: Assigned,
    /// Files that have an asset.
    done: BTreeSet<&'a Path>,
}

/// Assigns all files. Fails if files need a catalog that nothing names.
pub fn assign(
    args: &ImportArgs,
    export: &Export,
    nodes: &Nodes,
    catalogs: Option<&Catalogs>,
) -> Result<Assigned> {
    let mut by_name: BTreeMap<String, Vec<(&Path, String)>> = BTreeMap::new();
    let refused = export.refused.iter().map(|(file, _)| file);
    for file in export.images.iter().chain(&export.others).chain(&export.parts).chain(refused) {
        let relative = slashes(file.strip_prefix(&args.folder).unwrap_or(file));
        let last = relative.rsplit('/').next().unwrap_or_default().to_lowercase();
        by_name.entry(last).or_default().push((file, relative));
    }
    let mut assigner =
        Assigner { args, export, by_name, assigned: Assigned::default(), done: BTreeSet::new() };
    if let Some(catalogs) = catalogs {
        assigner.records(catalogs);
    }
    let default = default_root(args, nodes, catalogs);
    assigner.nodes(nodes, default.as_deref())?;
    assigner.names(catalogs, default.as_deref())?;
    assigner.assigned.lost.extend(export.refused.iter().cloned());
    assigner.assigned.lost.extend(nodes.lost.iter().cloned());
    Ok(assigner.assigned)
}

/// The catalog of files that nothing names: the given one, or the only one of the export.
fn default_root(args: &ImportArgs, nodes: &Nodes, catalogs: Option<&Catalogs>) -> Option<String> {
    let objects = nodes.assets.iter().filter_map(|asset| asset.properties.object.as_ref());
    let mut roots: BTreeSet<&str> = objects.map(|object| object.root.as_str()).collect();
    roots.extend(catalogs.iter().flat_map(|catalogs| catalogs.roots()));
    let only = roots.first().filter(|_| roots.len() == 1).map(|root| (*root).to_owned());
    args.root.clone().or(only)
}

impl<'a> Assigner<'a> {
    /// The files to which records lead.
    fn records(&mut self, catalogs: &Catalogs) {
        let mut attributes = BTreeMap::new();
        for (root, row) in &catalogs.compiled.rows {
            let attributes =
                attributes.entry(root.as_str()).or_insert_with(|| catalogs.attributes(root));
            for column in ["path", "maskpath"] {
                let path = row.column(column).replace('\\', "/");
                let path = path.trim_start_matches('/');
                if path.is_empty() {
                    continue;
                }
                let (asset, name) = match row.table {
                    Table::Images | Table::Vectors => {
                        let [key, with_suffix] = pyramid_keys(attributes, root, path);
                        let suffix =
                            if has_suffix(path) { "" } else { attributes.default_ext.as_str() };
                        let _ = with_suffix;
                        (Asset::of_pyramid(&key), format!("{path}{suffix}"))
                    }
                    Table::Static => {
                        let folder = attributes.static_root_path.as_deref().unwrap_or(root);
                        let whole = format!("{folder}/{path}");
                        let asset = whole.trim_start_matches('/').split_once('/');
                        let asset =
                            asset.map(|(root, id)| Asset { root: root.into(), id: id.into() });
                        (asset, path.to_owned())
                    }
                };
                self.record(row, asset, &name, column);
            }
        }
    }

    fn record(&mut self, row: &Row, asset: Option<Asset>, path: &str, column: &str) {
        let place = PathBuf::from(format!("{}:{}", row.file, row.line));
        let field = if column == "path" { "Path" } else { "MaskPath" };
        match (asset, self.find(path).as_slice()) {
            // The plan says why.
            (_, [file]) if self.export.refused.iter().any(|(refused, _)| refused == file) => {}
            (Some(asset), [file]) => {
                self.done.insert(file);
                let item = Item { file: file.to_path_buf(), staged: None, asset, by: By::Record };
                match row.table {
                    Table::Images | Table::Vectors => self.assigned.images.push(item),
                    Table::Static => self.assigned.content.push(item),
                }
            }
            (_, []) => {
                let why = format!("Id={}: {field}={path}: the export has no such file", row.id);
                self.assigned.lost.push((place, why));
            }
            (_, files) => {
                let names: Vec<String> =
                    files.iter().map(|file| file.display().to_string()).collect();
                let why = format!(
                    "Id={}: {field}={path}: {} files could be meant: {}",
                    row.id,
                    names.len(),
                    names.join(", ")
                );
                self.assigned.lost.push((place, why));
            }
        }
    }

    /// The files whose paths end with `path`: the shortest one, or those of the same length. Names with
    /// the same capital letters go before others.
    fn find(&self, path: &str) -> Vec<&'a Path> {
        let last = path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let named = self.by_name.get(&last).map_or(&[][..], Vec::as_slice);
        let ends = |relative: &str, path: &str| {
            relative == path
                || relative.strip_suffix(path).is_some_and(|before| before.ends_with('/'))
        };
        let exact: Vec<_> = named.iter().filter(|(_, relative)| ends(relative, path)).collect();
        let lower = path.to_lowercase();
        let found = if exact.is_empty() {
            named.iter().filter(|(_, relative)| ends(&relative.to_lowercase(), &lower)).collect()
        } else {
            exact
        };
        let depth = |relative: &str| relative.matches('/').count();
        let least = found.iter().map(|(_, relative)| depth(relative)).min();
        let found = found.into_iter().filter(|(_, relative)| Some(depth(relative)) == least);
        found.map(|(file, _)| *file).collect()
    }

    /// The assets of AEM's repository.
    fn nodes(&mut self, nodes: &'a Nodes, default: Option<&str>) -> Result<()> {
        let has_status = nodes.assets.iter().any(|asset| asset.properties.status.is_some());
        for node in &nodes.assets {
            let AemAsset { original, path, properties } = node;
            let asset = match &properties.object {
                Some(object) => object.clone(),
                None => self.named(path, default)?,
            };
            if has_status && properties.status.as_deref() != Some(PUBLISHED) {
                self.assigned.hidden.insert(asset.clone());
            }
            self.done.insert(original);
            // In a package the bytes are in a file called "original".
            let staged = original.ends_with("renditions/original").then(|| path.clone());
            let item = Item { file: original.clone(), staged, asset, by: By::Node };
            match self.export.images.contains(original) || is_image(path) {
                true => self.assigned.images.push(item),
                false => self.assigned.content.push(item),
            }
        }
        Ok(())
    }

    /// All other files.
    fn names(&mut self, catalogs: Option<&Catalogs>, default: Option<&str>) -> Result<()> {
        for file in &self.export.images {
            if !self.done.contains(file.as_path()) {
                let asset = self.named(self.relative(file), default)?;
                let item = Item { file: file.clone(), staged: None, asset, by: By::Name };
                self.assigned.images.push(item);
            }
        }
        let part = |file: &Path| catalogs.is_some_and(|catalogs| catalogs.files.contains(file));
        for file in self.export.parts.iter().chain(&self.export.others) {
            if self.done.contains(file.as_path()) || part(file) || in_package(file) {
                continue;
            }
            if let Some(why) = unserved(file, catalogs) {
                self.assigned.lost.push((file.clone(), why.to_owned()));
                continue;
            }
            let relative = self.relative(file);
            let id = match self.args.id {
                Id::Flat => relative.file_name().map_or(relative, Path::new),
                Id::Stem | Id::Name => relative,
            };
            let asset =
                Asset { root: self.root(file, default)?, id: composed(&slashes(id)).into() };
            let item = Item { file: file.clone(), staged: None, asset, by: By::Name };
            self.assigned.content.push(item);
        }
        Ok(())
    }

    fn relative<'p>(&self, file: &'p Path) -> &'p Path {
        file.strip_prefix(&self.args.folder).unwrap_or(file)
    }

    /// The asset of an image by its name.
    fn named(&self, relative: &Path, default: Option<&str>) -> Result<Asset> {
        let name = match self.args.id {
            Id::Flat => PathBuf::from(relative.file_name().unwrap_or_default()).with_extension(""),
            Id::Stem => relative.with_extension(""),
            Id::Name => relative.to_owned(),
        };
        Ok(Asset { root: self.root(relative, default)?, id: composed(&slashes(&name)).into() })
    }

    fn root(&self, file: &Path, default: Option<&str>) -> Result<String> {
        let missing = || {
            let file = file.display();
            Usage(format!("no catalog names {file}, and others: name theirs with --root"))
        };
        Ok(default.map(str::to_owned).ok_or_else(missing)?)
    }
}

fn has_suffix(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// Whether a name is that of an image.
fn is_image(name: &Path) -> bool {
    let extension = name.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
    let Some(extension) = extension else { return false };
    let all = originals::formats().chain(originals::unsupported_formats());
    extension == crate::ingest::svg::FORMAT.extension
        || all.into_iter().any(|format| format.extensions.contains(&extension.as_str()))
}

/// Whether a file is part of a package; its node or nothing names it.
fn in_package(file: &Path) -> bool {
    super::scan::in_repository(file)
}

/// Why a file is not stored as static content; `None` if it is.
fn unserved(file: &Path, catalogs: Option<&Catalogs>) -> Option<&'static str> {
    let extension = file.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
    let extension = extension.unwrap_or_default();
    if PRIVATE.contains(&extension.as_str()) {
        return Some("its type is not for the public; `azulejo check` reads access logs");
    }
    if is_font_or_profile(file) {
        return Some("no font map and no profile map of a catalog names it");
    }
    if extension == "xml"
        && std::fs::read_to_string(file).is_ok_and(|text| text.contains("<ruleset"))
    {
        return Some("a rule set that no catalog names as its RuleSetFile");
    }
    let beside = catalogs.is_some_and(|catalogs| file.parent() == Some(&catalogs.from));
    (beside && ["txt", "tsv", "tab", "csv"].contains(&extension.as_str()))
        .then_some("beside the catalogs, and none of them names it")
}
