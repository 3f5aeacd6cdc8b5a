//! Where the images and masks of layers come from: names, nested requests, other servers.

use std::collections::BTreeMap;

use super::{
    Given,
    canonical::Spelling,
    merge::Merged,
    nested::{self, Nesting},
    object, scene,
};
use crate::{
    catalog::Catalog,
    commands::{self, Place, Row, Scope},
    error::{Error, Result},
    protocol::{Variables, Wrapper, embedded},
    scene::{ObjectId, Picture, StackedLayer},
};

/// The pictures of all layers, by layer and command: `src` or `mask`.
pub struct Pictures(BTreeMap<(Option<u32>, &'static str), Picture>);

impl Pictures {
    /// Resolves each one. Nested requests are given `variables` (C15).
    pub fn read(
        merged: &Merged,
        main: &ObjectId,
        catalog: &Catalog,
        variables: &Variables,
        nesting: &mut Nesting,
    ) -> Result<Self> {
        let mut pictures = BTreeMap::new();
        for ((place, _), said) in &merged.bindings {
            let name = said.entry.row.name();
            let (Place::In(scope), "src" | "mask", Row::Command(_)) = (place, name, said.entry.row)
            else {
                continue;
            };
            let column = said.token.column;
            let value = said.value.trim();
            let picture = match embedded(value) {
                Some((Wrapper::ImageServing, text)) => {
                    let within = |error| nested::outside(error, name, text, said.token);
                    nesting.enter().map_err(|error| error.at(column))?;
                    let raw = nested::read(text, variables, catalog).map_err(within)?;
                    let given = Given::by(catalog);
                    let scene = scene(raw, (catalog, &given), variables.clone(), nesting);
                    let scene = scene.map_err(within)?;
                    nesting.leave();
                    Picture::Request(Box::new(scene))
                }
                Some((Wrapper::Bare, url)) => {
                    let permitted = catalog.attributes.remote.permit(url.trim());
                    Picture::Remote(permitted.map_err(|mut error| {
                        error.message = format!("{name}={}", error.message);
                        error.at(column)
                    })?)
                }
                // Refused by name already.
                Some((Wrapper::ImageRendering | Wrapper::Graphics, _)) => continue,
                None if value.is_empty() => continue,
                None => {
                    let ids = object::candidates(value, &main.root);
                    Picture::Object(ids.map_err(|error| error.at(column))?)
                }
            };
            pictures.insert((scope.layer, name), picture);
        }
        Ok(Self(pictures))
    }

    /// The canonical text of a nested request.
    pub fn canonical(&self, place: Place, name: &str, spelling: Spelling) -> &str {
        let Place::In(Scope { layer, .. }) = place else { return "" };
        let found = self.0.iter().find(|((of, known), _)| *of == layer && *known == name);
        match found {
            Some((_, Picture::Request(scene))) => match spelling {
                Spelling::Whole => &scene.canonical,
                Spelling::Key => &scene.commands,
            },
            Some((_, Picture::Object(_) | Picture::Remote(_))) | None => "",
        }
    }

    /// The first thing within a nested request that is not drawn yet.
    pub fn undrawn(&self) -> Option<Error> {
        self.0.values().find_map(|picture| match picture {
            Picture::Request(scene) => scene.undrawn.clone(),
            Picture::Object(_) | Picture::Remote(_) => None,
        })
    }

    /// The layers with their pictures.
    pub fn layers(mut self, said: BTreeMap<u32, commands::Layer>) -> Vec<StackedLayer> {
        let stacked = said.into_iter().map(|(number, said)| StackedLayer {
            number,
            said,
            image: self.0.remove(&(Some(number), "src")),
            mask: self.0.remove(&(Some(number), "mask")),
        });
        stacked.collect()
    }
}
