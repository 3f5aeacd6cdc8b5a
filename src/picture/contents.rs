//! What the layers of a picture show, with those of the requests nested in it: images, SVGs, profiles
//! and fonts.

use super::{Content, Picture, ProfileName, Source, SvgInputs};
use crate::{error::Result, text::font::FontHandle};

impl Picture {
    /// The key of the image that layer 0 shows; `None` if it shows a text, a colour or the picture
    /// of a nested request.
    pub fn main_source(&self) -> Option<&str> {
        match &self.layers.first()?.content {
            Content::Source(source) => Some(&source.key),
            Content::Empty | Content::Picture(_) | Content::Text(_) | Content::Solid(_) => None,
        }
    }

    /// The keys of all images and masks that have to be opened, those of nested requests too; each
    /// once, in the order of the layers.
    pub fn sources(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        self.add_sources(&mut keys);
        keys
    }

    /// The contents of the layers, of their masks and of the watermark.
    pub(super) fn contents(&self) -> impl Iterator<Item = &Content> {
        let watermark = self.watermark.iter().map(|watermark| &watermark.content);
        let layers = self.layers.iter().flat_map(|layer| {
            // A hidden layer 0 has a size, but its mask has no effect.
            let mask = layer.mask.as_ref().filter(|_| !layer.hidden);
            std::iter::once(&layer.content).chain(mask.map(|mask| &mask.content))
        });
        layers.chain(watermark)
    }

    /// The number of its layers, with those of nested requests.
    pub fn layers_in_all(&self) -> usize {
        let nested = self.contents().flat_map(Content::pictures).map(Self::layers_in_all);
        self.layers.len() + nested.sum::<usize>()
    }

    fn add_sources<'a>(&'a self, keys: &mut Vec<&'a str>) {
        for content in self.contents() {
            if let Content::Source(source) = content
                && !keys.contains(&source.key.as_str())
            {
                keys.push(&source.key);
            }
            content.pictures().for_each(|picture| picture.add_sources(keys));
        }
    }

    /// The SVGs that it shows, those of nested requests too: their keys, and what they are drawn
    /// with. Those that an SVG embeds come before it.
    pub fn drawings(&self) -> Vec<(&str, &SvgInputs)> {
        let mut drawings: Vec<(&str, &SvgInputs)> = Vec::new();
        for content in self.contents() {
            content.pictures().for_each(|picture| drawings.extend(picture.drawings()));
            if let Content::Source(Source { key, svg: Some(inputs), .. }) = content {
                drawings.push((key.as_str(), inputs));
            }
        }
        drawings
    }

    /// The profiles that its images may have, and that nested requests are converted to.
    pub fn profiles(&self) -> Vec<&ProfileName> {
        let mut names: Vec<&ProfileName> = self.output.iter().map(|output| &output.name).collect();
        for content in self.contents() {
            if let Content::Source(source) = content {
                names.extend(source.assumed.iter().flatten());
            }
            content.pictures().for_each(|picture| names.extend(picture.profiles()));
        }
        names
    }

    /// Calls a function for each SVG that it shows, as [`drawings`](Self::drawings) are.
    pub fn for_each_drawing(
        &mut self,
        change: &mut dyn FnMut(&str, &mut SvgInputs) -> Result<()>,
    ) -> Result<()> {
        for content in self.contents_mut() {
            content.pictures_mut().try_for_each(|picture| picture.for_each_drawing(change))?;
            if let Content::Source(Source { key, svg: Some(inputs), .. }) = content {
                change(key, inputs)?;
            }
        }
        Ok(())
    }

    /// The SVGs that its own layers show, without those of nested requests.
    pub fn own_drawings_mut(&mut self) -> impl Iterator<Item = (&str, &mut SvgInputs)> {
        self.contents_mut().filter_map(|content| match content {
            Content::Source(Source { key, svg: Some(inputs), .. }) => {
                Some((key.as_str(), inputs.as_mut()))
            }
            Content::Source(_)
            | Content::Picture(_)
            | Content::Empty
            | Content::Text(_)
            | Content::Solid(_) => None,
        })
    }

    fn contents_mut(&mut self) -> impl Iterator<Item = &mut Content> {
        let watermark = self.watermark.iter_mut().map(|watermark| &mut watermark.content);
        let layers = self.layers.iter_mut().flat_map(|layer| {
            let mask = layer.mask.as_mut().map(|mask| &mut mask.content);
            std::iter::once(&mut layer.content).chain(mask)
        });
        layers.chain(watermark)
    }

    /// The fonts of its texts and SVGs, with those of nested requests. One that several use occurs
    /// several times.
    pub fn fonts_mut(&mut self) -> Vec<&mut FontHandle> {
        let mut fonts = Vec::new();
        for content in self.contents_mut() {
            match content {
                Content::Text(text) => fonts.extend(&mut text.fonts.handles),
                Content::Source(Source { svg: Some(inputs), .. }) => {
                    fonts.extend(&mut inputs.faces.handles);
                    let embedded = inputs.images.iter_mut().flatten();
                    embedded.for_each(|image| fonts.extend(image.picture.fonts_mut()));
                }
                Content::Picture(picture) => fonts.extend(picture.fonts_mut()),
                Content::Empty | Content::Source(_) | Content::Solid(_) => {}
            }
        }
        fonts
    }
}

impl Content {
    /// The pictures of nested requests in it: the picture that it is, or those that an SVG embeds.
    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        let (own, embedded) = match self {
            Self::Picture(picture) => (Some(picture.as_ref()), None),
            Self::Source(Source { svg: Some(inputs), .. }) => (None, inputs.images.as_ref()),
            Self::Source(_) | Self::Empty | Self::Text(_) | Self::Solid(_) => (None, None),
        };
        own.into_iter().chain(embedded.into_iter().flatten().map(|image| &image.picture))
    }

    fn pictures_mut(&mut self) -> impl Iterator<Item = &mut Picture> {
        let (own, embedded) = match self {
            Self::Picture(picture) => (Some(picture.as_mut()), None),
            Self::Source(Source { svg: Some(inputs), .. }) => (None, inputs.images.as_mut()),
            Self::Source(_) | Self::Empty | Self::Text(_) | Self::Solid(_) => (None, None),
        };
        own.into_iter().chain(embedded.into_iter().flatten().map(|image| &mut image.picture))
    }
}
