//! `cargo xtask bench --scaling`: how the time of a reply grows with its pixels, with its layers, and
//! with the size of its master; measured in wasm.

mod chart;
mod fit;
mod ticks;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use self::{
    chart::{Axis, Figure, Panel, Scale, Series},
    fit::{line, power},
};
use super::{documents, masters, node};

/// What `scaling.mjs` prints: series of `[x, milliseconds]` by name.
#[derive(Debug, Deserialize)]
struct Measured {
    pixels: Named,
    layers: Named,
    masters: Named,
}

type Named = BTreeMap<String, Vec<(f64, f64)>>;

/// What a straight line has to explain of the variance to be called one.
const LINEAR: f64 = 0.98;

/// The factor by which a time may grow from the smallest to the largest master to be called flat.
const FLAT: f64 = 1.1;

/// Measures, prints the slopes and draws them.
pub fn run(azulejo: &Path, no_write: bool) -> Result<()> {
    let mut files = Vec::new();
    for size in masters::SIZES {
        let file = masters::pyramid(azulejo, size)?;
        files.push(json!({ "megapixels": masters::megapixels(size), "file": file }));
    }
    println!("Measuring growth (leave the machine alone)");
    let mut node = node::node("scaling.mjs")?;
    let measured = node::run("scaling.mjs", node.arg(json!(files).to_string()))?;
    let measured = Measured::deserialize(measured).context("scaling.mjs")?;
    let (figure, sentences) = figure(&measured);
    for sentence in &sentences {
        println!("{sentence}");
    }
    if no_write {
        return Ok(());
    }
    let file = documents::growth();
    fs::write(&file, chart::svg(&figure)).with_context(|| file.display().to_string())?;
    println!("docs/scaling.svg shows this");
    documents::refresh()
}

/// The figure of these numbers, and a sentence about each series.
fn figure(measured: &Measured) -> (Figure, Vec<String>) {
    let mut sentences = Vec::new();
    let mut series = |named: &Named, of: fn(&[(f64, f64)]) -> String| -> Vec<Series> {
        let each = named.iter().map(|(name, points)| {
            sentences.push(format!("{name}: {}", of(points)));
            Series { name: name.clone(), points: points.clone() }
        });
        each.collect()
    };
    let axis = |label: &str, scale| Axis { label: label.to_owned(), scale };
    let panels = vec![
        Panel {
            title: "Size of the reply".to_owned(),
            series: series(&measured.pixels, |points| linear(points, "megapixel of the reply")),
            x: axis("megapixels of the reply", Scale::Linear),
            y: axis("milliseconds", Scale::Linear),
        },
        Panel {
            title: "Layers".to_owned(),
            series: series(&measured.layers, |points| linear(points, "layer")),
            x: axis("layers above the image", Scale::Linear),
            y: axis("milliseconds", Scale::Linear),
        },
        Panel {
            title: "Size of the master".to_owned(),
            series: series(&measured.masters, flat),
            x: axis("megapixels of the master", Scale::Log),
            y: axis("milliseconds", Scale::Linear),
        },
    ];
    let figure = Figure {
        title: "Time of a reply against its pixels, its layers and the size of its master"
            .to_owned(),
        description: sentences.join(". "),
        panels,
    };
    (figure, sentences)
}

fn linear(points: &[(f64, f64)], each: &str) -> String {
    let Some(fit) = line(points) else { return "too few points for a line".to_owned() };
    let verdict = if fit.explained >= LINEAR { "linear" } else { "not linear" };
    format!(
        "{:.2} ms for each {each} beside {:.2} ms, R² {:.3}, {verdict}",
        fit.slope, fit.intercept, fit.explained
    )
}

fn flat(points: &[(f64, f64)]) -> String {
    let (Some(exponent), Some(first), Some(last)) = (power(points), points.first(), points.last())
    else {
        return "too few points for a line".to_owned();
    };
    let larger = last.0 / first.0;
    let factor = libm::pow(larger, exponent);
    let verdict = if factor <= FLAT { "flat" } else { "not flat" };
    format!(
        "exponent {exponent:.3}, {factor:.2} times as long for a master {larger:.0} times as large, {verdict}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_names_the_slope_with_its_unit() {
        let straight = linear(&[(1.0, 12.0), (2.0, 22.0), (4.0, 42.0)], "layer");
        assert_eq!(straight, "10.00 ms for each layer beside 2.00 ms, R² 1.000, linear");
        let bent = linear(&[(1.0, 1.0), (2.0, 4.0), (3.0, 9.0), (9.0, 81.0)], "layer");
        assert!(bent.ends_with("not linear"), "{bent}");
        assert!(linear(&[(1.0, 1.0)], "layer").contains("too few"));
    }

    #[test]
    fn flat_compares_the_largest_master_with_the_smallest() {
        let same = flat(&[(20.0, 5.0), (200.0, 5.0), (1000.0, 5.0)]);
        assert_eq!(same, "exponent 0.000, 1.00 times as long for a master 50 times as large, flat");
        let grown = flat(&[(20.0, 5.0), (2000.0, 10.0)]);
        assert!(grown.contains("2.00 times as long") && grown.ends_with("not flat"), "{grown}");
    }

    #[test]
    fn figure_has_a_panel_for_each_growth_and_describes_each_series() {
        let named = |name: &str| Named::from([(name.to_owned(), vec![(1.0, 2.0), (2.0, 4.0)])]);
        let measured =
            Measured { pixels: named("JPEG"), layers: named("images"), masters: named("800 px") };
        let (figure, sentences) = figure(&measured);
        assert_eq!((figure.panels.len(), sentences.len()), (3, 3));
        for name in ["JPEG: 2.00 ms", "images: 2.00 ms", "800 px: exponent 1.000"] {
            assert!(figure.description.contains(name), "{}", figure.description);
        }
    }
}
