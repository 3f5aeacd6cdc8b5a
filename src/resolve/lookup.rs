//! Finds an object: its catalog, its record and its pyramid (decisions B1 to B11).

use super::{
    Lookups, RequestContext,
    access::{self, Admitted, Key, Named, ObjectKind},
    files::{self, Files, has_suffix},
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

/// An object that exists.
#[derive(Debug, Clone)]
pub struct Found {
    /// The catalog and id that it was found under.
    pub object: ObjectId,
    /// That catalog, and whether it is stored.
    pub catalog: Loaded,
    /// The key of its file, which is a pyramid for an image; a template may have none.
    pub asset: Option<Key>,
    /// The key that its record's `Path` leads to, if no file exists.
    pub path_key: Option<String>,
    /// Its record, if it has one.
    pub record: Option<Record>,
    /// The key of the mask that its record's `MaskPath` leads to, if it was looked up and exists.
    pub mask: Option<Key>,
    /// The name of the smart crop or swatch that is requested (A18).
    pub part: Option<String>,
    /// The size and version of its pyramid, if they were looked up.
    pub picture: Option<StoredPicture>,
}

/// The result of a look-up: `None` if the object does not exist or is refused.
pub type Answer = access::Answer<Found>;

/// Finds the object of the URL's path: a record or a file of its catalog, else of the default
/// catalog.
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
        let of = (kind, context.named);
        let whole = search(context, of, places_in_path(context, kind, &root, &id, locale), lookups);
        let part = part_of(&id).filter(|_| kind == ObjectKind::Image);
        let Some((asset, part)) = part else { return whole.await };
        let holder = with_suffixes(context, &root, asset, locale);
        let holder = search(context, of, holder.map(|places| (places, asset.to_owned())), lookups);
        whole_or_part(whole, holder, part.to_owned()).await
    })
}

/// Returns the object `whole` if it exists, else the part of the object `holder`. An object whose
/// id contains the colon takes precedence over a part (A18).
fn whole_or_part<'a>(
    whole: Work<'a, Answer>,
    holder: Work<'a, Answer>,
    part: String,
) -> Work<'a, Answer> {
    Box::pin(async move {
        let mut found = Together::new([whole, holder].into_iter());
        match found.next().await?.flatten() {
            Some(whole) => Ok(Some(whole)),
            None => Ok(found.next().await?.flatten().and_then(|holder| holder.only(&part))),
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
    // If no catalog has that name, the whole path is an id of the default catalog (B1).
    let fallback = if context.root.is_some() { id.to_owned() } else { [root, "/", id].concat() };
    Ok((places, fallback))
}

/// Splits `shoe:Banner` into an object and the name of one of its parts.
fn part_of(id: &str) -> Option<(&str, &str)> {
    id.rsplit_once(':').filter(|(asset, part)| !asset.is_empty() && !part.contains('/'))
}

/// Finds an object that a command or an attribute names. It is looked up in the request's catalog,
/// then in the catalog that the name itself starts with, then in the default catalog. A leading
/// slash skips the request's catalog (B3).
pub fn named<'a>(
    (name, by): (&str, Named),
    context: &'a RequestContext,
    locale: &str,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    let search =
        |name| search(context, (ObjectKind::Image, by), places_of(name, context, locale), lookups);
    match part_of(name) {
        Some((holder, part)) => whole_or_part(search(name), search(holder), part.to_owned()),
        None => search(name),
    }
}

/// The object with the file that its record's `MaskPath` leads to.
pub async fn with_mask(
    context: &RequestContext,
    mut found: Found,
    lookups: &Lookups<'_>,
) -> Result<Found> {
    if let Some(path) = found.mask_path() {
        let attributes = &found.catalog.catalog.attributes;
        let names = files::pyramid_names(attributes, &found.object.root, path);
        let files = names.map(|name| (ObjectKind::Image, name)).into();
        found.mask = access::first_file(context, &found.object, files, lookups).await?;
    }
    Ok(found)
}

#[inline(never)]
fn places_of(name: &str, context: &RequestContext, locale: &str) -> Result<Places> {
    let ObjectId { root, id } = super::object::object(&[name.to_owned()])?;
    let whole = [root.as_str(), if id.is_empty() { "" } else { "/" }, &id].concat();
    let mut places = Vec::new();
    if let Some(request_root) = context.root.as_ref().filter(|_| !name.starts_with('/')) {
        places.extend(with_suffixes(context, request_root, &whole, locale)?);
    }
    if !id.is_empty() {
        places.extend(with_suffixes(context, &root, &id, locale)?);
    }
    Ok((places, whole))
}

/// The object that such a name denotes without a look-up: in the catalog that it starts with, or
/// else in the request's catalog.
pub fn named_object(name: &str, context: &RequestContext) -> ObjectId {
    let whole = composed(name.trim_start_matches('/'));
    let own = context.root.as_deref().filter(|_| !name.starts_with('/')).unwrap_or(DEFAULT);
    let (root, id) = whole.split_once('/').unwrap_or((own, &whole));
    ObjectId { root: root.to_owned(), id: id.to_owned() }
}

/// The id with each suffix of the locale, in order; the id alone if the catalog has no locale map.
/// Fails for a locale that the map does not cover.
fn with_suffixes(
    context: &RequestContext,
    root: &str,
    id: &str,
    locale: &str,
) -> Result<Vec<ObjectId>> {
    let locale = if locale.is_empty() { &context.attributes.default_locale } else { locale };
    let suffixes = context.attributes.locale_map.suffixes(locale)?;
    let object = |suffix| ObjectId { root: root.to_owned(), id: [id, suffix].concat() };
    Ok(suffixes.iter().map(|suffix| object(suffix)).collect())
}

/// The objects to try in order, and the id to try in the default catalog after them.
type Places = (Vec<ObjectId>, String);

/// Returns the first of these objects that exists, else tries the default catalog. The objects are
/// looked up in one batch, the default catalog after it.
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

/// Looks up one object: its record with its file, or the file alone if direct access is allowed.
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
        let mut file = access::first_file(context, &admitted.object, before, lookups).await?;
        if file.is_none() && own {
            file.clone_from(&admitted.file);
        }
        if file.is_none() {
            file = access::first_file(context, &admitted.object, fallback, lookups).await?;
        }
        let found = admitted.found(file, path_key);
        found.iter().for_each(|found| lookups.found(&found.object));
        Ok(found)
    })
}

impl Admitted {
    /// The object with only the record that applies to this kind of file. `None` if it may not be
    /// served without a record.
    fn of_kind(mut self, kind: ObjectKind) -> Option<Self> {
        self.record = match kind {
            ObjectKind::Image => self.record.filter(Record::is_of_image),
            ObjectKind::Content | ObjectKind::Svg => self.record.and_then(Record::of_content),
        };
        (self.record.is_some() || self.is_direct(kind)).then_some(self)
    }

    /// The object with its file, `asset`. `path_key` is the key that the record's `Path` leads to.
    /// `None` if there is neither a file nor a record.
    pub fn found(self, asset: Option<Key>, path_key: Option<String>) -> Option<Found> {
        let Self { object, catalog, stored, record, .. } = self;
        let path_key = path_key.filter(|_| asset.is_none());
        let there = asset.is_some() || record.is_some();
        let catalog = Loaded { catalog, stored };
        there.then_some(Found {
            object,
            catalog,
            asset,
            path_key,
            record,
            mask: None,
            part: None,
            picture: None,
        })
    }
}

impl Found {
    /// Whether its record says that it is an SVG.
    pub fn is_svg(&self) -> bool {
        self.record.as_ref().is_some_and(Record::is_svg)
    }

    /// The key at which its file is expected under its own name.
    pub fn expected_key(&self) -> String {
        let ObjectId { root, id } = &self.object;
        if self.is_svg() { Record::svg_key(root, id) } else { self.object.asset_key() }
    }

    /// Its record's `MaskPath`.
    pub fn mask_path(&self) -> Option<&str> {
        let path = self.record.as_ref().and_then(|record| record.fields.mask_path.as_deref());
        path.filter(|path| !path.is_empty())
    }

    /// The lifetime in hours that its record sets.
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

    /// The named part of the object; `None` if its record has no such part.
    fn only(mut self, part: &str) -> Option<Self> {
        self.record.as_ref()?.part(part)?;
        self.object.id = format!("{}:{part}", self.object.id);
        self.part = Some(part.to_owned());
        Some(self)
    }

    /// The commands that crop the image to the part; none without a part.
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

    /// The record's `Modifier`, with the macros of its own catalog expanded (C4).
    pub fn modifier(&self) -> Result<Vec<Token>> {
        self.commands(|record| record.fields.modifier.as_deref())
    }

    /// The record's `PostModifier`, with the same expansion of macros.
    pub fn post_modifier(&self) -> Result<Vec<Token>> {
        self.commands(|record| record.fields.post_modifier.as_deref())
    }

    fn commands(&self, field: fn(&Record) -> Option<&str>) -> Result<Vec<Token>> {
        let Some(text) = self.record.as_ref().and_then(field) else { return Ok(Vec::new()) };
        expand(tokens(text, crate::commands::takes_request)?, &self.catalog.catalog.macros)
    }
}
