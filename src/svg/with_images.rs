//! Draws a document with images, whose pixels the renderer does not know.
//!
//! resvg draws images only from files of four formats, whose decoders take 73 KB of the Worker. So
//! groups with images are drawn here, and resvg draws the groups within that have none. The layer of
//! a group is as large as its canvas.

use resvg::{
    render_node,
    tiny_skia::{
        BlendMode, FillRule, FilterQuality, Mask, MaskType, Paint, PathBuilder, Pattern, Pixmap,
        PixmapPaint, PixmapRef, Rect, SpreadMode, Transform,
    },
    usvg::{self, ClipPath, Group, Image, ImageRendering, Node},
};

use super::{SvgPixels, images, path, places};

/// The pixels of the images of a document, by their numbers; `None` for one that shows nothing.
#[derive(Clone, Copy)]
pub struct WithImages<'a>(pub &'a [Option<SvgPixels>]);

impl WithImages<'_> {
    /// Draws the nodes of a group on a canvas.
    pub fn nodes(self, group: &Group, transform: Transform, canvas: &mut Pixmap) {
        for node in group.children() {
            self.node(node, transform, canvas);
        }
    }

    fn node(self, node: &Node, transform: Transform, canvas: &mut Pixmap) {
        match node {
            Node::Group(group) if places::group_has_images(group) => {
                self.group(group, transform, canvas);
            }
            Node::Group(group) => {
                // The renderer moves what it draws to the corner of the canvas.
                let corner = group.abs_layer_bounding_box();
                let transform = transform.pre_translate(corner.x(), corner.y());
                render_node(node, transform, &mut canvas.as_mut());
            }
            Node::Text(text) => self.group(text.flattened(), transform, canvas),
            Node::Path(path) => path::draw(path, self, transform, canvas),
            Node::Image(image) => self.image(image, transform, canvas),
        }
    }

    fn group(self, group: &Group, transform: Transform, canvas: &mut Pixmap) {
        let transform = transform.pre_concat(group.transform());
        if !group.should_isolate() {
            return self.nodes(group, transform, canvas);
        }
        let Some(mut layer) = Pixmap::new(canvas.width(), canvas.height()) else { return };
        self.nodes(group, transform, &mut layer);
        if let Some(clip) = group.clip_path() {
            self.clip(clip, transform, &mut layer);
        }
        if let Some(mask) = group.mask() {
            self.mask(mask, transform, &mut layer);
        }
        let paint = PixmapPaint {
            opacity: group.opacity().get(),
            blend_mode: blend_mode(group.blend_mode()),
            quality: FilterQuality::Nearest,
        };
        canvas.draw_pixmap(0, 0, layer.as_ref(), &paint, Transform::identity(), None);
    }

    /// Makes a layer transparent outside a clip path.
    fn clip(self, clip: &ClipPath, transform: Transform, layer: &mut Pixmap) {
        let Some(mut shape) = Pixmap::new(layer.width(), layer.height()) else { return };
        self.nodes(clip.root(), transform.pre_concat(clip.transform()), &mut shape);
        if let Some(clip) = clip.clip_path() {
            self.clip(clip, transform, layer);
        }
        layer.apply_mask(&Mask::from_pixmap(shape.as_ref(), MaskType::Alpha));
    }

    fn mask(self, mask: &usvg::Mask, transform: Transform, layer: &mut Pixmap) {
        let (width, height) = (layer.width(), layer.height());
        let (Some(mut shape), Some(mut region)) =
            (Pixmap::new(width, height), Mask::new(width, height))
        else {
            return;
        };
        let rect = PathBuilder::from_rect(mask.rect().to_rect());
        region.fill_path(&rect, FillRule::Winding, true, transform);
        self.nodes(mask.root(), transform, &mut shape);
        shape.apply_mask(&region);
        if let Some(mask) = mask.mask() {
            self.mask(mask, transform, layer);
        }
        let kind = match mask.kind() {
            usvg::MaskType::Luminance => MaskType::Luminance,
            usvg::MaskType::Alpha => MaskType::Alpha,
        };
        layer.apply_mask(&Mask::from_pixmap(shape.as_ref(), kind));
    }

    fn image(self, image: &Image, transform: Transform, canvas: &mut Pixmap) {
        let pixels = images::number(image).and_then(|number| self.0.get(number)?.as_ref());
        let Some(SvgPixels { size: [width, height], data }) = pixels else { return };
        let pixmap = PixmapRef::from_bytes(data, *width, *height);
        let [across, down] = [width, height].map(|side| *side as f32);
        let rect = Rect::from_xywh(0.0, 0.0, across, down);
        let (Some(pixmap), Some(rect)) = (pixmap.filter(|_| image.is_visible()), rect) else {
            return;
        };
        let quality = match image.rendering_mode() {
            ImageRendering::OptimizeQuality | ImageRendering::HighQuality => FilterQuality::Bicubic,
            ImageRendering::Smooth => FilterQuality::Bilinear,
            ImageRendering::OptimizeSpeed
            | ImageRendering::CrispEdges
            | ImageRendering::Pixelated => FilterQuality::Nearest,
        };
        // The pixels may be fewer than those of the picture.
        let size = image.size();
        let transform = transform.pre_scale(size.width() / across, size.height() / down);
        let own = Transform::identity();
        let shader = Pattern::new(pixmap, SpreadMode::Pad, quality, 1.0, own);
        canvas.fill_rect(rect, &Paint { shader, ..Paint::default() }, transform, None);
    }
}

fn blend_mode(mode: usvg::BlendMode) -> BlendMode {
    match mode {
        usvg::BlendMode::Normal => BlendMode::SourceOver,
        usvg::BlendMode::Multiply => BlendMode::Multiply,
        usvg::BlendMode::Screen => BlendMode::Screen,
        usvg::BlendMode::Overlay => BlendMode::Overlay,
        usvg::BlendMode::Darken => BlendMode::Darken,
        usvg::BlendMode::Lighten => BlendMode::Lighten,
        usvg::BlendMode::ColorDodge => BlendMode::ColorDodge,
        usvg::BlendMode::ColorBurn => BlendMode::ColorBurn,
        usvg::BlendMode::HardLight => BlendMode::HardLight,
        usvg::BlendMode::SoftLight => BlendMode::SoftLight,
        usvg::BlendMode::Difference => BlendMode::Difference,
        usvg::BlendMode::Exclusion => BlendMode::Exclusion,
        usvg::BlendMode::Hue => BlendMode::Hue,
        usvg::BlendMode::Saturation => BlendMode::Saturation,
        usvg::BlendMode::Color => BlendMode::Color,
        usvg::BlendMode::Luminosity => BlendMode::Luminosity,
        usvg::BlendMode::PlusLighter => BlendMode::Plus,
    }
}
