//! Assets of AEM's repository: unpacked packages (FileVault), and nodes saved as Sling JSON.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use roxmltree::{Document, Node};
use serde_json::Value;

use super::scan::Export;
use crate::asset::Asset;

/// The file with the bytes of an asset, below the folder of its node.
const ORIGINAL: &str = "_jcr_content/renditions/original";

/// The end of the path of the image server's manifest, without the file.
const MANIFEST: [&str; 2] =
    ["settings/dam/dm/imageserver", "settings/dam/dm/imageserver/_jcr_content"];

/// The folder of image presets. Adobe documents the place, and not how a preset is stored.
const PRESETS: &str = "settings/dam/dm/presets/macros";

/// What a node says of its asset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Properties {
    /// `dam:scene7File`: the object in the URLs of Dynamic Media.
    pub object: Option<Asset>,
    /// `dam:scene7FileStatus`: `PublishComplete` once Dynamic Media serves it.
    pub status: Option<String>,
}

/// An asset with an original.
#[derive(Debug, Clone)]
pub struct AemAsset {
    /// The file with its bytes.
    pub original: PathBuf,
    /// Its path below `/content/dam`, such as `shoes/red.jpg`.
    pub path: PathBuf,
    /// What its node says.
    pub properties: Properties,
}

/// The nodes that are understood.
#[derive(Debug, Default)]
pub struct Nodes {
    /// Assets with originals.
    pub assets: Vec<AemAsset>,
    /// The manifest of the image server.
    pub manifest: Option<PathBuf>,
    /// What is not carried over, and why.
    pub lost: Vec<(PathBuf, String)>,
}

/// Reads the nodes of the packages and the saved nodes of an export.
pub fn read(export: &Export) -> Nodes {
    let mut nodes = Nodes::default();
    for file in &export.nodes {
        if let Err(error) = nodes.add(file) {
            nodes.lost.push((file.clone(), format!("{error:#}")));
        }
    }
    for file in &export.assets {
        let Some(original) = beside(file).filter(|original| export.images.contains(original))
        else {
            let why = "a saved node without its original beside it".to_owned();
            nodes.lost.push((file.clone(), why));
            continue;
        };
        match fs::read(file).context("reading").and_then(|text| json(&text)) {
            Ok(properties) => {
                let path = PathBuf::from(original.file_name().unwrap_or_default());
                nodes.assets.push(AemAsset { original, path, properties });
            }
            Err(error) => nodes.lost.push((file.clone(), format!("{error:#}"))),
        }
    }
    nodes
}

impl Nodes {
    fn add(&mut self, file: &Path) -> Result<()> {
        let folder = file.parent().unwrap_or(file);
        let within = folder.to_string_lossy().replace('\\', "/");
        if MANIFEST.iter().any(|end| within.ends_with(end)) {
            self.manifest = Some(file.to_owned());
            return Ok(());
        }
        if let Some(at) = within.find(PRESETS) {
            let name = within.get(at + PRESETS.len()..).unwrap_or_default().trim_start_matches('/');
            if !name.is_empty() && !name.contains('/') {
                let why = format!("the image preset {name}: write it into a macro file");
                self.lost.push((file.to_owned(), why));
            }
            return Ok(());
        }
        let text = fs::read_to_string(file)?;
        let Some(properties) = xml(&text)? else { return Ok(()) };
        let original = folder.join(ORIGINAL);
        if !original.is_file() {
            let why = "an asset without an original: a set, or a fragment".to_owned();
            self.lost.push((file.to_owned(), why));
            return Ok(());
        }
        let dam = within.split_once("jcr_root/content/dam/").map(|(_, path)| PathBuf::from(path));
        let path = dam.unwrap_or_else(|| PathBuf::from(folder.file_name().unwrap_or_default()));
        self.assets.push(AemAsset { original, path, properties });
        Ok(())
    }
}

/// The original beside a saved node: `red.jpg` of `red.jpg.json` and of `red.jpg.infinity.json`.
fn beside(node: &Path) -> Option<PathBuf> {
    let name = node.file_name()?.to_str()?.strip_suffix(".json")?;
    let name = name.strip_suffix(".infinity").unwrap_or(name);
    Some(node.with_file_name(name))
}

/// The properties of an asset's node; `None` for a node of another type.
fn xml(text: &str) -> Result<Option<Properties>> {
    let document = Document::parse(text).context("not well-formed XML")?;
    let property = |node: Node, name: &str| {
        let found = node.attributes().find(|attribute| attribute.name() == name);
        found.map(|attribute| attribute.value().to_owned())
    };
    let root = document.root_element();
    if property(root, "primaryType").as_deref() != Some("dam:Asset") {
        return Ok(None);
    }
    let Some(metadata) = document.descendants().find(|node| node.has_tag_name("metadata")) else {
        return Ok(Some(Properties::default()));
    };
    let of = |name: &str| property(metadata, name);
    Ok(Some(properties(of("scene7File"), of("scene7FileStatus"))))
}

/// The properties of an asset's node as Sling JSON.
fn json(text: &[u8]) -> Result<Properties> {
    let node: Value = serde_json::from_slice(text).context("not JSON")?;
    let metadata = &node["jcr:content"]["metadata"];
    let of = |name: &str| metadata[name].as_str().map(str::to_owned);
    Ok(properties(of("dam:scene7File"), of("dam:scene7FileStatus")))
}

fn properties(file: Option<String>, status: Option<String>) -> Properties {
    let object = file.as_deref().and_then(|file| {
        let (root, id) = file.trim_matches('/').split_once('/')?;
        Some(Asset { root: root.to_owned(), id: id.to_owned() })
    });
    Properties { object, status: status.filter(|status| !status.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:dam="http://www.day.com/dam/1.0"
            jcr:primaryType="dam:Asset">
          <jcr:content jcr:primaryType="dam:AssetContent">
            <metadata dam:scene7File="Shop/red-1" dam:scene7FileStatus="PublishComplete"/>
          </jcr:content>
        </jcr:root>"#;

    #[test]
    fn a_node_names_the_object_of_its_asset() {
        let wanted = properties(Some("Shop/red-1".into()), Some("PublishComplete".into()));
        assert_eq!(wanted.object, Some(Asset { root: "Shop".into(), id: "red-1".into() }));
        assert_eq!(xml(NODE).unwrap(), Some(wanted.clone()));
        let saved = br#"{"jcr:primaryType": "dam:Asset", "jcr:content": {"metadata":
            {"dam:scene7File": "Shop/red-1", "dam:scene7FileStatus": "PublishComplete"}}}"#;
        assert_eq!(json(saved).unwrap(), wanted);
    }

    #[test]
    fn a_node_of_another_type_is_no_asset() {
        assert_eq!(xml(&NODE.replace("dam:Asset\"", "sling:Folder\"")).unwrap(), None);
        assert!(xml("<a").is_err());
        let plain = NODE.replace("dam:scene7File=\"Shop/red-1\"", "");
        assert_eq!(xml(&plain).unwrap().unwrap().object, None);
    }

    #[test]
    fn the_original_is_beside_its_saved_node() {
        for node in ["a/red.jpg.json", "a/red.jpg.infinity.json"] {
            assert_eq!(beside(Path::new(node)), Some(PathBuf::from("a/red.jpg")), "{node}");
        }
    }
}
