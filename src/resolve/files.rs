//! The file names that an object can have (decisions B1 to B11, N11).

use super::{
    RequestContext,
    access::{Admitted, ObjectKind},
};
use crate::{
    catalog::{Attributes, Record},
    picture::ObjectId,
    protocol::composed,
};

/// The names of an object's files, written `rootId/id`, in the order of the look-up.
pub struct Files {
    /// Names that are tried before the object's own name.
    pub before: Vec<(ObjectKind, String)>,
    /// Whether the object's own name is tried.
    pub own: bool,
    /// Names that are tried after it.
    pub fallback: Vec<(ObjectKind, String)>,
}

impl Files {
    /// The files that an object can have.
    #[inline(never)]
    pub fn of(context: &RequestContext, admitted: &Admitted, kind: ObjectKind) -> Self {
        let Admitted { object: ObjectId { root, id }, catalog, record, .. } = admitted;
        let attributes = &catalog.attributes;
        let (mut before, mut fallback) = (Vec::new(), Vec::new());
        // In paths, a folder replaces the rootId (r-fullmatch).
        let folder = match kind {
            ObjectKind::Image => attributes.root_path.as_ref().filter(|folder| *folder != root),
            ObjectKind::Content | ObjectKind::Svg => attributes.static_root_path.as_ref(),
        };
        let folder = folder.filter(|_| context.root.as_ref() == Some(root));
        let below = |folder: &str| [folder, "/", id].concat();
        let svg = record.as_ref().is_some_and(Record::is_svg);
        let path = record.as_ref().and_then(|record| record.fields.path.as_deref());
        match kind {
            ObjectKind::Image => {
                let of_record = path.filter(|path| !path.is_empty());
                let pyramids = of_record.filter(|_| !svg);
                let names = pyramids.map(|path| pyramid_names(attributes, root, path));
                before.extend(names.into_iter().flatten().map(|name| (kind, name)));
                let drawn = of_record.filter(|path| svg || stem_of_svg(path).is_some());
                before.extend(drawn.and_then(|path| content_name(attributes, root, path, true)));
                let bare = folder.filter(|_| record.is_none());
                fallback.extend(bare.map(|folder| (kind, below(folder))));
                // A path names an SVG by its suffix, with which it is not stored.
                let named = stem_of_svg(id).filter(|_| record.is_none());
                let stem = if svg && path.is_none() { Some(id.as_str()) } else { named };
                fallback.extend(stem.map(|id| {
                    let folder = folder.unwrap_or(root);
                    (ObjectKind::Svg, [folder, "/", id].concat())
                }));
            }
            ObjectKind::Content | ObjectKind::Svg => {
                before.extend(path.and_then(|path| content_name(attributes, root, path, svg)));
                fallback.extend(folder.map(|folder| (kind, below(folder))));
                fallback.extend(svg.then(|| (ObjectKind::Svg, below(root))));
            }
        }
        // A record with a `Path` or an SVG names other files. A pyramid under the object's own name
        // is then a different image.
        let own = kind != ObjectKind::Image || path.is_none() && !svg;
        Self { before, own, fallback }
    }
}

/// The keys that the pyramid of a `catalog::Path` can have, in the order of the look-up. Ingest
/// names a pyramid with or without the suffix of its file.
pub fn pyramid_keys(attributes: &Attributes, root: &str, path: &str) -> [String; 2] {
    pyramid_names(attributes, root, path).map(|name| ObjectKind::Image.key(&name))
}

/// The same names without the key prefix and suffix that all pyramids share.
pub fn pyramid_names(attributes: &Attributes, root: &str, path: &str) -> [String; 2] {
    let path = composed(path.trim_start_matches('/'));
    let folder = attributes.root_path.as_deref().unwrap_or(root);
    let within = |path: &str| [folder, "/", path].concat().trim_start_matches('/').to_owned();
    if !has_suffix(&path) {
        return [within(&path), within(&[&*path, &attributes.default_ext].concat())];
    }
    let stem = path.rsplit_once('.').map_or(path.as_ref(), |(stem, _)| stem);
    [within(stem), within(&path)]
}

/// "A file suffix consists of a period and one or more characters" (r-defaultext).
pub fn has_suffix(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or(path);
    last.rsplit_once('.').is_some_and(|(_, suffix)| !suffix.is_empty())
}

/// The path of an SVG without its suffix; `None` for any other path.
fn stem_of_svg(path: &str) -> Option<&str> {
    let (stem, suffix) = path.rsplit_once('.')?;
    suffix.eq_ignore_ascii_case("svg").then_some(stem)
}

/// The file that `catalog::Path` names. SVGs are stored below `svg/` without their suffix.
fn content_name(
    attributes: &Attributes,
    root: &str,
    path: &str,
    svg: bool,
) -> Option<(ObjectKind, String)> {
    let path = path.trim_start_matches('/');
    if path.is_empty() {
        return None;
    }
    let within =
        |folder: &Option<String>, path| [folder.as_deref().unwrap_or(root), "/", path].concat();
    Some(match svg {
        true => (ObjectKind::Svg, within(&attributes.root_path, stem_of_svg(path).unwrap_or(path))),
        false => (ObjectKind::Content, within(&attributes.static_root_path, path)),
    })
}
