//! Converts rows and colours to the space in which layers are combined, and pictures to that of the
//! reply.

use super::{
    convert::{Conversion, ProfileSource},
    node::{Flow, Paint, Step},
    space::{Managed, Space},
    steps::{Builder, Drawn, shape},
};
use crate::{
    color::Color,
    error::Result,
    geometry::{Rect, ViewSpace},
    pixel::{ColorModel, PixelFormat},
    text::Renderer,
};

impl Builder<'_> {
    /// Converts rows from one space to another. Where a profile is missing, they are converted
    /// naively: from RGB to inks or back. What else a reply needs is done where it is placed.
    pub fn converted(&mut self, drawn: Drawn, from: &Space, to: &Space) -> Drawn {
        if from == to {
            return drawn;
        }
        let Some(Managed { working, options, .. }) = self.color.clone() else {
            return self.naive(drawn, to.model);
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
            (Some(one), None) if *one == working => self.naive(drawn, to.model),
            (Some(one), None) => {
                let drawn = self.convert(drawn, conversion(from, one, &working), ColorModel::Rgb);
                self.naive(drawn, to.model)
            }
            (None, Some(_)) if from.model == to.model => drawn,
            (None, Some(other)) if *other == working => self.naive(drawn, ColorModel::Rgb),
            (None, Some(other)) => {
                let from = Space { model: ColorModel::Rgb, profile: Some(working) };
                let rgb = self.in_model(drawn, ColorModel::Rgb);
                self.converted(rgb, &from, &Space { model: to.model, profile: Some(other.clone()) })
            }
            (None, None) => self.naive(drawn, to.model),
        }
    }

    /// Converts rows of other colours to inks, or inks to RGB.
    fn naive(&mut self, drawn: Drawn, model: ColorModel) -> Drawn {
        match (drawn.pixel.model, model) {
            (ColorModel::Cmyk, ColorModel::Cmyk) => drawn,
            (ColorModel::Cmyk, _) => self.in_model(drawn, ColorModel::Rgb),
            (_, ColorModel::Cmyk) => self.in_model(drawn, ColorModel::Cmyk),
            // Grey is blended and placed as it is.
            (ColorModel::Gray | ColorModel::Rgb, _) => drawn,
        }
    }

    /// Converts rows to another model without colour management.
    pub fn in_model(&mut self, drawn: Drawn, model: ColorModel) -> Drawn {
        let pixel = PixelFormat { model, ..drawn.pixel };
        let row = shape(drawn.area, pixel, drawn.transposed).samples();
        self.rows(Step::Convert(None), vec![drawn.node], Drawn { pixel, ..drawn }, row)
    }

    /// Converts rows by profiles.
    fn convert(&mut self, drawn: Drawn, conversion: Conversion, model: ColorModel) -> Drawn {
        // Grey without a profile is combined as it is in RGB.
        let drawn = match (drawn.pixel.model, conversion.model) {
            (ColorModel::Gray, ColorModel::Rgb) => self.in_model(drawn, ColorModel::Rgb),
            _ => drawn,
        };
        let pixel = PixelFormat { model, ..drawn.pixel };
        let row = shape(drawn.area, pixel, drawn.transposed).samples();
        let working = conversion.memory().saturating_add(row);
        let made = Drawn { pixel, ..drawn };
        self.rows(Step::Convert(Some(conversion)), vec![drawn.node], made, working)
    }

    /// How a colour is drawn in the space in which layers are combined.
    pub fn paint(&self, color: Color) -> Result<Paint> {
        let from = self.space_of_color(color)?.profile;
        let conversion = self.color.as_ref().zip(from).map(|(managed, from)| Conversion {
            model: color.model(),
            from,
            // Without a profile, inks are made of the colours of the working space.
            to: self.space.profile.clone().unwrap_or_else(|| managed.working.clone()),
            options: managed.options,
        });
        Ok(Paint { color, conversion: conversion.filter(|it| it.from != it.to) })
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
