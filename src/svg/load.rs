//! What drawing a cell of a document takes at most: memory, work, and how far filters read.
//!
//! The renderer cannot be paused, and it allocates a layer for each group that it isolates, a
//! raster for each pattern, and several for each filter. All of them are counted here before
//! anything is drawn.

use resvg::{
    tiny_skia::{Rect, Transform},
    usvg::{ClipPath, Fill, Group, Mask, Node, Paint, Path, Pattern, Stroke, filter::Kind},
};

use super::{Load, filter, places};

/// A raster that is drawn on.
#[derive(Debug, Clone, Copy)]
struct Canvas {
    /// The part of it that can be seen: left, top, right and bottom in pixels.
    clip: [f64; 4],
    /// The part around it in which layers are drawn.
    around: [f64; 4],
}

/// Counts a cell.
pub struct Counting {
    /// The size of the cell.
    size: [f64; 2],
    /// Whether the cell may lie anywhere. Otherwise it begins at 0, 0.
    anywhere: bool,
    /// Whether the document has images. The layers of groups with images are as large as the cell.
    has_images: bool,
    work: f64,
    reach: f64,
}

impl Counting {
    /// What drawing a group on a cell of this size takes, with the transform to the cell.
    pub fn load(
        root: &Group,
        transform: Transform,
        size: [u32; 2],
        (anywhere, has_images): (bool, bool),
    ) -> Load {
        let size = size.map(f64::from);
        let [width, height] = size;
        let work = width * height / 2.0;
        let mut counting = Self { size, anywhere, has_images, work, reach: 0.0 };
        // The renderer bounds layers by five times the size of the cell.
        let around = [-2.0 * width, -2.0 * height, 3.0 * width, 3.0 * height];
        let canvas = Canvas { clip: [0.0, 0.0, width, height], around };
        let memory = width * height * 4.0 + counting.group(root, transform, canvas);
        let whole = |number: f64| number.min(1e18) as u64;
        Load { memory: whole(memory), work: whole(counting.work), reach: counting.reach }
    }

    /// Counts a group, and returns the memory that it takes besides its canvas.
    fn group(&mut self, group: &Group, transform: Transform, canvas: Canvas) -> f64 {
        let transform = transform.pre_concat(group.transform());
        if !group.should_isolate() {
            return self.children(group, transform, canvas);
        }
        // With a filter, a layer is drawn before the rotation of its group.
        let turned = transform.has_skew() && !group.filters().is_empty();
        let bounds = self.bounds(group.layer_bounding_box().to_rect(), transform, 2.0);
        let is_whole = self.has_images && places::group_has_images(group);
        let (bounds, around) =
            if is_whole { (canvas.clip, canvas.clip) } else { (bounds, canvas.around) };
        let (rect, mut area) = self.within(bounds, around);
        if area <= 0.0 {
            return 0.0;
        }
        area *= if turned { 4.0 } else { 1.0 };
        let bytes = area * 4.0;
        self.work += area * 2.0;
        let [width, height] = self.size;
        let [left, top, right, bottom] = canvas.around;
        let around =
            [left - 2.0 * width, top - 2.0 * height, right + 2.0 * width, bottom + 2.0 * height];
        let layer = Canvas { clip: rect, around };
        let mut inner = self.children(group, transform, layer);
        for filter in group.filters() {
            let bounds = self.bounds(filter.rect().to_rect(), transform, 0.0);
            let (region, _) = self.within(bounds, rect);
            let side = (region[2] - region[0]).max(region[3] - region[1]);
            let mut drawn = 0.0_f64;
            for primitive in filter.primitives() {
                let cost = filter::cost(primitive, scale(transform), side);
                self.work += area * cost.work;
                self.reach += cost.reach;
                if let Kind::Image(image) = primitive.kind() {
                    drawn = drawn.max(self.children(image.root(), transform, layer));
                }
            }
            inner = inner.max(bytes * filter::copies(filter) + drawn);
        }
        if let Some(clip) = group.clip_path() {
            inner = inner.max(self.clip_path(clip, transform, layer, area));
        }
        if let Some(mask) = group.mask() {
            inner = inner.max(self.mask(mask, transform, layer, area));
        }
        bytes + inner
    }

    fn children(&mut self, group: &Group, transform: Transform, canvas: Canvas) -> f64 {
        group.children().iter().fold(0.0, |most: f64, node| {
            most.max(match node {
                Node::Group(group) => self.group(group, transform, canvas),
                Node::Path(path) => self.path(path, transform, canvas),
                Node::Text(text) => self.group(text.flattened(), transform, canvas),
                Node::Image(image) => {
                    let rect = image.size().to_rect(0.0, 0.0);
                    let bounds = rect.map(|rect| self.bounds(rect, transform, 1.0));
                    let area = bounds.map_or(0.0, |bounds| self.within(bounds, canvas.clip).1);
                    self.work += area * IMAGE_WORK;
                    0.0
                }
            })
        })
    }

    fn clip_path(
        &mut self,
        clip: &ClipPath,
        transform: Transform,
        canvas: Canvas,
        area: f64,
    ) -> f64 {
        self.work += area * 2.0;
        let inner = self.clips(clip.root(), transform.pre_concat(clip.transform()), canvas, area);
        let outer =
            clip.clip_path().map_or(0.0, |clip| self.clip_path(clip, transform, canvas, area));
        area * 5.0 + inner.max(outer)
    }

    /// The children of a clip path: those with a clip path of their own are drawn on another raster.
    fn clips(&mut self, group: &Group, transform: Transform, canvas: Canvas, area: f64) -> f64 {
        group.children().iter().fold(0.0, |most: f64, node| {
            most.max(match node {
                Node::Group(group) => {
                    let transform = transform.pre_concat(group.transform());
                    let inner = self.clips(group, transform, canvas, area);
                    match group.clip_path() {
                        Some(clip) => {
                            area * 4.0 + inner + self.clip_path(clip, transform, canvas, area)
                        }
                        None => inner,
                    }
                }
                Node::Path(path) => self.path(path, transform, canvas),
                Node::Text(text) => self.clips(text.flattened(), transform, canvas, area),
                Node::Image(_) => 0.0,
            })
        })
    }

    fn mask(&mut self, mask: &Mask, transform: Transform, canvas: Canvas, area: f64) -> f64 {
        self.work += area * 3.0;
        let inner = self.children(mask.root(), transform, canvas);
        let outer = mask.mask().map_or(0.0, |mask| self.mask(mask, transform, canvas, area));
        area * 6.0 + inner.max(outer)
    }

    fn path(&mut self, path: &Path, transform: Transform, canvas: Canvas) -> f64 {
        if !path.is_visible() {
            return 0.0;
        }
        let scale = scale(transform);
        let lines = path.data().verbs().len() as f64;
        let length = length(path);
        let fill = path.fill().map(Fill::paint);
        let stroke = path.stroke().map(Stroke::paint);
        let patterns = [fill, stroke].into_iter().flatten().filter_map(|paint| match paint {
            Paint::Pattern(pattern) => Some(self.pattern(pattern, transform, canvas)),
            Paint::Color(_) | Paint::LinearGradient(_) | Paint::RadialGradient(_) => None,
        });
        let patterns = patterns.fold(0.0, f64::max);
        let bounds = self.bounds(path.stroke_bounding_box(), transform, 1.0);
        let (_, area) = self.within(bounds, canvas.clip);
        // A path outside the canvas is still transformed.
        self.work += lines;
        if area <= 0.0 {
            return patterns;
        }
        let around = 2.0 * (canvas.clip[2] - canvas.clip[0] + canvas.clip[3] - canvas.clip[1]);
        let drawn = (length * scale).min(lines * around);
        let mut edges = 0.0;
        if let Some(paint) = fill {
            self.work += area * pixel_work(paint) + drawn + lines * 16.0;
            edges += lines * 4.0;
        }
        if let Some(stroke) = path.stroke() {
            let width = f64::from(stroke.width().get()) * scale + 2.0;
            let dashes = dashes(stroke, length);
            let pieces = lines * 8.0 + dashes * 8.0;
            let covered = area.min(length * scale * width);
            self.work += covered * pixel_work(stroke.paint()) + drawn * 4.0 + pieces * 16.0;
            edges += pieces;
        }
        // Each edge takes about a hundred bytes, and as many when it is stroked.
        patterns + edges * 200.0
    }

    /// Counts a pattern, which is drawn as a raster of its own for each path that has it.
    fn pattern(&mut self, pattern: &Pattern, transform: Transform, canvas: Canvas) -> f64 {
        let (x, y) = transform.pre_concat(pattern.transform()).get_scale();
        let rect = pattern.rect();
        let width = f64::from(rect.width() * x) + 1.0;
        let height = f64::from(rect.height() * y) + 1.0;
        let area = width * height;
        self.work += area / 2.0;
        let tile = Canvas { clip: [0.0, 0.0, width, height], ..canvas };
        area * 4.0 + self.children(pattern.root(), Transform::from_scale(x, y), tile)
    }

    /// A rectangle after a transform, with a margin.
    fn bounds(&self, rect: Rect, transform: Transform, margin: f64) -> [f64; 4] {
        let corners = [
            [rect.left(), rect.top()],
            [rect.right(), rect.top()],
            [rect.left(), rect.bottom()],
            [rect.right(), rect.bottom()],
        ];
        let [a, b, c, d, e, f] =
            [transform.sx, transform.ky, transform.kx, transform.sy, transform.tx, transform.ty]
                .map(f64::from);
        let mut ends = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for [x, y] in corners.map(|corner| corner.map(f64::from)) {
            let (x, y) = (a * x + c * y + e, b * x + d * y + f);
            ends = [ends[0].min(x), ends[1].min(y), ends[2].max(x), ends[3].max(y)];
        }
        [ends[0] - margin, ends[1] - margin, ends[2] + margin, ends[3] + margin]
    }

    /// The part of a rectangle within another, and its area. For a cell anywhere, only its sides
    /// count.
    fn within(&self, rect: [f64; 4], other: [f64; 4]) -> ([f64; 4], f64) {
        let part = if self.anywhere {
            let side =
                |axis: usize| (rect[axis + 2] - rect[axis]).min(other[axis + 2] - other[axis]);
            [0.0, 0.0, side(0), side(1)]
        } else {
            [
                rect[0].max(other[0]),
                rect[1].max(other[1]),
                rect[2].min(other[2]),
                rect[3].min(other[3]),
            ]
        };
        let sides = [part[2] - part[0], part[3] - part[1]].map(|side| side.max(0.0));
        (part, sides[0] * sides[1])
    }
}

/// Pixels per unit, the larger of both axes.
fn scale(transform: Transform) -> f64 {
    let Transform { sx, ky, kx, sy, .. } = transform;
    let [sx, ky, kx, sy] = [sx, ky, kx, sy].map(f64::from);
    (sx * sx + ky * ky).max(kx * kx + sy * sy).sqrt()
}

/// The work of a pixel of an image, and of a pattern: it is interpolated.
const IMAGE_WORK: f64 = 4.0;

/// The work of a pixel that is filled.
fn pixel_work(paint: &Paint) -> f64 {
    match paint {
        Paint::Color(_) => 0.25,
        Paint::LinearGradient(_) => 1.0,
        Paint::RadialGradient(_) => 2.0,
        Paint::Pattern(_) => IMAGE_WORK,
    }
}

/// The length of a path at most: that of its control polygon.
pub fn length(path: &Path) -> f64 {
    let points = path.data().points();
    points.windows(2).fold(0.0, |length: f64, pair| match pair {
        [from, to] => {
            let (x, y) = (f64::from(to.x - from.x), f64::from(to.y - from.y));
            length + (x * x + y * y).sqrt()
        }
        _ => length,
    })
}

/// How many dashes a path of this length has.
pub fn dashes(stroke: &Stroke, length: f64) -> f64 {
    let Some(dashes) = stroke.dasharray() else { return 0.0 };
    let sum = dashes.iter().fold(0.0, |sum: f64, dash| sum + f64::from(*dash));
    if sum > 0.0 { length / sum * dashes.len() as f64 } else { 0.0 }
}
