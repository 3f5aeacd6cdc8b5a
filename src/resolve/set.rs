//! The members of a set: their records tell what `req=set` says of them (r-media-set-requests).

use std::collections::BTreeMap;

use super::{
    Ask, Main,
    access::{self, Named},
    ask::StoredPicture,
    lookup, object,
};
use crate::{
    catalog::{ImageSet, Member, Record, SetKind, Strings},
    error::{Error, Result},
    http::Access,
    limits,
    scene::{Described, Scene, Set, Told},
    store::Version,
};

/// Records by name; `None` where there is none that may be shown.
type Records = BTreeMap<String, Option<(Record, String)>>;

/// The set that the request or the object's record writes down, sets that it names put into it,
/// the members looked up. Nothing where there is no set; `None` while records are on their way.
pub fn set(
    scene: &Scene,
    main: (&Main, Named),
    strings: Strings,
    access: &Access,
    ask: &mut Ask,
) -> Result<Option<Told>> {
    let Some(text) = text(scene) else { return Ok(Some(Told::Nothing)) };
    let mut items = ImageSet::parse(&text)?.rooted(&scene.object.root);
    let said = scene.record.as_ref().and_then(|(record, _)| record.asset_type.as_deref());
    items.said = said.and_then(SetKind::named);
    let own = format!("{}/{}", scene.object.root, scene.object.id);
    let mut records = Records::new();
    if look_up(&items, main, strings, access, ask, &mut records)?.is_none() {
        return Ok(None);
    }
    let mut entries = limits::SET_ENTRIES;
    let items = filled(items, &mut vec![own], &records, &mut entries)?;
    let Some(mut pictures) = pictures(&records, main, access, ask)? else { return Ok(None) };
    let key = scene.label_key.as_deref();
    let described = |(name, found): (String, Option<(Record, String)>)| {
        let (record, revision) = found?;
        let path = record.fields.path.as_deref().unwrap_or(&name);
        let (size, version) = match pictures.remove(&name) {
            Some(StoredPicture { size, version }) => (Some(size), version),
            None => (size_of(&record), Version(revision)),
        };
        let described = Described {
            size,
            version,
            label: key.and_then(|key| record.user_data.get(key).cloned()),
            kind: SetKind::of_file(path),
        };
        Some((name, described))
    };
    let members = records.into_iter().filter_map(described).collect();
    Ok(Some(Told::Set(Set { items, members })))
}

/// `imageSet=`, else `catalog::ImageSet`.
pub fn text(scene: &Scene) -> Option<String> {
    let stored = || scene.record.as_ref().and_then(|(record, _)| record.image_set.clone());
    scene.image_set.clone().or_else(stored)
}

/// Every name in a set once.
pub fn names(set: &ImageSet) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in set.objects() {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        if names.len() > limits::SET_MEMBERS {
            let message = format!("a set of more than {} members", limits::SET_MEMBERS);
            return Err(Error::too_large(message));
        }
    }
    Ok(names)
}

/// The record of a member `rootId/id`, if the request may use it.
pub fn record_of(
    name: &str,
    (main, by): (&Main, Named),
    access: &Access,
    ask: &mut Ask,
) -> access::Answer<(Record, String)> {
    // What no id can have in it names nothing.
    let Ok(object) = object::object(&[name.to_owned()]) else { return Ok(Some(None)) };
    let admitted = access::admit(main, by, object, None, access, ask)?;
    Ok(admitted.map(|admitted| admitted.and_then(|admitted| admitted.record)))
}

/// Reads the records of the members, and of the members of the sets among them.
fn look_up(
    items: &ImageSet,
    main: (&Main, Named),
    strings: Strings,
    access: &Access,
    ask: &mut Ask,
    records: &mut Records,
) -> Result<Option<()>> {
    let mut wanted = names(items)?;
    for _ in 0..limits::SET_LEVELS {
        // All are asked for before any is waited for.
        let answers = wanted
            .iter()
            .map(|name| Ok((name.clone(), record_of(name, main, access, ask)?)))
            .collect::<Result<Vec<_>>>()?;
        wanted.clear();
        for (name, answer) in answers {
            let Some(found) = answer else { return Ok(None) };
            let found = found.map(|(record, revision)| (strings.record(record), revision));
            if let Some((record, _)) = &found
                && let Some(set) = set_of(&name, record)?
            {
                wanted.extend(names(&set)?);
            }
            records.insert(name, found);
        }
        wanted.retain(|name| !records.contains_key(name));
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(Some(()));
        }
        if records.len() + wanted.len() > limits::SET_MEMBERS {
            let limit = limits::SET_MEMBERS;
            return Err(Error::too_large(format!("sets of more than {limit} members in all")));
        }
    }
    let limit = limits::SET_LEVELS;
    Err(Error::too_large(format!("sets that name sets, over more than {limit} levels")))
}

/// What a record says of its picture's size, or its video's.
fn size_of(record: &Record) -> Option<[u32; 2]> {
    let size = record.width.zip(record.height).map(<[u32; 2]>::from);
    size.or(record.fields.video_size)
}

/// Sizes and versions of the pictures whose records, rows of a catalog without `Size`, do not
/// say them; `None` while their pyramids are on their way. All are asked for in one batch.
fn pictures(
    records: &Records,
    (main, by): (&Main, Named),
    access: &Access,
    ask: &mut Ask,
) -> Result<Option<BTreeMap<String, StoredPicture>>> {
    let unsaid = records.iter().filter_map(|(name, found)| {
        let (record, _) = found.as_ref()?;
        let path = record.fields.path.as_deref().unwrap_or(name);
        let image = record.image_set.is_none() && SetKind::of_file(path) == SetKind::Image;
        (size_of(record).is_none() && image).then_some(name)
    });
    let mut pictures = BTreeMap::new();
    let mut known = true;
    for name in unsaid.take(limits::SET_PYRAMIDS) {
        let Ok(object) = object::object(std::slice::from_ref(name)) else { continue };
        let found = lookup::at(main, by, object, access, ask)?;
        let picture = match found {
            None => None,
            Some(found) => match found.and_then(|found| found.asset) {
                Some(key) => ask.picture(&key)?,
                None => Some(None),
            },
        };
        known &= picture.is_some();
        pictures.extend(picture.flatten().map(|picture| (name.clone(), picture)));
    }
    Ok(known.then_some(pictures))
}

/// The set that a record writes down.
fn set_of(name: &str, record: &Record) -> Result<Option<ImageSet>> {
    let Some(text) = &record.image_set else { return Ok(None) };
    let (root, _) = name.split_once('/').unwrap_or_default();
    let said = record.asset_type.as_deref().and_then(SetKind::named);
    let set = ImageSet::parse(text).map_err(|error| error.with_detail(name.to_owned()))?;
    Ok(Some(ImageSet { name: Some(name.to_owned()), said, ..set.rooted(root) }))
}

/// The set with the sets in place of their names. A name that stands within its own set means
/// its picture (r-imageset-cat); `entries` are those that there may still be.
fn filled(
    mut set: ImageSet,
    within: &mut Vec<String>,
    records: &Records,
    entries: &mut usize,
) -> Result<ImageSet> {
    for item in &mut set.items {
        *entries = entries.checked_sub(1).ok_or_else(|| {
            Error::too_large(format!("sets of more than {} items in all", limits::SET_ENTRIES))
        })?;
        let said = item.kind.as_deref().and_then(SetKind::named);
        let [member] = item.members.as_mut_slice() else { continue };
        let inner = match &*member {
            Member::Set(inner) => Some(inner.clone()),
            Member::Object(name)
                if !within.contains(name) && !said.is_some_and(SetKind::is_one) =>
            {
                let record = records.get(name).and_then(Option::as_ref);
                record.map(|(record, _)| set_of(name, record)).transpose()?.flatten()
            }
            Member::Object(_) | Member::Color { .. } => None,
        };
        let Some(inner) = inner else { continue };
        let depth = within.len();
        within.extend(inner.name.clone());
        let mut inner = filled(inner, within, records, entries)?;
        within.truncate(depth);
        inner.said = said.or(inner.said);
        *member = Member::Set(inner);
    }
    let media =
        |member: &Member| matches!(member, Member::Set(inner) if inner.kind() == SetKind::Media);
    if set.kind() == SetKind::Media && set.items.iter().flat_map(|item| &item.members).any(media) {
        return Err(Error::unsupported("a media set within a media set (r-media-set-requests)"));
    }
    Ok(set)
}
