//! Clip paths on the canvas, and the paths that Photoshop saved in images (r-clippath, r-croppath;
//! decisions D31 and D32).

use super::{coverage, layout::opened, matrix::Matrix, source::Opened};
use crate::{
    error::{Error, Result},
    geometry::Rect,
    limits,
    picture::{Clip, ClipPath, Content, Picture},
    protocol::{Path, Step},
    pyramid::{SavedPath, Subpath},
    resolved::Resolved,
};

/// A clip path of a layer or of the composite.
#[derive(Debug, Clone, Hash)]
pub struct PlacedClip {
    /// The path.
    pub path: Path,
    /// The transform from the path to the canvas.
    pub to_canvas: Matrix,
    /// Whether the inside is transparent instead of the outside.
    pub exclude: bool,
    /// Whether the inside is found by the even-odd rule, as Photoshop does, and not by the non-zero
    /// rule, as SVG does.
    pub even_odd: bool,
}

/// Pixels that a path may reach beyond those of its bounding box. Photoshop stores a coordinate in
/// steps of 1/2²⁴ of a side, so an edge between two pixels can lie a little within one of them.
const TOLERANCE: f64 = 1.0 / 256.0;

/// Fails if a picture uses more embedded paths, or longer ones, than the limits permit.
pub fn check(picture: &Picture, sources: &[Opened]) -> Result<()> {
    let names = picture.embedded_paths();
    if names.len() > limits::EMBEDDED_PATHS {
        let (used, most) = (names.len(), limits::EMBEDDED_PATHS);
        return Err(Error::too_large(format!("{used} embedded paths, the limit is {most}")));
    }
    let mut all = 0;
    for (key, name) in names {
        let source = sources.iter().find(|source| source.key == key);
        let records = match source.map(|source| saved(source, name)).transpose()?.flatten() {
            Some(path) => path.records(),
            None => 0,
        };
        if records > limits::PATH_POINTS {
            let most = limits::PATH_POINTS;
            let message = format!("the path {name} has {records} records, the limit is {most}");
            return Err(Error::too_large(message));
        }
        all += records;
    }
    if all > limits::EMBEDDED_RECORDS {
        let most = limits::EMBEDDED_RECORDS;
        let message = format!("the embedded paths have {all} records, the limit is {most}");
        return Err(Error::too_large(message));
    }
    Ok(())
}

/// Bytes of the resources that were read for the embedded paths of a reply.
pub fn memory(resolved: &Resolved, sources: &[Opened]) -> u64 {
    let used = sources.iter().filter(|source| resolved.uses_paths(source.key));
    used.filter_map(|source| source.index.photoshop).map(|span| span.len).sum()
}

/// The clips of a layer or of the composite. `given` is the transform from the paths of the
/// request to the canvas, and `image` that from the sides of the image to the canvas. Names of
/// paths that `content` does not have are ignored.
pub fn placed(
    clips: &[Clip],
    (given, image): (Matrix, Matrix),
    content: &Content,
    sources: &[Opened],
) -> Result<Vec<PlacedClip>> {
    let mut placed = Vec::with_capacity(clips.len());
    for Clip { path, exclude } in clips {
        let (path, to_canvas, even_odd) = match path {
            ClipPath::Given(path) => (path.clone(), given, false),
            ClipPath::Embedded(name) => match embedded(content, name, sources)? {
                Some(path) => (path, image, true),
                None => continue,
            },
        };
        placed.push(PlacedClip { path, to_canvas, exclude: *exclude, even_odd });
    }
    Ok(placed)
}

/// Crops a rectangle to the bounding boxes of embedded paths, one after the other. `image` is the
/// transform from the sides of the image to the space of the rectangle. A path that `content` does
/// not have, or whose box does not meet the rest, is ignored.
pub fn cropped<S>(
    mut rect: Rect<S>,
    names: &[String],
    image: &Matrix,
    content: &Content,
    sources: &[Opened],
) -> Result<Rect<S>> {
    for name in names {
        let Some(path) = embedded(content, name, sources)? else { continue };
        let Some([left, top, right, bottom]) = coverage::bounds(&path, image) else { continue };
        let sides = [left + TOLERANCE, top + TOLERANCE, right - TOLERANCE, bottom - TOLERANCE];
        let rest = rect.intersect(&coverage::pixels_around(sides));
        if !rest.is_empty() {
            rect = rest;
        }
    }
    Ok(rect)
}

/// A path of the image that `content` shows, in fractions of the sides of the upright image. `None`
/// if it shows no image, or if the path is missing or empty.
fn embedded(content: &Content, name: &str, sources: &[Opened]) -> Result<Option<Path>> {
    let Content::Source(_) = content else { return Ok(None) };
    let source = opened(content, sources)?;
    let saved = saved(source, name)?;
    let path = saved.map(|saved| path(&saved.subpaths(source.index.orientation)));
    Ok(path.filter(|path| !path.0.is_empty()))
}

fn saved<'a>(source: &Opened<'a>, name: &str) -> Result<Option<SavedPath<'a>>> {
    let resources = source.resources()?;
    Ok(resources.and_then(|resources| SavedPath::find(resources, name)))
}

/// The steps of a path. A straight line lies between two knots without control points of their own.
fn path(subpaths: &[Subpath]) -> Path {
    let mut steps = Vec::new();
    for Subpath { closed, knots } in subpaths {
        let Some(first) = knots.first() else { continue };
        steps.push(Step::Move(first.at));
        let end = closed.then_some(first);
        for (from, to) in knots.iter().zip(knots.iter().skip(1).chain(end)) {
            let straight = from.after == from.at && to.before == to.at;
            steps.push(match straight {
                true => Step::Line(to.at),
                false => {
                    let ([x1, y1], [x2, y2], [x, y]) = (from.after, to.before, to.at);
                    Step::Curve([x1, y1, x2, y2, x, y])
                }
            });
        }
    }
    Path(steps)
}
