//! `/is/content`: static content, which is sent as it is stored (r-serving-static-non-image-content).

use super::{
    Ask, Given, Main,
    access::{self, Kind, Named},
    headers,
    lookup::{self, Answer, Found},
    main_catalog, object,
    parts::no_record,
    said, settle,
};
use crate::{
    catalog::{Attributes, Record, Strings, is_static_allowed},
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::{Access, HttpRequest},
    protocol::RawRequest,
    scene::{Audience, ObjectId, Scene},
    store::{Known, Step, Version},
};

/// The commands of the page, and what JSONP and translation need; sites send those of images, too,
/// which mean nothing here (N11).
const COMMANDS: [&str; 6] = ["req", "type", "cache", "id", "handler", "locale"];

/// Static content that is asked for.
#[derive(Debug)]
pub struct Content {
    /// What is asked for of it, and what is known besides its bytes.
    pub scene: Scene,
    /// The stored file; nothing where there is none.
    pub file: Option<File>,
    /// Hours of its lifetime; −1 is for ever.
    pub hours: f64,
}

/// A stored file.
#[derive(Debug)]
pub struct File {
    /// Its key in the bucket.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// Its length in bytes.
    pub len: u64,
}

/// Resolves a request for static content; `None` when it names nothing.
pub fn content(request: &HttpRequest, known: &Known) -> Result<Step<Option<Content>>> {
    let mut ask = Ask::new(known);
    let answer = content_with(request, &mut ask)?;
    Ok(ask.step(answer))
}

fn content_with(request: &HttpRequest, ask: &mut Ask) -> Result<Option<Option<Content>>> {
    let object = main_catalog::object_of(request)?;
    if object.trim_matches('/').is_empty() {
        return Ok(Some(None));
    }
    let Some(mut main) = main_catalog::main(request, ask)? else { return Ok(None) };
    main.raw.tokens.retain(|token| COMMANDS.iter().any(|name| said::is(token, name)));
    let locale = said::last(&main.raw.tokens, "locale").unwrap_or_default().to_owned();
    let Some(found) = in_path(&main, &locale, &request.access, ask)? else { return Ok(None) };
    let attributes = attributes(&main, found.as_ref());
    let given = Given { attributes: &attributes, pictured: true, followed: &[] };
    let mut scene = settle(main.raw.clone(), &main.catalog, &given)?;
    if !matches!(scene.reply, Reply::Img | Reply::UserData | Reply::Props | Reply::Exists) {
        let kind = said::last(&main.raw.tokens, "req").unwrap_or_default();
        return Err(Error::value("req", kind, "userdata, props or exists at /is/content"));
    }
    scene.headers = headers::headers(&main, &main.raw)?;
    let stored = found.as_ref().and_then(|found| found.asset.as_ref());
    let stored = stored.and_then(|key| Some((key.as_str(), ask.object(key.as_str())?)));
    let file = stored.map(|(key, object)| File {
        key: key.to_owned(),
        version: object.version.clone(),
        len: object.len,
    });
    // Static content tells its date, whatever the catalog says of images (K6).
    let modified = stored.and_then(|(_, object)| object.modified);
    let stamps = [attributes.time_stamp, modified].into_iter().flatten();
    scene.last_modified = Some(stamps.fold(f64::NEG_INFINITY, f64::max));
    if let Some(found) = found {
        check_type(&main.raw, &found)?;
        scene.object = found.object;
        let strings = Strings::of(&attributes, &locale);
        scene.record = found.record.map(|record| (strings.record(record), None));
    }
    scene.ruled = main.applied.attributes;
    scene.audience = Audience::of(main.is_private, ask.filtered);
    scene.revision = ask.revision(request.access.unpublished);
    if file.is_none() {
        let ObjectId { root, id } = &scene.object;
        let message = format!("{root}/{id}: no such static content");
        scene.asset = Err(match is_static_allowed(&main.attributes) {
            true => Error::new(ErrorKind::NotFound, message),
            false => no_record(&scene.object),
        });
    }
    Ok(Some(Some(Content { scene, file, hours: attributes.expiration })))
}

/// The catalog's attributes, the record's over them.
fn attributes(main: &Main, found: Option<&Found>) -> Attributes {
    let mut attributes = main.attributes.clone();
    if let Some(record) = found.and_then(|found| found.record.as_ref()) {
        let fields = &record.fields;
        attributes.expiration = fields.own_expiration().unwrap_or(attributes.expiration);
        attributes.time_stamp = fields.time_stamp.or(attributes.time_stamp);
    }
    attributes
}

/// `type=`: a client gets what it can make use of, or an error (r-type).
fn check_type(raw: &RawRequest, found: &Found) -> Result<()> {
    let wanted = said::last(&raw.tokens, "type").unwrap_or_default();
    let user_type = found.record.as_ref().and_then(|record| record.fields.user_type.as_deref());
    match user_type.filter(|own| !own.is_empty() && !wanted.is_empty() && *own != wanted) {
        None => Ok(()),
        Some(own) => Err(Error::value("type", wanted, &format!("{own}, the type of this content"))),
    }
}

/// The content of the URL's path: of its catalog, else the default catalog's.
fn in_path(main: &Main, locale: &str, access: &Access, ask: &mut Ask) -> Answer {
    let ObjectId { root, id } = object::object(&main.raw.object)?;
    if id.is_empty() {
        return Ok(Some(None));
    }
    let places = lookup::with_suffixes(main, &root, &id, locale)?;
    // Without a catalog of that name the whole path is an id (B1).
    let behind = if main.root.is_some() { id } else { format!("{root}/{id}") };
    lookup::search(at, main, Named::Path, &places, &behind, access, ask)
}

/// One place: what the record there names, or content without a record.
fn at(main: &Main, named: Named, object: ObjectId, access: &Access, ask: &mut Ask) -> Answer {
    let kind = Kind::Content;
    let admitted = match access::admit(main, named, object, Some(kind), access, ask)? {
        None => return Ok(None),
        Some(None) => return Ok(Some(None)),
        Some(Some(admitted)) => admitted,
    };
    let ObjectId { root, id } = &admitted.object;
    let record = admitted.record.as_ref();
    let record = record.and_then(|(record, _)| record.clone().of_content());
    if record.is_none() && !admitted.is_direct(kind) {
        return Ok(Some(None));
    }
    let attributes = &admitted.catalog.attributes;
    let svg = record.as_ref().is_some_and(Record::is_svg);
    let mut file = match record.as_ref().and_then(|record| path(attributes, root, record)) {
        Some((kind, whole)) => access::file(main, &admitted, kind, &whole, access, ask)?,
        None => Some(None),
    };
    if let Some(None) = file {
        file = Some(admitted.file.clone());
    }
    if let Some(None) = file
        && let Some(folder) = &attributes.static_root_path
        && main.root.as_ref() == Some(root)
    {
        // It stands for the rootId in paths, as `RootPath` does for images.
        let whole = [folder, "/", id].concat();
        file = access::file(main, &admitted, kind, &whole, access, ask)?;
    }
    if let Some(None) = file
        && svg
    {
        let whole = [root, "/", id].concat();
        file = access::file(main, &admitted, Kind::Svg, &whole, access, ask)?;
    }
    let Some(file) = file else { return Ok(None) };
    let there = record.is_some() || file.is_some();
    Ok(Some(there.then(|| admitted.found(file, record))))
}

/// The file that `catalog::Path` names: an SVG's below `svg/`, which has no suffix there.
fn path(attributes: &Attributes, root: &str, record: &Record) -> Option<(Kind, String)> {
    let path = record.fields.path.as_deref()?.trim_start_matches('/');
    if path.is_empty() {
        return None;
    }
    let within =
        |folder: &Option<String>, path| [folder.as_deref().unwrap_or(root), "/", path].concat();
    Some(match record.is_svg() {
        true => {
            (Kind::Svg, within(&attributes.root_path, path.strip_suffix(".svg").unwrap_or(path)))
        }
        false => (Kind::Content, within(&attributes.static_root_path, path)),
    })
}
