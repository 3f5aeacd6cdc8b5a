//! The groups of measurements, of which `--only` selects some.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use serde_json::{Value, json};

use super::{
    catalogue, edge, encoders, ingest, layers, masters, memory,
    node::measure,
    peers::{Peer, lacking},
    products, render, serve, size,
    table::Table,
    text,
};
use crate::paths;

/// What is measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Group {
    /// Pyramids to replies in wasm, against libvips
    Render,
    /// JPEG, WebP, PNG, AVIF and CMYK in wasm
    Encoders,
    /// Operations, layers and templates in wasm
    Layers,
    /// Text in wasm
    Text,
    /// The memory of wasm
    Memory,
    /// Storage reads of a cold request
    Cold,
    /// The start of an isolate, against a bare Worker
    Startup,
    /// Cached replies, against a bare Worker
    Cached,
    /// `azulejo serve`, against iipsrv, sharp and nginx
    Serve,
    /// Ingest of a photograph, of 300 and of a gigapixel, against vips
    Ingest,
    /// Ingest of 100,000 originals
    Catalogue,
    /// The compressed sizes of the wasm packages
    Size,
}

/// What all groups measure with.
#[derive(Debug)]
pub struct Setup {
    /// The command line.
    pub azulejo: PathBuf,
    /// The photograph as an original, and its pyramid.
    pub original: PathBuf,
    pub photo: PathBuf,
}

impl Group {
    /// The name on the command line and in the file of `--json`.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The heading of its rows.
    fn title(self) -> &'static str {
        match self {
            Self::Render => "Rendering in wasm",
            Self::Encoders => "Encoders in wasm",
            Self::Layers => "Operations and layers in wasm",
            Self::Text => "Text in wasm",
            Self::Memory => "Memory of wasm",
            Self::Cold => "Cold requests",
            Self::Startup => "Start of an isolate",
            Self::Cached => "Cached replies",
            Self::Serve => "Native server",
            Self::Ingest => "Ingest",
            Self::Catalogue => "Ingest of many originals",
            Self::Size => "Compressed sizes",
        }
    }

    /// Whether it needs the built Worker besides the browser package.
    pub fn needs_worker(self) -> bool {
        [Self::Encoders, Self::Cold, Self::Startup, Self::Cached, Self::Size].contains(&self)
    }

    /// The rows that need programs that are not installed, as sentences.
    pub fn skipped(self) -> Vec<String> {
        use Peer::{Iipsrv, Nginx, SpawnFcgi, Vips, VipsThumbnail, Wrk};
        let rows: &[(&str, &[Peer])] = match self {
            Self::Render => &[("wasm / vipsthumbnail", &[VipsThumbnail])],
            Self::Serve => &[
                ("`azulejo serve`", &[Wrk]),
                ("`azulejo serve` / nginx", &[Nginx]),
                ("`azulejo serve` / iipsrv", &[Nginx, SpawnFcgi, Iipsrv]),
            ],
            Self::Ingest => &[("ingest / vips", &[Vips])],
            Self::Encoders
            | Self::Layers
            | Self::Text
            | Self::Memory
            | Self::Cold
            | Self::Startup
            | Self::Cached
            | Self::Catalogue
            | Self::Size => &[],
        };
        rows.iter().filter_map(|(what, needed)| lacking(what, needed)).collect()
    }

    /// Measures, adds rows to the table, and returns all numbers as JSON.
    pub fn measure(self, setup: &Setup, table: &mut Table) -> Result<Value> {
        table.begin(self.title());
        let Setup { azulejo, original, photo } = setup;
        let folder = paths::target().join("xtask-bench");
        let compare = |script: &str, compare: fn(&Value, &mut Table), table: &mut Table| {
            let measured = measure(script, photo)?;
            compare(&measured, table);
            Ok(measured)
        };
        match self {
            Self::Render => render::measure(photo, original, table),
            Self::Encoders => {
                let (encoders, avif) =
                    (measure("encoders.mjs", original)?, measure("avif.mjs", original)?);
                encoders::compare(&encoders, &avif, table);
                Ok(json!({ "encoders": encoders, "avif": avif }))
            }
            Self::Layers => compare("layers.mjs", layers::compare, table),
            Self::Text => compare("text.mjs", text::compare, table),
            Self::Memory => {
                let gigapixel = masters::gigapixel(azulejo)?;
                memory::measure(photo, &gigapixel, table)
            }
            Self::Cold => compare("cold.mjs", edge::cold, table),
            Self::Startup => edge::startup(table),
            Self::Cached => compare("cached.mjs", edge::cached, table),
            Self::Serve => serve::measure(azulejo, photo, table),
            Self::Ingest => {
                let folder = folder.join("ingest");
                let one = ingest::measure(azulejo, &folder, table)?;
                Ok(json!({ "one": one, "products": products::measure(azulejo, original, table)? }))
            }
            Self::Catalogue => catalogue::measure(azulejo, &folder.join("catalogue"), table),
            Self::Size => size::measure(table),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_titles_and_names_differ() {
        let groups = Group::value_variants();
        for text in [|group: &Group| group.title().to_owned(), |group: &Group| group.name()] {
            let mut texts: Vec<String> = groups.iter().map(text).collect();
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len(), groups.len(), "{texts:?}");
        }
    }
}
