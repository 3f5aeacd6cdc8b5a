//! Turns the layers of a Photoshop file into the commands of a template.

use anyhow::{Context as _, Result, ensure};
use azulejo::{
    limits,
    text::{Document, rtf},
};

use super::{
    blend::{ADJUSTMENTS, mode},
    color,
    groups::{Placed, lose_effects, ungroup},
    modifier::Modifier,
    names::Names,
    text::{self, TextLayer},
    words::{uniform, with_text},
};
use crate::{
    asset::Asset,
    psd::{Layer, Psd, descriptor},
};

/// A template, and the pictures that it needs.
#[derive(Debug)]
pub struct Template<'a> {
    /// `catalog::Modifier` of its record.
    pub modifier: String,
    /// The layers with pixels, each with its asset.
    pub pictures: Vec<(Asset, Layer<'a>)>,
    /// How many layers it has.
    pub layers: usize,
    /// The fonts that the catalog's font map must have.
    pub fonts: Vec<String>,
    /// What it lacks of the file: layer by layer, from bottom to top.
    pub losses: Vec<String>,
}

/// Converts the layers. The pictures become assets below that of the template.
pub fn convert<'a>(psd: &Psd<'a>, asset: &Asset) -> Result<Template<'a>> {
    let mut template = Template {
        modifier: String::new(),
        pictures: Vec::new(),
        layers: 0,
        fonts: Vec::new(),
        losses: Vec::new(),
    };
    let layers = ungroup(&psd.layers, &mut template.losses);
    ensure!(!layers.is_empty(), "it has no layers, so it is no template");
    let limit = limits::LAYERS - 1;
    ensure!(layers.len() <= limit, "it has {} layers, of at most {limit}", layers.len());
    let mut converter = Converter {
        asset,
        size: psd.size,
        modifier: Modifier::new(psd.size),
        ids: Names::default(),
        variables: Names::without("object"),
        template: &mut template,
    };
    for placed in layers {
        let name = placed.layer.name.clone();
        converter.layer(placed).with_context(|| format!("layer \"{name}\""))?;
    }
    template.modifier = converter.modifier.finish();
    Ok(template)
}

struct Converter<'a, 't, 'psd> {
    asset: &'a Asset,
    size: [u32; 2],
    modifier: Modifier,
    ids: Names,
    variables: Names,
    template: &'t mut Template<'psd>,
}

impl<'psd> Converter<'_, '_, 'psd> {
    fn lose(&mut self, layer: &Layer, what: &str) {
        self.template.losses.push(format!("layer \"{}\": {what}", layer.name));
    }

    fn layer(&mut self, Placed { layer, visible }: Placed<'psd>) -> Result<()> {
        if layer.has(&ADJUSTMENTS) {
            self.lose(&layer, "it is an adjustment, and left out");
            return Ok(());
        }
        let fill = layer.block(b"SoCo").filter(|_| layer.rect.is_empty());
        if let Some(block) = layer.block(b"TySh") {
            let text = text::read(block)?;
            self.begin();
            self.text(&layer, &text);
        } else if let Some(mut block) = fill {
            let _version = block.u32()?;
            let Some(color) = color::fill(&descriptor::read(&mut block)?) else {
                self.lose(&layer, "it is a fill that is not RGB, and left out");
                return Ok(());
            };
            if layer.mask.is_some() || layer.has(&[b"vmsk", b"vsms"]) {
                self.lose(&layer, "its mask");
            }
            self.begin();
            let [red, green, blue] = color.rgb();
            self.modifier.command("color", &format!("{red},{green},{blue}"));
            let [width, height] = self.size;
            self.modifier.command("size", &format!("{width},{height}"));
            self.modifier.command("anchor", "0,0");
            self.modifier.command("pos", "0,0");
        } else if layer.rect.is_empty() {
            let what = match layer.has(&[b"GdFl", b"PtFl"]) {
                true => "it is a gradient or pattern, and left out",
                false => "it has no pixels, and is left out",
            };
            self.lose(&layer, what);
            return Ok(());
        } else {
            self.begin();
            self.picture(&layer);
        }
        self.appearance(&layer, visible);
        Ok(())
    }

    fn begin(&mut self) {
        self.template.layers += 1;
        self.modifier.command("layer", &self.template.layers.to_string());
    }

    fn picture(&mut self, layer: &Layer<'psd>) {
        if layer.has(&[b"vmsk", b"vsms"]) && !layer.has(&[b"vscg", b"SoLd", b"PlLd"]) {
            self.lose(layer, "its vector mask");
        }
        let Asset { root, id } = self.asset;
        let asset = Asset { root: root.clone(), id: format!("{id}/{}", self.ids.id(&layer.name)) };
        let variable = self.variables.variable(&layer.name);
        self.modifier.define(&variable, &format!("{root}/{}", asset.id));
        self.modifier.command("src", &format!("${variable}$"));
        self.modifier.command("anchor", "0,0");
        self.modifier.command("pos", &format!("{},{}", layer.rect.left, layer.rect.top));
        self.template.pictures.push((asset, layer.clone()));
    }

    fn text(&mut self, layer: &Layer, text: &TextLayer) {
        let TextLayer { document, matrix, frame, anti_aliasing, losses } = text;
        for what in losses {
            self.lose(layer, what);
        }
        for face in &document.faces {
            if !self.template.fonts.contains(&face.name) {
                self.template.fonts.push(face.name.clone());
            }
        }
        match uniform(document) {
            Some(words) => {
                let variable = self.variables.variable(&layer.name);
                self.modifier.define(&variable, &words);
                let pattern = with_text(document, format!("${variable}$"));
                self.modifier.command("textPs", &rtf::write(&pattern));
            }
            None => self.modifier.command("textPs", &rtf::write(document)),
        }
        if *anti_aliasing != "norm" {
            self.modifier.command("textAttr", &format!("72,{anti_aliasing}"));
        }
        let [across, down] = matrix.scale();
        let corner = match *frame {
            // Point text is placed by the beginning of its first baseline.
            None => [0.0; 2],
            Some([left, top, right, bottom]) => {
                let side = |length: f64| (length.round() as u32).max(1);
                let high = (bottom - top) * down + below_baselines(document);
                let size = [side((right - left) * across), side(high)];
                self.modifier.command("size", &format!("{},{}", size[0], size[1]));
                self.modifier.command("anchor", "0,0");
                [left, top]
            }
        };
        let [x, y] = matrix.apply(corner).map(|number| number.round() as i32);
        self.modifier.command("pos", &format!("{x},{y}"));
        let angle = (matrix.angle() * 100.0).round() / 100.0;
        if angle != 0.0 {
            self.modifier.command("rotate", &angle.to_string());
        }
    }

    /// How the layer is blended, and what of it is lost.
    fn appearance(&mut self, layer: &Layer, visible: bool) {
        let percent = |opacity: u8| (u32::from(opacity) * 100 + 127) / 255;
        match (percent(layer.opacity), percent(layer.fill_opacity)) {
            (100, 100) => {}
            (opacity, 100) => self.modifier.command("opac", &opacity.to_string()),
            (opacity, fill) => self.modifier.command("opac", &format!("{opacity},{fill}")),
        }
        match mode(layer.blend) {
            Some("norm") => {}
            Some(mode) => self.modifier.command("blendMode", mode),
            None => {
                let name = String::from_utf8_lossy(&layer.blend).trim_end().to_owned();
                self.lose(layer, &format!("its blend mode \"{name}\""));
            }
        }
        if !visible {
            self.modifier.command("hide", "1");
        }
        if layer.clipped {
            self.lose(layer, "its clipping by the layer below");
        }
        let masked = layer.mask.is_some() && layer.has(&[b"TySh"]);
        if masked {
            self.lose(layer, "its mask");
        }
        lose_effects(layer, "layer", &mut self.template.losses);
    }
}

/// How far characters reach below a baseline, in pixels: a quarter of the largest size. Photoshop
/// shows the last line of a text box if its baseline is within, `textPs=` if all of it is.
fn below_baselines(document: &Document) -> f64 {
    let formats = document
        .paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.runs.iter().map(|run| run.format).chain([paragraph.end]));
    let largest = formats.map(|format| format.size).max().unwrap_or_default();
    // Sizes are in half points.
    f64::from(largest) / 8.0
}
