//! Where an object is: its record, its pyramid, in which catalog (decisions B1 to B11).

use super::{Ask, Main};
use crate::{
    catalog::{Attributes, DEFAULT, Record, is_image_allowed},
    error::{Error, ErrorKind, Result},
    http::Access,
    protocol::{Origin, Token, TokenKind, composed, expand, tokens},
    scene::ObjectId,
};

/// An object that is there.
#[derive(Debug, Clone)]
pub struct Found {
    /// Catalog and id it was found under.
    pub object: ObjectId,
    /// The key of its pyramid; a template may have none.
    pub asset: Option<String>,
    /// Its record, if it has one.
    pub record: Option<Record>,
    /// The smart crop or swatch of it that is meant (A18).
    pub part: Option<String>,
}

/// An answer to "is it there": not known yet, no, or here it is.
pub type Answer = Result<Option<Option<Found>>>;

/// The object of the URL's path: a record of its catalog, a pyramid of its own, else the default
/// catalog's.
pub fn in_path(main: &Main, locale: &str, access: &Access, ask: &mut Ask) -> Answer {
    let ObjectId { root, id } = super::object::object(&main.raw.object)?;
    if id.is_empty() {
        return Ok(Some(None));
    }
    let mut places = with_suffixes(main, &root, &id, locale)?;
    let ext = &main.attributes.default_ext;
    if !ext.is_empty() && !has_suffix(&id) {
        places.push((root.clone(), format!("{id}{ext}")));
    }
    // Without a catalog of that name the whole path is an id (B1).
    let behind = if main.root.is_some() { id.clone() } else { format!("{root}/{id}") };
    let whole = search(at, main, &places, &behind, access, ask)?;
    let Some((asset, part)) = part_of(&id) else { return Ok(whole) };
    let places = with_suffixes(main, &root, asset, locale)?;
    let holder = search(at, main, &places, asset, access, ask)?;
    // An id that is written with a colon wins when it is there (A18).
    match whole {
        None | Some(Some(_)) => Ok(whole),
        Some(None) => Ok(holder.map(|holder| holder.and_then(|holder| holder.only(part)))),
    }
}

/// `shoe:Banner`: an asset and the name of a part of it.
fn part_of(id: &str) -> Option<(&str, &str)> {
    id.rsplit_once(':').filter(|(asset, part)| !asset.is_empty() && !part.contains('/'))
}

/// An object that a command or an attribute names: of the main catalog, of the catalog it names
/// itself, or of the default catalog; with a leading slash not of the main catalog (B3).
pub fn named(name: &str, main: &Main, locale: &str, access: &Access, ask: &mut Ask) -> Answer {
    let whole = composed(name.trim_start_matches('/'));
    let whole = whole.as_ref();
    super::object::object(&[whole.to_owned()])?;
    let mut places = Vec::new();
    if let Some(root) = main.root.as_ref().filter(|_| !name.starts_with('/')) {
        places.extend(with_suffixes(main, root, whole, locale)?);
    }
    if let Some((root, id)) = whole.split_once('/') {
        places.extend(with_suffixes(main, root, id, locale)?);
    }
    search(at, main, &places, whole, access, ask)
}

/// What such a name means before anything is looked up: the catalog it names itself, or the main one.
pub fn named_object(name: &str, main: &Main) -> ObjectId {
    let whole = composed(name.trim_start_matches('/'));
    let own = main.root.as_deref().filter(|_| !name.starts_with('/')).unwrap_or(DEFAULT);
    let (root, id) = whole.split_once('/').unwrap_or((own, &whole));
    ObjectId { root: root.to_owned(), id: id.to_owned() }
}

/// The id with each suffix of the locale, in order; the id alone where nothing is translated.
pub fn with_suffixes(
    main: &Main,
    root: &str,
    id: &str,
    locale: &str,
) -> Result<Vec<(String, String)>> {
    let asked = if locale.is_empty() { &main.attributes.default_locale } else { locale };
    let suffixes = main.attributes.locale_map.suffixes(asked)?;
    Ok(suffixes.iter().map(|suffix| (root.to_owned(), format!("{id}{suffix}"))).collect())
}

/// What there is in one catalog under one id.
pub type At = fn(&Main, &str, &str, &Access, &mut Ask) -> Answer;

/// The first of these places, and the default catalog when it is none of them. All places are
/// asked for in one batch.
pub fn search(
    at: At,
    main: &Main,
    places: &[(String, String)],
    behind: &str,
    access: &Access,
    ask: &mut Ask,
) -> Answer {
    let answers: Vec<_> =
        places.iter().map(|(root, id)| at(main, root, id, access, ask)).collect::<Result<_>>()?;
    for answer in answers {
        match answer {
            None => return Ok(None),
            Some(Some(found)) => return Ok(Some(Some(found))),
            Some(None) => {}
        }
    }
    at(main, DEFAULT, behind, access, ask)
}

/// One place: the record there, or the pyramid without one.
pub fn at(main: &Main, root: &str, id: &str, access: &Access, ask: &mut Ask) -> Answer {
    let own = asset_key(root, id);
    let record = ask.record(root, id)?;
    let exists = ask.exists(&own);
    let (Some(record), Some(exists)) = (record, exists) else { return Ok(None) };
    let object = ObjectId { root: root.to_owned(), id: id.to_owned() };
    if record.as_ref().is_some_and(|(record, _)| !(record.is_published() || access.unpublished)) {
        return Ok(Some(None));
    }
    let Some((record, _)) = record.filter(|(record, _)| record.is_of_image()) else {
        if exists && !is_image_allowed(&main.attributes) {
            let message = format!("{root}/{id}: the catalog has no such record");
            return Err(Error::new(ErrorKind::Forbidden, message)
                .with_detail("AllowDirectAccess does not include IS"));
        }
        let asset = if exists { Some(Some(own)) } else { in_root_path(main, root, id, ask)? };
        let found = |asset| Found { object, asset: Some(asset), record: None, part: None };
        return Ok(asset.map(|asset| asset.map(found)));
    };
    let asset = match record.fields.path.as_deref() {
        // A pyramid that was there before the SVG is another picture.
        _ if record.is_svg() => Some(None),
        None => Some(exists.then_some(own)),
        Some("") => Some(None),
        Some(path) => of_path(main, root, path, ask),
    };
    let found = |asset| Some(Found { object, asset, record: Some(record), part: None });
    Ok(asset.map(found))
}

/// `RootPath` stands for the rootId in paths (r-fullmatch).
fn in_root_path(
    main: &Main,
    root: &str,
    id: &str,
    ask: &mut Ask,
) -> Result<Option<Option<String>>> {
    let Some(folder) = &main.attributes.root_path else { return Ok(Some(None)) };
    if main.root.as_deref() != Some(root) || folder == root || !is_image_allowed(&main.attributes) {
        return Ok(Some(None));
    }
    let key = asset_key(folder, id);
    Ok(ask.exists(&key).map(|exists| exists.then_some(key)))
}

/// The keys that the pyramid of a `catalog::Path` can have, in the order they are looked for: ingest
/// names it without the file's suffix, or with it.
pub fn pyramid_keys(attributes: &Attributes, root: &str, path: &str) -> [String; 2] {
    let path = composed(path.trim_start_matches('/'));
    let folder = attributes.root_path.as_deref().unwrap_or(root);
    if !has_suffix(&path) {
        let suffixed = format!("{path}{}", attributes.default_ext);
        return [asset_key(folder, &path), asset_key(folder, &suffixed)];
    }
    let stem = path.rsplit_once('.').map_or(path.as_ref(), |(stem, _)| stem);
    [asset_key(folder, stem), asset_key(folder, &path)]
}

/// The pyramid of a `catalog::Path`.
fn of_path(main: &Main, root: &str, path: &str, ask: &mut Ask) -> Option<Option<String>> {
    for key in pyramid_keys(&main.attributes, root, path) {
        match ask.exists(&key) {
            None => return None,
            Some(true) => return Some(Some(key)),
            Some(false) => {}
        }
    }
    Some(None)
}

/// The key of an asset's pyramid.
fn asset_key(folder: &str, id: &str) -> String {
    match folder {
        "" => format!("assets/{id}.tif"),
        folder => format!("assets/{folder}/{id}.tif"),
    }
}

/// "A file suffix consists of a period and one or more characters" (r-defaultext).
fn has_suffix(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or(path);
    last.rsplit_once('.').is_some_and(|(_, suffix)| !suffix.is_empty())
}

impl Found {
    /// Whether it is an SVG, which no pyramid is made of.
    pub fn is_svg(&self) -> bool {
        self.asset.is_none() && self.record.as_ref().is_some_and(Record::is_svg)
    }

    /// The key that its record's `Path` leads to, whether there is a pyramid or not.
    pub fn path_key(&self, attributes: &Attributes) -> Option<String> {
        let path = self.record.as_ref()?.fields.path.as_deref().filter(|path| !path.is_empty())?;
        let [key, _] = pyramid_keys(attributes, &self.object.root, path);
        Some(key)
    }

    /// The lifetime that its record says, in hours.
    pub fn own_expiration(&self) -> Option<f64> {
        self.record.as_ref().and_then(|record| record.fields.own_expiration())
    }

    /// The key of its record, if it has one.
    pub fn record_key(&self) -> Option<String> {
        let ObjectId { root, id } = &self.object;
        let part = self.part.as_ref().map_or(0, |part| part.len() + 1);
        let id = id.get(..id.len() - part)?;
        self.record.as_ref().map(|_| Record::key(root, id))
    }

    /// A part of it, if its record has one of that name.
    fn only(mut self, part: &str) -> Option<Self> {
        self.record.as_ref()?.part(part)?;
        self.object.id = format!("{}:{part}", self.object.id);
        self.part = Some(part.to_owned());
        Some(self)
    }

    /// The commands that cut the part out.
    pub fn cut(&self) -> Vec<Token> {
        let part = self.record.as_ref().zip(self.part.as_ref());
        let Some(part) = part.and_then(|(record, part)| record.part(part)) else {
            return Vec::new();
        };
        let [x, y, width, height] = part.crop.rect;
        let value = format!("{x},{y},{width},{height}");
        let kind = TokenKind::Command { name: "cropn".into(), value: value.clone() };
        let raw = format!("cropN={value}");
        vec![Token { kind, raw, column: 0, origin: Origin::default() }]
    }

    /// The record's `Modifier`, its macros replaced by those of its own catalog (C4).
    pub fn modifier(&self, ask: &mut Ask) -> Result<Option<Vec<Token>>> {
        self.commands(|record| record.fields.modifier.as_deref(), ask)
    }

    /// The record's `PostModifier`, likewise.
    pub fn post_modifier(&self, ask: &mut Ask) -> Result<Option<Vec<Token>>> {
        self.commands(|record| record.fields.post_modifier.as_deref(), ask)
    }

    fn commands(
        &self,
        field: fn(&Record) -> Option<&str>,
        ask: &mut Ask,
    ) -> Result<Option<Vec<Token>>> {
        let Some(text) = self.record.as_ref().and_then(field) else {
            return Ok(Some(Vec::new()));
        };
        let Some((catalog, _)) = ask.catalog(Some(&self.object.root))? else { return Ok(None) };
        let tokens = tokens(text, crate::commands::takes_request)?;
        expand(tokens, &catalog.macros).map(Some)
    }
}
