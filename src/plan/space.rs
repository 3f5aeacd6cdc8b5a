//! The colour spaces of images, colours and pictures (r-color-management; decisions H12 to H25).
//!
//! Layers are combined in one RGB space. If all of a picture is in another RGB space, it is combined
//! there, and converted once at its end. An image that goes straight to the reply is never converted
//! before its end.

use super::{
    convert::{Conversion, ProfileSource, embedded, found},
    layout::opened,
    node::{Flow, Paint, Step},
    source::Opened,
    steps::{Builder, Drawn, shape},
};
use crate::{
    color::{Color, Components},
    error::Result,
    geometry::{Rect, ViewSpace},
    picture::{Content, ConversionOptions, Layer, Picture, Source},
    pixel::{ColorModel, PixelFormat},
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
    fn space_of_color(&self, color: Color) -> Result<Space> {
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
    /// of the reply.
    pub fn space_of_picture(&self, picture: &Picture) -> Result<Space> {
        let Some(managed) = &self.color else { return Ok(Space::UNMANAGED) };
        let Some(output) = &picture.output else { return Ok(managed.working()) };
        let model = managed.color.model_of(&output.name).unwrap_or(ColorModel::Rgb);
        let profile = found(managed.color, &output.name, model)?;
        Ok(Space { model, profile: Some(profile) })
    }

    fn space_of_content(&self, content: &Content) -> Result<Space> {
        match content {
            Content::Source(image) => self.space_of_image(image, opened(content, self.sources)?),
            Content::Picture(picture) => self.space_of_picture(picture),
            Content::Solid(color) => self.space_of_color(*color),
            Content::Text(_) | Content::Empty => Ok(self.working()),
        }
    }

    /// The RGB space of the reply.
    pub fn working(&self) -> Space {
        self.color.as_ref().map_or(Space::UNMANAGED, Managed::working)
    }

    /// The space in which all images, texts and colours of a picture are; `None` if they differ.
    pub fn shared_space(&self, picture: &Picture) -> Result<Option<Space>> {
        let mut shared: Option<Space> = None;
        for layer in picture.layers.iter().filter(|layer| !layer.hidden) {
            for space in self.spaces_of_layer(layer)? {
                if *shared.get_or_insert_with(|| space.clone()) != space {
                    return Ok(None);
                }
            }
        }
        let effects = picture.composite.effects.iter().map(|effect| effect.color);
        let effects = effects.map(|color| self.space_of_color(color));
        let mark = picture.watermark.iter().map(|mark| self.space_of_content(&mark.content));
        for space in effects.chain(mark) {
            if shared != Some(space?) {
                return Ok(None);
            }
        }
        Ok(shared)
    }

    fn spaces_of_layer(&self, layer: &Layer) -> Result<Vec<Space>> {
        let mut spaces = vec![self.space_of_content(&layer.content)?];
        let fill = layer.fill.filter(|_| !matches!(layer.content, Content::Solid(_)));
        let effects = layer.treatment.effects.iter().map(|effect| effect.color);
        let colors = fill.into_iter().chain(layer.background).filter(|color| color.alpha > 0);
        for color in colors.chain(effects) {
            spaces.push(self.space_of_color(color)?);
        }
        Ok(spaces)
    }

    /// Converts rows from one space to another. Without profiles they are converted to RGB, and only
    /// if they are CMYK: what else a reply needs is done where it is placed.
    pub fn converted(&mut self, drawn: Drawn, from: &Space, to: &Space) -> Drawn {
        if from == to {
            return drawn;
        }
        let Some(Managed { working, options, .. }) = self.color.clone() else {
            return self.naive_rgb(drawn);
        };
        let conversion = |from: &Space, profile: &ProfileSource, to: &ProfileSource| Conversion {
            model: from.model,
            from: profile.clone(),
            to: to.clone(),
            options,
        };
        match (&from.profile, &to.profile) {
            (Some(one), Some(other)) if one == other => drawn,
            (Some(one), Some(other)) => self.convert(drawn, conversion(from, one, other), to.model),
            // Without a profile of the reply, its colours are made of those of the working space.
            (Some(one), None) if *one == working => drawn,
            (Some(one), None) => {
                self.convert(drawn, conversion(from, one, &working), ColorModel::Rgb)
            }
            (None, Some(_)) if from.model == to.model => drawn,
            (None, Some(other)) if *other == working => self.naive_rgb(drawn),
            (None, Some(other)) => {
                let rgb = self.rgb(drawn);
                let from = Space { model: ColorModel::Rgb, profile: Some(working) };
                self.converted(rgb, &from, &Space { model: to.model, profile: Some(other.clone()) })
            }
            (None, None) => self.naive_rgb(drawn),
        }
    }

    fn naive_rgb(&mut self, drawn: Drawn) -> Drawn {
        match drawn.pixel.model {
            ColorModel::Cmyk => self.rgb(drawn),
            ColorModel::Gray | ColorModel::Rgb => drawn,
        }
    }

    /// Converts rows by profiles.
    fn convert(&mut self, drawn: Drawn, conversion: Conversion, model: ColorModel) -> Drawn {
        let pixel = PixelFormat { model, ..drawn.pixel };
        let row = shape(drawn.area, pixel, drawn.transposed).samples();
        let working = conversion.memory().saturating_add(row);
        let made = Drawn { pixel, ..drawn };
        self.rows(Step::Convert(Some(conversion)), vec![drawn.node], made, working)
    }

    /// How a colour is drawn in the space in which layers are combined.
    pub fn paint(&self, color: Color) -> Result<Paint> {
        let from = self.space_of_color(color)?;
        let conversion = match (&self.color, from.profile, &self.space.profile) {
            (Some(managed), Some(from), Some(to)) if from != *to => Some(Conversion {
                model: color.model(),
                from,
                to: to.clone(),
                options: managed.options,
            }),
            _ => None,
        };
        Ok(Paint { color, conversion })
    }

    /// How the colours of a text are drawn. Those of `text=` are not managed (r-color-handling).
    pub fn text_paints(&self, renderer: Renderer, colors: &[Color]) -> Result<Vec<Paint>> {
        let managed = colors.iter().filter(|_| renderer == Renderer::TextPs);
        let paints = managed.map(|color| self.paint(*color)).collect::<Result<Vec<Paint>>>()?;
        Ok(paints.into_iter().filter(|paint| paint.conversion.is_some()).collect())
    }

    /// Rows of one colour.
    pub fn fill(&mut self, color: Color, area: Rect<ViewSpace>) -> Result<Drawn> {
        let paint = self.paint(color)?;
        let pixel = PixelFormat { model: self.space.model, alpha: color.alpha < 255 };
        let working = u64::from(area.width) * pixel.samples() as u64;
        let working = working.saturating_add(paint.memory());
        let node =
            self.graph.push(Step::Fill(paint), Vec::new(), (area, pixel), Flow::Rows, working);
        Ok(Drawn { node, area, pixel, transposed: false })
    }
}

/// Whether a layer shows inks of one colour.
pub fn is_of_ink(content: &Content) -> bool {
    matches!(content, Content::Solid(Color { components: Components::Cmyk(_), .. }))
}
