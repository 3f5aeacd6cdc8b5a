//! What an error looks like to this catalog's clients: its detail, or a picture of it.

use super::{
    Ask, Given, Main,
    access::{Named, Requester},
    lookup, main_catalog, said, settle,
};
use crate::{
    catalog::{Applied, Attributes, Catalog, DEFAULT},
    commands::{Reply, ReplyFormat},
    error::{Error, ErrorPolicy, Result},
    http::HttpRequest,
    protocol::{Macros, Origin, RawRequest, Token, TokenKind, expand},
    scene::{Audience, ObjectId, Scene},
    store::{Known, Step},
};

/// What the catalog that a request is for says of errors, as far as it is known.
pub fn error_policy(request: &HttpRequest, known: &Known) -> ErrorPolicy {
    let mut ask = Ask::new(known);
    let attributes = attributes_of(request, &mut ask).ok().flatten();
    attributes.map_or(Catalog::builtin().attributes.errors, |found| found.errors)
}

/// How a client wants to be told that its request failed.
#[derive(Debug, Default)]
pub struct ErrorForm {
    /// What it asked for.
    pub reply: Option<Reply>,
    /// The format it wants.
    pub format: ReplyFormat,
    /// The identifier of its request.
    pub id: String,
}

/// How a client wants to be told of an error, as far as its request can be read (J2).
pub fn error_form(request: &HttpRequest, known: &Known) -> Step<ErrorForm> {
    if main_catalog::whole(request).is_err() {
        return Step::Done(form(plain(request), &Macros::default()).unwrap_or_default());
    }
    let mut ask = Ask::new(known);
    let main = match main_catalog::main(request, &mut ask) {
        Ok(main) => main.map(Some),
        Err(_) => bare(request, &mut ask).map_or(Some(None), |main| main.map(Some)),
    };
    let form = |main: Main| form(main.raw, &main.catalog.macros).ok();
    ask.step(main.map(|main| main.and_then(form).unwrap_or_default()))
}

fn form(raw: RawRequest, macros: &Macros) -> Result<ErrorForm> {
    // What stands beside a macro that there is not can be read still.
    let tokens = expand(raw.tokens.clone(), macros).unwrap_or(raw.tokens);
    let filled = said::Filled::of(&tokens, &raw.object.join("/"));
    let last = |name| Ok(filled.last(name)?.unwrap_or_default().into_owned());
    let format = Reply::format(&last("req")?);
    Ok(ErrorForm { reply: filled.reply()?, format, id: last("id")? })
}

/// The picture that stands for an error, where the catalog has one and the request is for a
/// picture (r-errorimage; decision J4).
pub fn error_scene(
    request: &HttpRequest,
    known: &Known,
    error: &Error,
) -> Result<Step<Option<Scene>>> {
    let mut ask = Ask::new(known);
    let answer = scene_with(request, error, &mut ask)?;
    Ok(ask.step(answer))
}

fn scene_with(
    request: &HttpRequest,
    error: &Error,
    ask: &mut Ask,
) -> Result<Option<Option<Scene>>> {
    // For a request that is not signed nothing is read.
    if main_catalog::whole(request).is_err() {
        return Ok(Some(None));
    }
    // A request that its own rules refuse has only its catalog's attributes.
    let main = match main_catalog::main(request, ask) {
        Ok(None) => return Ok(None),
        Ok(Some(main)) => main,
        Err(_) => {
            let Some(main) = bare(request, ask)? else { return Ok(None) };
            main
        }
    };
    let name = main.attributes.error_image.as_str();
    if name.is_empty() || !said::is_an_image(said::reply(&main.raw.tokens)) {
        return Ok(Some(None));
    }
    let name = (name, Named::Owner);
    let Some(found) = lookup::named(name, &main, "", &request.access, ask)? else {
        return Ok(None);
    };
    let Some(found) = found else { return Ok(Some(None)) };
    let (modifier, post) = (found.modifier(ask)?, found.post_modifier(ask)?);
    let (Some(modifier), Some(post)) = (modifier, post) else { return Ok(None) };
    let title = error.kind.status().1;
    let message = if main.attributes.errors.detail < 2 { title } else { error.message.as_str() };
    let mut tokens = modifier;
    tokens.extend(post);
    tokens.push(variable("error.title", title));
    tokens.push(variable("error.message", message));
    let object = vec![found.object.root.clone(), found.object.id.clone()];
    let pictured = found.asset.is_some();
    let given = Given { attributes: &main.attributes, pictured, followed: &[] };
    let mut scene = settle(RawRequest { object, tokens }, &main.catalog, &given)?;
    let asset = found.asset.map(|key| key.as_str().to_owned());
    scene.asset = asset.ok_or_else(|| super::missing(&found.object));
    scene.object = found.object;
    scene.expiration = Some(0);
    scene.ruled = main.applied.attributes;
    scene.revision = ask.revision(request.access.unpublished);
    scene.audience = Audience::of(main.is_private, ask.filtered);
    Ok(Some(Some(scene)))
}

/// The modifiers as they were sent, before rules.
fn plain(request: &HttpRequest) -> RawRequest {
    crate::protocol::read("", &request.query, crate::commands::takes_request).unwrap_or_default()
}

/// The request's catalog alone.
fn bare(request: &HttpRequest, ask: &mut Ask) -> Result<Option<Main>> {
    let root = main_catalog::root_of(main_catalog::object_of(request)?);
    let Some((catalog, stored)) = ask.catalog(root.as_deref())? else { return Ok(None) };
    let root = root.filter(|_| stored);
    Ok(Some(Main {
        attributes: catalog.attributes.clone(),
        catalog,
        requester: Requester {
            root: root.clone().unwrap_or_else(|| DEFAULT.to_owned()),
            admitted: false,
            locked: false,
            kind: main_catalog::kind(request),
        },
        root,
        raw: plain(request),
        path: ObjectId::default(),
        applied: Applied::default(),
        without_pixels: false,
        is_private: true,
    }))
}

fn attributes_of(request: &HttpRequest, ask: &mut Ask) -> Result<Option<Attributes>> {
    let root = main_catalog::root_of(main_catalog::object_of(request)?);
    let root = root.as_deref().unwrap_or(DEFAULT);
    Ok(ask.catalog(Some(root))?.map(|(catalog, _)| catalog.attributes.clone()))
}

fn variable(name: &str, value: &str) -> Token {
    let kind = TokenKind::Variable { name: name.to_owned(), value: value.to_owned() };
    Token { kind, raw: String::new(), column: 0, origin: Origin::default() }
}
