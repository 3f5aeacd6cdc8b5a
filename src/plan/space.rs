//! The colour spaces of images, colours and pictures (r-color-management; decisions H12 to H25).
//!
//! If all of a picture is in one space of RGB or CMYK, it is combined there, and converted once at
//! its end. Else layers are combined in the space of the reply if that is CMYK, and in the RGB space
//! of the reply if not. An image that goes straight to the reply is never converted before its end.

use super::{
    content::ContentLayout,
    convert::{ProfileSource, embedded, found},
    layer::LayerLayout,
    layout::{Layout, opened},
    source::Opened,
    steps::Builder,
};
use crate::{
    color::Color,
    error::Result,
    ops::{self, Op},
    picture::{Content, ConversionOptions, Layer, Picture, Source},
    pixel::ColorModel,
    resolved::{ColorManagement, Resolved},
    text::Renderer,
};

/// What the numbers of pixels mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Grey, RGB or CMYK.
    pub model: ColorModel,
    /// `None` where they are converted without colour management.
    pub profile: Option<ProfileSource>,
}

impl Space {
    /// RGB without colour management.
    pub const UNMANAGED: Self = Self { model: ColorModel::Rgb, profile: None };
}

/// How the colours of a picture are managed.
#[derive(Debug, Clone)]
pub struct Managed<'a> {
    /// The profiles of the request.
    pub color: &'a ColorManagement,
    /// The RGB space of the reply.
    pub working: ProfileSource,
    /// How colours are converted.
    pub options: ConversionOptions,
}

impl<'a> Managed<'a> {
    /// `None` where colour management is switched off.
    pub fn new(color: &'a ColorManagement) -> Result<Option<Self>> {
        let Some(name) = color.of_reply(ColorModel::Rgb) else { return Ok(None) };
        let working = found(color, name, ColorModel::Rgb)?;
        Ok(Some(Self { color, working, options: color.options }))
    }

    fn working(&self) -> Space {
        Space { model: ColorModel::Rgb, profile: Some(self.working.clone()) }
    }
}

/// The profile of the reply: that of `icc=` or of the catalog, or else that of the image in layer 0
/// if it has the reply's colours.
pub fn of_reply(resolved: &Resolved, sources: &[Opened]) -> Result<Option<ProfileSource>> {
    let (color, model) = (&resolved.color, resolved.output.pixel.model);
    if let Some(name) = color.of_reply(model) {
        return found(color, name, model).map(Some);
    }
    let main = resolved.picture.main_source();
    let main = sources.iter().find(|source| Some(source.key) == main);
    let level = main.and_then(|source| source.index.levels.first());
    let is_same = level.is_some_and(|level| level.pixel_type().model == model);
    Ok(main.filter(|_| is_same).and_then(embedded))
}

impl Builder<'_> {
    /// The space of an image: that of the profile that it contains, or that its catalog assumes.
    pub fn space_of_image(&self, image: &Source, source: &Opened) -> Result<Space> {
        let model = match &image.svg {
            Some(_) => ColorModel::Rgb,
            None => source
                .index
                .levels
                .first()
                .map_or(ColorModel::Rgb, |level| level.pixel_type().model),
        };
        let profile = match (&self.color, &image.assumed[model.nth()]) {
            (None, _) => None,
            (Some(_), _) if embedded(source).is_some() => embedded(source),
            (Some(managed), Some(name)) => Some(found(managed.color, name, model)?),
            (Some(_), None) => None,
        };
        Ok(Space { model, profile })
    }

    /// The space of a colour: that of the reply, or of images if it ends in `s`, for its model.
    pub fn space_of_color(&self, color: Color) -> Result<Space> {
        let model = color.model();
        let Some(Managed { color: management, .. }) = &self.color else {
            return Ok(Space { model, profile: None });
        };
        let name = match color.is_source {
            true => management.source[model.nth()].as_ref(),
            false => management.of_reply(model),
        };
        let profile = name.map(|name| found(management, name, model)).transpose()?;
        Ok(Space { model, profile })
    }

    /// The space that the picture of a nested request is converted to: that of its `icc=`, or that
    /// of the picture around it.
    pub fn space_of_picture(&self, picture: &Picture) -> Result<Space> {
        let (Some(managed), Some(output)) = (&self.color, &picture.output) else {
            return Ok(self.output.clone());
        };
        let model = managed.color.model_of(&output.name).unwrap_or(ColorModel::Rgb);
        let profile = found(managed.color, &output.name, model)?;
        Ok(Space { model, profile: Some(profile) })
    }

    fn spaces_of_content(&self, content: &Content, layout: &ContentLayout) -> Result<Vec<Space>> {
        Ok(vec![match content {
            Content::Source(image) => self.space_of_image(image, opened(content, self.sources)?)?,
            Content::Picture(picture) => self.space_of_picture(picture)?,
            Content::Solid(color) => self.space_of_color(*color)?,
            Content::Text(text) => {
                let colors = layout.text.as_ref().map(|drawing| drawing.colors());
                return self.spaces_of_text(text.document.renderer, colors.unwrap_or_default());
            }
            Content::Empty => self.working(),
        }])
    }

    /// Texts are RGB unless all their colours are inks. Those of `text=` have no profile, so they are
    /// taken for inks of the reply.
    fn spaces_of_text(&self, renderer: Renderer, colors: Vec<Color>) -> Result<Vec<Space>> {
        let is_ink = |color: &Color| color.model() == ColorModel::Cmyk;
        match renderer {
            _ if colors.is_empty() || !colors.iter().all(is_ink) => Ok(vec![self.working()]),
            Renderer::Text => Ok(vec![self.output.clone()]),
            Renderer::TextPs => colors.into_iter().map(|it| self.space_of_color(it)).collect(),
        }
    }

    /// The RGB space of the reply.
    pub fn working(&self) -> Space {
        self.color.as_ref().map_or(Space::UNMANAGED, Managed::working)
    }

    /// The space in which pixels of a space are combined, and these operations apply to them: RGB
    /// for grey, and for inks if one is an operation of RGB.
    pub fn space_for(&self, space: Space, ops: &[Op]) -> Space {
        match space.model {
            ColorModel::Rgb => space,
            ColorModel::Cmyk if !ops::need_rgb(ops) => space,
            ColorModel::Cmyk | ColorModel::Gray => self.working(),
        }
    }

    /// The space in which all images, texts and colours of a picture are; `None` if they differ.
    pub fn shared_space(&self, picture: &Picture, layout: &Layout) -> Result<Option<Space>> {
        let mut spaces: Vec<Space> = Vec::new();
        let layers = picture.layers.iter().zip(&layout.layers);
        for (layer, laid_out) in layers.filter(|(layer, _)| !layer.hidden) {
            spaces.extend(self.spaces_of_layer(layer, laid_out)?);
        }
        for effect in &picture.composite.effects {
            spaces.push(self.space_of_color(effect.color)?);
        }
        if let Some((mark, laid_out)) = picture.watermark.as_ref().zip(layout.watermark.as_ref()) {
            spaces.extend(self.spaces_of_content(&mark.content, laid_out)?);
        }
        let shared = spaces.first().filter(|first| spaces.iter().all(|space| space == *first));
        Ok(shared.cloned())
    }

    fn spaces_of_layer(&self, layer: &Layer, layout: &LayerLayout) -> Result<Vec<Space>> {
        let mut spaces = self.spaces_of_content(&layer.content, &layout.content)?;
        if ops::need_rgb(layer.treatment.ops.iter().flatten()) {
            // Operations of RGB make RGB of inks.
            let inks = spaces.iter_mut().filter(|space| space.model == ColorModel::Cmyk);
            inks.for_each(|space| *space = self.working());
        }
        let fill = layer.fill.filter(|_| !matches!(layer.content, Content::Solid(_)));
        let effects = layer.treatment.effects.iter().map(|effect| effect.color);
        let colors = fill.into_iter().chain(layer.background).filter(|color| color.alpha > 0);
        for color in colors.chain(effects) {
            spaces.push(self.space_of_color(color)?);
        }
        Ok(spaces)
    }
}
