//! Where an object is: its record, its pyramid, in which catalog (decisions B1 to B11).

use super::{
    Lookups, RequestContext,
    access::{self, Admitted, Key, Named, ObjectKind},
    files::{Files, has_suffix},
    lookups::{Loaded, StoredPicture},
};
use crate::{
    catalog::{DEFAULT, Record},
    error::Result,
    picture::ObjectId,
    protocol::{Origin, Token, TokenKind, composed, expand, tokens},
    store::Together,
    time_slice::Work,
};

/// An object that is there.
#[derive(Debug, Clone)]
pub struct Found {
    /// Catalog and id it was found under.
    pub object: ObjectId,
    /// That catalog.
    pub catalog: Loaded,
    /// The key of its pyramid; a template may have none.
    pub asset: Option<Key>,
    /// The key that its record's `Path` leads to, where there is no pyramid.
    pub path_key: Option<String>,
    /// Its record, if it has one.
    pub record: Option<Record>,
    /// The smart crop or swatch of it that is meant (A18).
    pub part: Option<String>,
    /// What its pyramid says, where that was asked.
    pub picture: Option<StoredPicture>,
}

/// An object, if it is there.
pub type Answer = access::Answer<Found>;

/// The object of the URL's path: a record of its catalog, a file of its own, else the default
/// catalog's.
pub fn in_path<'a>(
    context: &'a RequestContext,
    kind: ObjectKind,
    locale: &'a str,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    Box::pin(async move {
        let ObjectId { root, id } = super::object::object(&context.raw.object)?;
        if id.is_empty() {
            return Ok(None);
        }
        let of = (kind, Named::Path);
        let whole = search(context, of, places_in_path(context, kind, &root, &id, locale), lookups);
        let part = part_of(&id).filter(|_| kind == ObjectKind::Image);
        let Some((asset, part)) = part else { return whole.await };
        let holder = with_suffixes(context, &root, asset, locale);
        let holder = search(context, of, holder.map(|places| (places, asset.to_owned())), lookups);
        let mut found = Together::new([whole, holder].into_iter());
        // An id that is written with a colon wins when it is there (A18).
        match found.next().await?.flatten() {
            Some(whole) => Ok(Some(whole)),
            None => Ok(found.next().await?.flatten().and_then(|holder| holder.only(part))),
        }
    })
}

#[inline(never)]
fn places_in_path(
    context: &RequestContext,
    kind: ObjectKind,
    root: &str,
    id: &str,
    locale: &str,
) -> Result<Places> {
    let mut places = with_suffixes(context, root, id, locale)?;
    let ext = &context.attributes.default_ext;
    if kind == ObjectKind::Image && !ext.is_empty() && !has_suffix(id) {
        places.push(ObjectId { root: root.to_owned(), id: [id, ext].concat() });
    }
    // Without a catalog of that name the whole path is an id (B1).
    let fallback = if context.root.is_some() { id.to_owned() } else { [root, "/", id].concat() };
    Ok((places, fallback))
}

/// `shoe:Banner`: an asset and the name of a part of it.
fn part_of(id: &str) -> Option<(&str, &str)> {
    id.rsplit_once(':').filter(|(asset, part)| !asset.is_empty() && !part.contains('/'))
}

/// An object that a command or an attribute names: of the main catalog, of the catalog it names
/// itself, or of the default catalog; with a leading slash not of the main catalog (B3).
pub fn named<'a>(
    (name, by): (&str, Named),
    context: &'a RequestContext,
    locale: &str,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    search(context, (ObjectKind::Image, by), places_of(name, context, locale), lookups)
}

#[inline(never)]
fn places_of(name: &str, context: &RequestContext, locale: &str) -> Result<Places> {
    let ObjectId { root, id } = super::object::object(&[name.to_owned()])?;
    let whole = [root.as_str(), if id.is_empty() { "" } else { "/" }, &id].concat();
    let mut places = Vec::new();
    if let Some(main_root) = context.root.as_ref().filter(|_| !name.starts_with('/')) {
        places.extend(with_suffixes(context, main_root, &whole, locale)?);
    }
    if !id.is_empty() {
        places.extend(with_suffixes(context, &root, &id, locale)?);
    }
    Ok((places, whole))
}

/// What such a name means before anything is looked up: the catalog it names itself, or the main one.
pub fn named_object(name: &str, context: &RequestContext) -> ObjectId {
    let whole = composed(name.trim_start_matches('/'));
    let own = context.root.as_deref().filter(|_| !name.starts_with('/')).unwrap_or(DEFAULT);
    let (root, id) = whole.split_once('/').unwrap_or((own, &whole));
    ObjectId { root: root.to_owned(), id: id.to_owned() }
}

/// The id with each suffix of the locale, in order; the id alone where nothing is translated.
fn with_suffixes(
    context: &RequestContext,
    root: &str,
    id: &str,
    locale: &str,
) -> Result<Vec<ObjectId>> {
    let asked = if locale.is_empty() { &context.attributes.default_locale } else { locale };
    let suffixes = context.attributes.locale_map.suffixes(asked)?;
    let object = |suffix| ObjectId { root: root.to_owned(), id: [id, suffix].concat() };
    Ok(suffixes.iter().map(|suffix| object(suffix)).collect())
}

/// Where an object is looked for, and its id in the default catalog.
type Places = (Vec<ObjectId>, String);

/// The first of these places, and the default catalog when it is none of them. All places are
/// asked together.
fn search<'a>(
    context: &'a RequestContext,
    of: (ObjectKind, Named),
    places: Result<Places>,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    Box::pin(async move {
        let (places, fallback) = places?;
        let places = places.into_iter().map(|object| at(context, of, object, lookups));
        let mut answers = Together::new(places);
        while let Some(answer) = answers.next().await? {
            if answer.is_some() {
                return Ok(answer);
            }
        }
        at(context, of, ObjectId { root: DEFAULT.to_owned(), id: fallback }, lookups).await
    })
}

/// One place: the record there, or the file without one.
pub fn at<'a>(
    context: &'a RequestContext,
    (kind, named): (ObjectKind, Named),
    object: ObjectId,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    Box::pin(async move {
        let admitted = access::admit(context, named, object, Some(kind), lookups).await?;
        let Some(admitted) = admitted.and_then(|admitted| admitted.of_kind(kind)) else {
            return Ok(None);
        };
        let Files { before, own, fallback } = Files::of(context, &admitted, kind);
        let path_key = before.first().map(|(kind, name)| kind.key(name));
        let mut file = access::first_file(context, &admitted, before, lookups).await?;
        if file.is_none() && own {
            file.clone_from(&admitted.file);
        }
        if file.is_none() {
            file = access::first_file(context, &admitted, fallback, lookups).await?;
        }
        Ok(admitted.found(file, path_key))
    })
}

impl Admitted {
    /// What it is as an image, or as static content: with the record of that. Nothing where it may
    /// not be served without one.
    fn of_kind(mut self, kind: ObjectKind) -> Option<Self> {
        self.record = match kind {
            ObjectKind::Image => self.record.filter(Record::is_of_image),
            ObjectKind::Content | ObjectKind::Svg => self.record.and_then(Record::of_content),
        };
        (self.record.is_some() || self.is_direct(kind)).then_some(self)
    }

    /// What was found of it: a file, and what its record says. `path_key` is where that leads to.
    pub fn found(self, asset: Option<Key>, path_key: Option<String>) -> Option<Found> {
        let Self { object, catalog, stored, record, .. } = self;
        let path_key = path_key.filter(|_| asset.is_none());
        let there = asset.is_some() || record.is_some();
        let catalog = (catalog, stored);
        there.then_some(Found {
            object,
            catalog,
            asset,
            path_key,
            record,
            part: None,
            picture: None,
        })
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
    pub fn modifier(&self) -> Result<Vec<Token>> {
        self.commands(|record| record.fields.modifier.as_deref())
    }

    /// The record's `PostModifier`, likewise.
    pub fn post_modifier(&self) -> Result<Vec<Token>> {
        self.commands(|record| record.fields.post_modifier.as_deref())
    }

    fn commands(&self, field: fn(&Record) -> Option<&str>) -> Result<Vec<Token>> {
        let Some(text) = self.record.as_ref().and_then(field) else { return Ok(Vec::new()) };
        expand(tokens(text, crate::commands::takes_request)?, &self.catalog.0.macros)
    }
}
