//! Draws the paths beside images.

use resvg::{
    tiny_skia::{
        Color, FillRule, FilterQuality, GradientStop, LinearGradient, Paint, Pattern, Pixmap,
        RadialGradient, Shader, SpreadMode, Transform,
    },
    usvg::{self, BaseGradient, Fill, Opacity, PaintOrder, Path, SpreadMethod, Stroke},
};

use super::with_images::WithImages;

/// Draws a path on a canvas: its fill and its line, in their order.
pub fn draw(path: &Path, images: WithImages, transform: Transform, canvas: &mut Pixmap) {
    if !path.is_visible() {
        return;
    }
    let painting = Painting { path, images, transform };
    if path.paint_order() == PaintOrder::StrokeAndFill {
        painting.stroke(canvas);
        painting.fill(canvas);
    } else {
        painting.fill(canvas);
        painting.stroke(canvas);
    }
}

struct Painting<'a> {
    path: &'a Path,
    images: WithImages<'a>,
    transform: Transform,
}

impl Painting<'_> {
    fn fill(&self, canvas: &mut Pixmap) {
        let (Some(fill), bounds) = (self.path.fill(), self.path.data().bounds()) else { return };
        let rule = match Fill::rule(fill) {
            usvg::FillRule::NonZero => FillRule::Winding,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        };
        // A line has nothing to fill.
        if bounds.width() > 0.0 && bounds.height() > 0.0 {
            self.painted(fill.paint(), fill.opacity(), |paint| {
                canvas.fill_path(self.path.data(), paint, rule, self.transform, None);
            });
        }
    }

    fn stroke(&self, canvas: &mut Pixmap) {
        let Some(stroke) = self.path.stroke() else { return };
        self.painted(Stroke::paint(stroke), stroke.opacity(), |paint| {
            let line = stroke.to_tiny_skia();
            canvas.stroke_path(self.path.data(), paint, &line, self.transform, None);
        });
    }

    /// Calls a function with a paint; not for a gradient or a pattern that paints nothing.
    fn painted(&self, paint: &usvg::Paint, opacity: Opacity, draw: impl FnOnce(&Paint)) {
        let tile;
        let shader = match paint {
            usvg::Paint::Color(color) => {
                let usvg::Color { red, green, blue } = *color;
                Some(Shader::SolidColor(Color::from_rgba8(red, green, blue, opacity.to_u8())))
            }
            usvg::Paint::LinearGradient(gradient) => LinearGradient::new(
                (gradient.x1(), gradient.y1()).into(),
                (gradient.x2(), gradient.y2()).into(),
                stops(gradient, opacity),
                spread(gradient),
                gradient.transform(),
            ),
            usvg::Paint::RadialGradient(gradient) => RadialGradient::new(
                (gradient.fx(), gradient.fy()).into(),
                gradient.fr().get(),
                (gradient.cx(), gradient.cy()).into(),
                gradient.r().get(),
                stops(gradient, opacity),
                spread(gradient),
                gradient.transform(),
            ),
            usvg::Paint::Pattern(pattern) => {
                tile = self.tile(pattern);
                tile.as_ref().map(|(tile, transform)| {
                    let quality = FilterQuality::Bicubic;
                    let opacity = opacity.get();
                    Pattern::new(tile.as_ref(), SpreadMode::Repeat, quality, opacity, *transform)
                })
            }
        };
        let Some(shader) = shader else { return };
        let anti_alias = self.path.rendering_mode().use_shape_antialiasing();
        draw(&Paint { shader, anti_alias, ..Paint::default() });
    }

    /// The pixels of a pattern, and the transform from these to the path.
    fn tile(&self, pattern: &usvg::Pattern) -> Option<(Pixmap, Transform)> {
        let (x, y) = self.transform.pre_concat(pattern.transform()).get_scale();
        let rect = pattern.rect();
        let [width, height] = [rect.width() * x, rect.height() * y].map(|side| side.round() as u32);
        let mut tile = Pixmap::new(width, height)?;
        self.images.nodes(pattern.root(), Transform::from_scale(x, y), &mut tile);
        let transform = pattern.transform().pre_translate(rect.x(), rect.y());
        Some((tile, transform.pre_scale(1.0 / x, 1.0 / y)))
    }
}

fn spread(gradient: &BaseGradient) -> SpreadMode {
    match gradient.spread_method() {
        SpreadMethod::Pad => SpreadMode::Pad,
        SpreadMethod::Reflect => SpreadMode::Reflect,
        SpreadMethod::Repeat => SpreadMode::Repeat,
    }
}

fn stops(gradient: &BaseGradient, opacity: Opacity) -> Vec<GradientStop> {
    let stops = gradient.stops().iter().map(|stop| {
        let usvg::Color { red, green, blue } = stop.color();
        let alpha = (stop.opacity() * opacity).to_u8();
        GradientStop::new(stop.offset().get(), Color::from_rgba8(red, green, blue, alpha))
    });
    stops.collect()
}
