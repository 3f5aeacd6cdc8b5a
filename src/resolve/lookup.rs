//! Where an object is: its record, its pyramid, in which catalog (decisions B1 to B11).

use super::{
    Ask, Main,
    access::{self, Admitted, Key, Kind, Named},
};
use crate::{
    catalog::{Attributes, DEFAULT, Record},
    error::Result,
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
    pub asset: Option<Key>,
    /// The key that its record's `Path` leads to, where there is no pyramid.
    pub path_key: Option<String>,
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
    let whole = search(at, main, Named::Path, &places, &behind, access, ask)?;
    let Some((asset, part)) = part_of(&id) else { return Ok(whole) };
    let places = with_suffixes(main, &root, asset, locale)?;
    let holder = search(at, main, Named::Path, &places, asset, access, ask)?;
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
pub fn named(
    (name, by): (&str, Named),
    main: &Main,
    locale: &str,
    access: &Access,
    ask: &mut Ask,
) -> Answer {
    let ObjectId { root, id } = super::object::object(&[name.to_owned()])?;
    let whole = [root.as_str(), if id.is_empty() { "" } else { "/" }, &id].concat();
    let mut places = Vec::new();
    if let Some(main_root) = main.root.as_ref().filter(|_| !name.starts_with('/')) {
        places.extend(with_suffixes(main, main_root, &whole, locale)?);
    }
    if !id.is_empty() {
        places.extend(with_suffixes(main, &root, &id, locale)?);
    }
    search(at, main, by, &places, &whole, access, ask)
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
pub type At = fn(&Main, Named, ObjectId, &Access, &mut Ask) -> Answer;

/// The first of these places, and the default catalog when it is none of them. All places are
/// asked for in one batch.
pub fn search(
    at: At,
    main: &Main,
    named: Named,
    places: &[(String, String)],
    behind: &str,
    access: &Access,
    ask: &mut Ask,
) -> Answer {
    let object = |root: &str, id: &str| ObjectId { root: root.to_owned(), id: id.to_owned() };
    let answers: Vec<_> = places
        .iter()
        .map(|(root, id)| at(main, named, object(root, id), access, ask))
        .collect::<Result<_>>()?;
    for answer in answers {
        match answer {
            None => return Ok(None),
            Some(Some(found)) => return Ok(Some(Some(found))),
            Some(None) => {}
        }
    }
    at(main, named, object(DEFAULT, behind), access, ask)
}

/// One place: the record there, or the pyramid without one.
pub fn at(main: &Main, named: Named, object: ObjectId, access: &Access, ask: &mut Ask) -> Answer {
    let admitted = match access::admit(main, named, object, Some(Kind::Image), access, ask)? {
        None => return Ok(None),
        Some(None) => return Ok(Some(None)),
        Some(Some(admitted)) => admitted,
    };
    let record = admitted.record.as_ref().map(|(record, _)| record);
    let Some(record) = record.filter(|record| record.is_of_image()) else {
        let asset = match &admitted.file {
            _ if !admitted.is_direct(Kind::Image) => Some(None),
            Some(own) => Some(Some(own.clone())),
            None => in_root_path(main, &admitted, access, ask)?,
        };
        return Ok(asset.map(|asset| asset.map(|key| admitted.found(Some(key), None))));
    };
    let (asset, path_key) = match record.fields.path.as_deref() {
        // A pyramid that was there before the SVG is another picture.
        _ if record.is_svg() => (Some(None), None),
        None => (Some(admitted.file.clone()), None),
        Some("") => (Some(None), None),
        Some(path) => {
            let names = pyramid_names(&admitted.catalog.attributes, &admitted.object.root, path);
            let key = names.first().map(|name| Kind::Image.key(name));
            (of_path(main, &admitted, names, access, ask)?, key)
        }
    };
    let found = |asset: Option<Key>| Found {
        path_key: path_key.filter(|_| asset.is_none()),
        ..admitted.found(asset, Some(record.clone()))
    };
    Ok(asset.map(|asset| Some(found(asset))))
}

/// `RootPath` stands for the rootId in paths (r-fullmatch).
fn in_root_path(
    main: &Main,
    admitted: &Admitted,
    access: &Access,
    ask: &mut Ask,
) -> access::Answer<Key> {
    let ObjectId { root, id } = &admitted.object;
    let folder = admitted.catalog.attributes.root_path.as_ref();
    match folder.filter(|folder| main.root.as_ref() == Some(root) && *folder != root) {
        Some(folder) => {
            access::file(main, admitted, Kind::Image, &[folder, "/", id].concat(), access, ask)
        }
        None => Ok(Some(None)),
    }
}

/// The keys that the pyramid of a `catalog::Path` can have, in the order they are looked for: ingest
/// names it without the file's suffix, or with it.
pub fn pyramid_keys(attributes: &Attributes, root: &str, path: &str) -> [String; 2] {
    pyramid_names(attributes, root, path).map(|name| Kind::Image.key(&name))
}

/// The same without the folder and the suffix of all pyramids.
fn pyramid_names(attributes: &Attributes, root: &str, path: &str) -> [String; 2] {
    let path = composed(path.trim_start_matches('/'));
    let folder = attributes.root_path.as_deref().unwrap_or(root);
    let within = |path: &str| [folder, "/", path].concat().trim_start_matches('/').to_owned();
    if !has_suffix(&path) {
        return [within(&path), within(&[&*path, &attributes.default_ext].concat())];
    }
    let stem = path.rsplit_once('.').map_or(path.as_ref(), |(stem, _)| stem);
    [within(stem), within(&path)]
}

/// The pyramid of a `catalog::Path`.
fn of_path(
    main: &Main,
    admitted: &Admitted,
    names: [String; 2],
    access: &Access,
    ask: &mut Ask,
) -> Result<Option<Option<Key>>> {
    for name in names {
        match access::file(main, admitted, Kind::Image, &name, access, ask)? {
            None => return Ok(None),
            Some(Some(key)) => return Ok(Some(Some(key))),
            Some(None) => {}
        }
    }
    Ok(Some(None))
}

/// "A file suffix consists of a period and one or more characters" (r-defaultext).
fn has_suffix(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or(path);
    last.rsplit_once('.').is_some_and(|(_, suffix)| !suffix.is_empty())
}

impl Admitted {
    /// What was found of it: a file, and what its record says.
    pub fn found(&self, asset: Option<Key>, record: Option<Record>) -> Found {
        Found { object: self.object.clone(), asset, path_key: None, record, part: None }
    }
}

impl Found {
    /// Whether it is an SVG, which no pyramid is made of.
    pub fn is_svg(&self) -> bool {
        self.asset.is_none() && self.record.as_ref().is_some_and(Record::is_svg)
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
