//! Looks up the members of a set. `req=set` prints data from their records (r-media-set-requests).

use super::{
    Lookups, RequestContext,
    access::{self, Named, ObjectKind},
    lookup::{self, Answer, Found},
    object,
};
use crate::{
    catalog::{ImageSet, Member, Record, SetKind, Strings},
    error::{Error, Result},
    limits,
    resolved::{Described, ReplyData, Resolved, Set},
    sort::{sort, sort_by},
    store::{Together, Version},
    time_slice::Work,
};

/// The members sorted by name; `None` for a member that does not exist or is refused.
type Members = Vec<(String, Option<Found>)>;

/// Resolves the set that `imageSet=` or the object's record defines. Sets among the members are
/// expanded in place, and the members are looked up. Returns [`ReplyData::Nothing`] if there is no
/// set.
pub async fn set(
    resolved: &Resolved,
    context: (&RequestContext, Named),
    strings: Strings<'_>,
    lookups: &Lookups<'_>,
) -> Result<ReplyData> {
    let Some(items) = written(resolved)? else { return Ok(ReplyData::Nothing) };
    let mut members = look_up(&items, context, strings, lookups).await?;
    let own = format!("{}/{}", resolved.object.root, resolved.object.id);
    let items = filled(items, &mut vec![own], &members, &mut { limits::SET_ENTRIES })?;
    open_pyramids(&mut members, context, lookups).await?;
    let members = described(members, resolved.answer.label_key.as_deref(), lookups);
    Ok(ReplyData::Set(Set { items, members }))
}

/// Parses the definition of the set.
#[inline(never)]
fn written(resolved: &Resolved) -> Result<Option<ImageSet>> {
    let Some(text) = text(resolved) else { return Ok(None) };
    let mut items = ImageSet::parse(&text)?.rooted(&resolved.object.root);
    let declared = resolved.answer.record().and_then(|record| record.asset_type.as_deref());
    items.declared = declared.and_then(SetKind::named);
    Ok(Some(items))
}

/// Collects the data of each existing member. `key` is the user-data key of the labels.
#[inline(never)]
fn described(members: Members, key: Option<&str>, lookups: &Lookups) -> Vec<(String, Described)> {
    let mut all = Vec::new();
    for (name, found) in members {
        let Some(found) = found else { continue };
        let revision = found.record_key().and_then(|key| {
            lookups
                .version(&key)
                .map(|version| Version([key.as_str(), "@", &version, ";"].concat()))
        });
        let Found { record: Some(record), picture, .. } = found else { continue };
        let version = picture.as_ref().map(|picture| picture.version.clone()).or(revision);
        let Some(version) = version else { continue };
        let size = picture.as_ref().map(|picture| picture.size).or_else(|| size_of(&record));
        let described = Described {
            size,
            version,
            label: key.and_then(|key| record.user_data.get(key).cloned()),
            kind: kind_of(&name, &record),
        };
        all.push((name, described));
    }
    all
}

/// Whether the member is an image or a video, by the suffix of its file.
fn kind_of(name: &str, record: &Record) -> SetKind {
    SetKind::of_file(record.fields.path.as_deref().unwrap_or(name))
}

/// The definition of the set: `imageSet=`, else `catalog::ImageSet`.
pub fn text(resolved: &Resolved) -> Option<String> {
    let stored = || resolved.answer.record().and_then(|record| record.image_set.clone());
    resolved.answer.image_set.clone().or_else(stored)
}

/// The distinct object names in a set. Fails for more than [`limits::SET_MEMBERS`].
pub fn names(set: &ImageSet) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in set.objects() {
        if !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
        if names.len() > limits::SET_MEMBERS {
            let message = format!("the set has more than {} members", limits::SET_MEMBERS);
            return Err(Error::too_large(message));
        }
    }
    Ok(names)
}

/// Looks up a member `rootId/id` with its record; `None` if it does not exist or is refused.
pub fn member<'a>(
    name: &'a str,
    (context, by): (&'a RequestContext, Named),
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    Box::pin(async move {
        // A name that is no valid id has no object.
        let Ok(object) = object::object(&[name.to_owned()]) else { return Ok(None) };
        let admitted = access::admit(context, by, object, None, lookups).await?;
        let found = admitted.and_then(|admitted| admitted.found(None, None));
        found.iter().for_each(|found| lookups.found(&found.object));
        Ok(found)
    })
}

/// Looks up the records of the members, and of the members of the sets among them. Fails for more
/// than [`limits::SET_LEVELS`] levels of sets, or [`limits::SET_MEMBERS`] members together.
async fn look_up(
    items: &ImageSet,
    context: (&RequestContext, Named),
    strings: Strings<'_>,
    lookups: &Lookups<'_>,
) -> Result<Members> {
    let mut members = Members::new();
    let mut wanted = names(items)?;
    for _ in 0..limits::SET_LEVELS {
        let level = std::mem::take(&mut wanted);
        let mut answers = Together::new(level.iter().map(|name| member(name, context, lookups)));
        for name in &level {
            let mut found = answers.next().await?.flatten();
            if let Some(record) = found.as_mut().and_then(|found| found.record.as_mut()) {
                *record = strings.record(std::mem::take(record));
                if let Some(set) = set_of(name, record)? {
                    wanted.extend(names(&set)?);
                }
            }
            members.push((name.clone(), found));
        }
        if !goes_on(&mut members, &mut wanted)? {
            return Ok(members);
        }
    }
    let limit = limits::SET_LEVELS;
    Err(Error::too_large(format!("sets are nested deeper than {limit} levels")))
}

/// Whether the sets among the members name objects that were not looked up yet.
#[inline(never)]
fn goes_on(members: &mut Members, wanted: &mut Vec<String>) -> Result<bool> {
    sort_by(members, |(one, _), (other, _)| one.cmp(other));
    wanted.retain(|name| place_of(name, members).is_none());
    sort(wanted);
    wanted.dedup();
    if members.len() + wanted.len() > limits::SET_MEMBERS && !wanted.is_empty() {
        let limit = limits::SET_MEMBERS;
        return Err(Error::too_large(format!("the sets have more than {limit} members in all")));
    }
    Ok(!wanted.is_empty())
}

fn place_of(name: &str, members: &Members) -> Option<usize> {
    members.binary_search_by(|(key, _)| key.as_str().cmp(name)).ok()
}

/// The size that a record gives for its image or its video, width × height in pixels.
fn size_of(record: &Record) -> Option<[u32; 2]> {
    let size = record.width.zip(record.height).map(<[u32; 2]>::from);
    size.or(record.fields.video_size)
}

/// Opens the pyramids of images whose records give no size, at most [`limits::SET_PYRAMIDS`]. Such
/// records are catalog rows without `Size`. All are opened in one batch.
async fn open_pyramids(
    members: &mut Members,
    context: (&RequestContext, Named),
    lookups: &Lookups<'_>,
) -> Result<()> {
    let unsized_members = members.iter().filter(|(name, found)| {
        let record = found.as_ref().and_then(|found| found.record.as_ref());
        record.is_some_and(|record| {
            let image = record.image_set.is_none() && kind_of(name, record) == SetKind::Image;
            size_of(record).is_none() && image
        })
    });
    let unsized_members: Vec<String> =
        unsized_members.take(limits::SET_PYRAMIDS).map(|(name, _)| name.clone()).collect();
    let mut answers =
        Together::new(unsized_members.iter().map(|name| opened(name, context, lookups)));
    for name in &unsized_members {
        let picture = answers.next().await?.flatten().and_then(|found| found.picture);
        let at = place_of(name, members);
        if let Some((_, Some(member))) = at.and_then(|at| members.get_mut(at)) {
            member.picture = picture;
        }
    }
    Ok(())
}

/// Looks up a member with the size and version of its pyramid.
fn opened<'a>(
    name: &'a str,
    (context, by): (&'a RequestContext, Named),
    lookups: &'a Lookups<'a>,
) -> Work<'a, Answer> {
    Box::pin(async move {
        let Ok(object) = object::object(&[name.to_owned()]) else { return Ok(None) };
        let mut found = lookup::at(context, (ObjectKind::Image, by), object, lookups).await?;
        if let Some(found) = &mut found
            && let Some(key) = &found.asset
        {
            found.picture = lookups.picture(key).await?;
        }
        Ok(found)
    })
}

/// Parses the set that a record defines.
fn set_of(name: &str, record: &Record) -> Result<Option<ImageSet>> {
    let Some(text) = &record.image_set else { return Ok(None) };
    let (root, _) = name.split_once('/').unwrap_or_default();
    let declared = record.asset_type.as_deref().and_then(SetKind::named);
    let set = ImageSet::parse(text).map_err(|error| error.with_detail(name.to_owned()))?;
    Ok(Some(ImageSet { name: Some(name.to_owned()), declared, ..set.rooted(root) }))
}

/// Expands the sets that a set names. A name within its own set denotes the image, not the set
/// (r-imageset-cat). `entries` is the number of items that are still allowed.
fn filled(
    mut set: ImageSet,
    within: &mut Vec<String>,
    members: &Members,
    entries: &mut usize,
) -> Result<ImageSet> {
    for item in &mut set.items {
        *entries = entries.checked_sub(1).ok_or_else(|| {
            Error::too_large(format!(
                "the sets have more than {} items in all",
                limits::SET_ENTRIES
            ))
        })?;
        let declared = item.kind.as_deref().and_then(SetKind::named);
        let [member] = item.members.as_mut_slice() else { continue };
        let inner = match &*member {
            Member::Set(inner) => Some(inner.clone()),
            Member::Object(name)
                if !within.contains(name) && !declared.is_some_and(SetKind::is_one) =>
            {
                let found = place_of(name, members).and_then(|at| members.get(at)?.1.as_ref());
                let record = found.and_then(|found| found.record.as_ref());
                record.map(|record| set_of(name, record)).transpose()?.flatten()
            }
            Member::Object(_) | Member::Color { .. } => None,
        };
        let Some(inner) = inner else { continue };
        let depth = within.len();
        within.extend(inner.name.clone());
        let mut inner = filled(inner, within, members, entries)?;
        within.truncate(depth);
        inner.declared = declared.or(inner.declared);
        *member = Member::Set(inner);
    }
    let media =
        |member: &Member| matches!(member, Member::Set(inner) if inner.kind() == SetKind::Media);
    if set.kind() == SetKind::Media && set.items.iter().flat_map(|item| &item.members).any(media) {
        return Err(Error::unsupported("a media set within a media set (r-media-set-requests)"));
    }
    Ok(set)
}
