//! Where the images of a document are: in which groups, and how large in the view.

use resvg::{
    tiny_skia::{Rect, Transform},
    usvg::{Group, Mask, Node, Paint, Path, Pattern, filter::Kind},
};

use super::{SvgPlace, images};
use crate::error::{Error, Result};

/// Whether a node shows an image, itself or by a mask or a pattern.
pub fn has_images(node: &Node) -> bool {
    match node {
        Node::Image(image) => images::number(image).is_some(),
        Node::Group(group) => group_has_images(group),
        Node::Path(path) => patterns(path).any(|pattern| group_has_images(pattern.root())),
        Node::Text(text) => group_has_images(text.flattened()),
    }
}

/// The same for a group.
pub fn group_has_images(group: &Group) -> bool {
    group.children().iter().any(has_images) || group.mask().is_some_and(mask_has_images)
}

fn mask_has_images(mask: &Mask) -> bool {
    group_has_images(mask.root()) || mask.mask().is_some_and(mask_has_images)
}

/// The patterns that a path is filled or stroked with.
fn patterns(path: &Path) -> impl Iterator<Item = &Pattern> {
    let paints = [path.fill().map(|fill| fill.paint()), path.stroke().map(|stroke| stroke.paint())];
    paints.into_iter().flatten().filter_map(|paint| match paint {
        Paint::Pattern(pattern) => Some(pattern.as_ref()),
        Paint::Color(_) | Paint::LinearGradient(_) | Paint::RadialGradient(_) => None,
    })
}

/// Fails for an image that a filter changes: only the renderer has filters, and it has no images.
pub fn check(group: &Group) -> Result<()> {
    let shows = |kind: &Kind| matches!(kind, Kind::Image(image) if group_has_images(image.root()));
    let primitives = || group.filters().iter().flat_map(|filter| filter.primitives());
    let filtered = !group.filters().is_empty() && group_has_images(group);
    if filtered || primitives().any(|primitive| shows(primitive.kind())) {
        return Err(Error::unsupported(
            "the SVG has a filter on an <image>, which is unsupported; change the image by its own \
             request, such as op_blur= or effect=",
        ));
    }
    let mut result = Ok(());
    let mut inner = |group: &Group| {
        if result.is_ok() {
            result = check(group);
        }
    };
    for node in group.children() {
        if let Node::Group(group) = node {
            inner(group);
        }
        node.subroots(&mut inner);
    }
    result
}

/// Where images are drawn: one entry for each, by their numbers. `size` is the part of the view that
/// is seen.
pub fn places(root: &Group, transform: Transform, size: [u32; 2], count: usize) -> Vec<SvgPlace> {
    let mut found =
        Places { size: size.map(|side| side as f32), all: vec![SvgPlace::default(); count] };
    found.group(root, transform, false);
    found.all
}

struct Places {
    size: [f32; 2],
    all: Vec<SvgPlace>,
}

impl Places {
    /// Finds the images of a group. Those of a pattern are drawn at other places than their own.
    fn group(&mut self, group: &Group, transform: Transform, is_repeated: bool) {
        let transform = transform.pre_concat(group.transform());
        let mut mask = group.mask();
        while let Some(own) = mask {
            self.group(own.root(), transform, is_repeated);
            mask = own.mask();
        }
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group, transform, is_repeated),
                Node::Text(text) => self.group(text.flattened(), transform, is_repeated),
                Node::Path(path) => {
                    for pattern in patterns(path) {
                        let (x, y) = transform.pre_concat(pattern.transform()).get_scale();
                        self.group(pattern.root(), Transform::from_scale(x, y), true);
                    }
                }
                Node::Image(image) => {
                    let rect = image.size().to_rect(0.0, 0.0);
                    let number = images::number(image);
                    let place = number.and_then(|number| self.all.get_mut(number));
                    let (Some(place), Some(rect)) = (place, rect) else { continue };
                    let (x, y) = transform.get_scale();
                    place.scale = place.scale.max(x.max(y).into());
                    place.visible |=
                        image.is_visible() && (is_repeated || is_in(rect, transform, self.size));
                }
            }
        }
    }
}

/// Whether a rectangle may cover a pixel of an area, with a margin for interpolation.
fn is_in(rect: Rect, transform: Transform, [width, height]: [f32; 2]) -> bool {
    let area = Rect::from_ltrb(-4.0, -4.0, width + 4.0, height + 4.0);
    // A transform that overflows shows nothing.
    rect.transform(transform).zip(area).is_some_and(|(rect, area)| rect.intersect(&area).is_some())
}
