//! Appends nodes to a graph, with their areas, formats and memory.

use super::{
    content::ContentLayout,
    coverage::Shape,
    demand::Demand,
    graph::Graph,
    layout::opened,
    node::{BlendStep, Flow, MaskStep, NodeId, Paint, Step},
    source::{Opened, SourceStep},
    space::{Managed, Space},
    svg::SvgStep,
    text::TextStep,
    turn::TurnStep,
    warp::WarpStep,
};
use crate::{
    color::Color,
    commands::MaskUse,
    error::{Error, Result},
    geometry::{Rect, ViewSpace},
    limits,
    ops::{self, Area, Chain, Op},
    picture::Content,
    pixel::{ColorModel, PixelFormat},
};

/// A graph that grows.
pub struct Builder<'a> {
    /// The nodes so far.
    pub graph: Graph,
    /// The images of the picture.
    pub sources: &'a [Opened<'a>],
    /// How many pictures the one that is drawn is nested in.
    pub depth: u32,
    /// Whether layers are collected for the cache.
    caches: bool,
    /// How colours are managed; `None` where they are not, and for images whose colours are not
    /// seen.
    pub color: Option<Managed<'a>>,
    /// The space in which layers are combined. It is RGB or CMYK, or grey for an image that goes
    /// straight to the reply.
    pub space: Space,
    /// The space to which nested pictures are converted, and layers of different spaces: that of
    /// the reply if it is CMYK, else the RGB space of the reply.
    pub output: Space,
}

/// A node that makes pixels.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    /// The node.
    pub node: NodeId,
    /// The pixels of the view that it makes.
    pub area: Rect<ViewSpace>,
    /// Their format.
    pub pixel: PixelFormat,
    /// Whether it makes rows that are columns of the view.
    pub transposed: bool,
}

/// The full opacity of a [`BlendStep`].
pub const FULL: u32 = 100 * 100;

impl<'a> Builder<'a> {
    /// An empty graph over opened images.
    pub fn new(sources: &'a [Opened<'a>], caches: bool, color: Option<Managed<'a>>) -> Self {
        let (space, output) = (Space::UNMANAGED, Space::UNMANAGED);
        Self { graph: Graph::default(), sources, depth: 0, caches, color, space, output }
    }

    /// The format of canvases, and of what is drawn with transparent pixels around.
    pub fn canvas_pixel(&self) -> PixelFormat {
        PixelFormat { model: self.space.model, alpha: true }
    }

    /// Draws the wanted part of an image in the space of the layers. `None` where nothing of it is
    /// wanted.
    pub fn image(
        &mut self,
        content: &Content,
        layout: &ContentLayout,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let source = opened(content, self.sources)?;
        let Content::Source(image) = content else { return Err(Error::bug("no image")) };
        let (from, to) = (self.space_of_image(image, source)?, self.space.clone());
        if let Some(drawing) = source.drawing(image)? {
            let Some((mut step, area)) = SvgStep::new(drawing, layout, demand)? else {
                return Ok(None);
            };
            let inputs = self.images_of_svg(image, &mut step, &from, area)?;
            let (working, pixel) = (step.memory(), PixelFormat::RGBA);
            let node =
                self.graph.push(Step::Svg(step), inputs, (area, pixel), Flow::Raster, working);
            let drawn = Drawn { node, area, pixel, transposed: false };
            return Ok(Some(self.converted(drawn, &from, &to)));
        }
        let Some((step, area)) = SourceStep::new(source, layout, demand) else {
            return Ok(None);
        };
        let working = step.decoding_memory()?;
        let (pixel, transposed) = (step.level()?.drawn_type(), step.transposed);
        let node =
            self.graph.push(Step::Source(step), Vec::new(), (area, pixel), Flow::Rows, working);
        let drawn = Drawn { node, area, pixel, transposed };
        Ok(Some(self.converted(drawn, &from, &to)))
    }

    /// Applies operations. `tone` is the raster that has the tones of the whole image.
    pub fn ops(&mut self, drawn: Drawn, ops: Vec<Op>, tone: Option<NodeId>) -> Drawn {
        if ops.is_empty() {
            return drawn;
        }
        let is_gray = drawn.pixel.model == ColorModel::Gray;
        let drawn = match is_gray && ops::make_color(&ops) {
            true => self.in_model(drawn, ColorModel::Rgb),
            false => drawn,
        };
        let rows = shape(drawn.area, drawn.pixel, drawn.transposed);
        let working = Chain::memory(&ops, rows).saturating_add(rows.samples());
        let inputs = std::iter::once(drawn.node).chain(tone).collect();
        self.rows(Step::Ops(ops), inputs, drawn, working)
    }

    /// Replaces the alpha channel by a mask, or changes how it is used (r-mask, r-maskuse).
    pub fn mask(&mut self, drawn: Drawn, mask: Option<Drawn>, step: MaskStep) -> Drawn {
        let drawn = self.upright_rows(drawn);
        let pixel = PixelFormat { alpha: step.mask_use != MaskUse::Off, ..drawn.pixel };
        let mask = mask.map(|mask| self.raster(mask));
        let step = MaskStep { replaces: true, ..step };
        let inputs = std::iter::once(drawn.node).chain(mask.map(|mask| mask.node)).collect();
        self.masked(step, inputs, Drawn { pixel, ..drawn })
    }

    /// Draws a text.
    pub fn text(&mut self, text: TextStep, area: Rect<ViewSpace>) -> Drawn {
        let paints = text.paints.iter().map(Paint::memory).fold(0, u64::saturating_add);
        let (working, pixel) = (text.memory(area).saturating_add(paints), self.canvas_pixel());
        let made = (area, pixel);
        let node = self.graph.push(Step::Text(text), Vec::new(), made, Flow::Raster, working);
        Drawn { node, area, pixel, transposed: false }
    }

    /// Makes transparent what lies outside a shape.
    pub fn clip(&mut self, drawn: Drawn, shape: Shape) -> Drawn {
        let (drawn, area) = (self.upright_rows(drawn), drawn.area);
        let working = shape.memory(area);
        let gray = (area, PixelFormat::GRAY);
        let coverage =
            self.graph.push(Step::Coverage(shape), Vec::new(), gray, Flow::Raster, working);
        let pixel = PixelFormat { alpha: true, ..drawn.pixel };
        let step = MaskStep::of(MaskUse::Normal);
        self.masked(step, vec![drawn.node, coverage], Drawn { pixel, ..drawn })
    }

    /// Combines the alpha of rows with a raster.
    pub fn masked(&mut self, step: MaskStep, inputs: Vec<NodeId>, drawn: Drawn) -> Drawn {
        let working = shape(drawn.area, drawn.pixel, false).samples();
        self.rows(Step::Mask(step), inputs, drawn, working)
    }

    /// Rotates or distorts a layer.
    pub fn warp(&mut self, drawn: Drawn, warp: WarpStep, area: Rect<ViewSpace>) -> Drawn {
        let drawn = self.raster(drawn);
        let pixel = PixelFormat { alpha: true, ..drawn.pixel };
        let working = u64::from(area.width) * pixel.samples() as u64;
        self.rows(Step::Warp(warp), vec![drawn.node], Drawn { area, pixel, ..drawn }, working)
    }

    /// Turns a layer by 90° or 270°.
    pub fn turn(&mut self, drawn: Drawn, turn: TurnStep) -> Drawn {
        let drawn = self.raster(drawn);
        let area = turn.output(drawn.area);
        let working = u64::from(area.width) * drawn.pixel.samples() as u64;
        self.rows(Step::Turn(turn), vec![drawn.node], Drawn { area, ..drawn }, working)
    }

    /// A canvas for [`Builder::blend`]; transparent without a colour.
    pub fn canvas(&mut self, paint: Option<Paint>, area: Rect<ViewSpace>) -> Drawn {
        let paint = paint.unwrap_or_else(|| Color::TRANSPARENT.into());
        let (working, pixel) = (paint.memory(), self.canvas_pixel());
        let made = (area, pixel);
        let node = self.graph.push(Step::Fill(paint), Vec::new(), made, Flow::Raster, working);
        Drawn { node, area, pixel, transposed: false }
    }

    /// The number from which `blendMode=dissolve` makes the pattern of a layer. Layers with the same
    /// number in pictures that are nested in each other have different patterns.
    pub fn seed(&self, layer: u32) -> u32 {
        layer ^ self.depth << 24
    }

    /// Blends pixels onto a canvas, which becomes the canvas of the new node.
    pub fn blend(&mut self, canvas: Drawn, drawn: Drawn, step: BlendStep) -> Drawn {
        let inputs = vec![canvas.node, drawn.node];
        let made = (canvas.area, canvas.pixel);
        let node = self.graph.push(Step::Blend(step), inputs, made, Flow::Raster, 0);
        Drawn { node, ..canvas }
    }

    /// Collects rows in a raster; a raster stays what it is.
    pub fn raster(&mut self, drawn: Drawn) -> Drawn {
        if self.graph.get(drawn.node).is_none_or(|node| node.flow == Flow::Raster) {
            return drawn;
        }
        let made = (drawn.area, drawn.pixel);
        let node = self.graph.push(Step::Collect, vec![drawn.node], made, Flow::Raster, 0);
        Drawn { node, transposed: false, ..drawn }
    }

    /// Collects the pixels of a layer for the cache, if there is one and they are not too many.
    pub fn cached(&mut self, drawn: Drawn) -> Drawn {
        let Rect { width, height, .. } = drawn.area;
        let bytes = u64::from(width) * u64::from(height) * drawn.pixel.samples() as u64;
        if !self.caches || bytes > limits::CACHED_LAYER_BYTES {
            return drawn;
        }
        let drawn = self.raster(drawn);
        self.graph.cache(drawn.node);
        drawn
    }

    /// The same pixels as rows of the view, or as a raster.
    fn upright_rows(&mut self, drawn: Drawn) -> Drawn {
        if drawn.transposed { self.raster(drawn) } else { drawn }
    }

    pub fn rows(&mut self, step: Step, inputs: Vec<NodeId>, made: Drawn, working: u64) -> Drawn {
        let node = self.graph.push(step, inputs, (made.area, made.pixel), Flow::Rows, working);
        Drawn { node, ..made }
    }
}

/// The shape of the rows that make an area: width and height swap where they are columns.
pub fn shape(area: Rect<ViewSpace>, pixel: PixelFormat, transposed: bool) -> Area {
    let Rect { x, y, width, height, .. } = area;
    match transposed {
        true => Area { origin: [y, x], transposed: true, ..Area::new(height, width, pixel) },
        false => Area { origin: [x, y], ..Area::new(width, height, pixel) },
    }
}
