//! Decides how an error is reported to a catalog's clients: the level of detail, or an error image.

use std::rc::Rc;

use super::{
    Given, Lookups, Nesting, RequestContext,
    access::{Named, Requester},
    assembly::Assembly,
    context::{self, Enclosing},
    embedded,
    layer_lookups::{self, Around},
    lookup::{self, Found},
    lookups::Loaded,
    missing, settle,
    shown::Images,
    tokens,
};
use crate::{
    catalog::{Applied, Catalog, DEFAULT},
    commands::{Reply, ReplyFormat},
    error::{Error, ErrorPolicy, Result},
    http::HttpRequest,
    picture::ObjectId,
    protocol::{Macros, RawRequest, expand},
    resolved::{Audience, Resolved},
    store::FetchBuffer,
    time_slice::Work,
};

/// The error policy of the request's catalog, or the built-in one if the catalog has not been read.
pub fn error_policy(request: &HttpRequest, buffer: &FetchBuffer) -> ErrorPolicy {
    let policy = async move {
        let lookups = Lookups::new(&request.access, buffer);
        let root = context::root_of(context::object_of(request)?);
        let Loaded { catalog, .. } =
            lookups.catalog(Some(root.as_deref().unwrap_or(DEFAULT))).await?;
        Ok::<_, Error>(catalog.attributes.errors)
    };
    let policy = buffer.at_once(Box::pin(policy)).and_then(Result::ok);
    policy.unwrap_or(Catalog::builtin().attributes.errors)
}

/// The form in which a client wants an error report.
#[derive(Debug, Default)]
pub struct ErrorForm {
    /// The requested kind of reply; `None` if it is unknown.
    pub reply: Option<Reply>,
    /// The requested format of non-image replies.
    pub format: ReplyFormat,
    /// The value of `id=`, which a JSONP reply repeats.
    pub id: String,
}

/// Reads the form in which a client wants an error report, as far as its request can be read (J2).
pub fn error_form<'a>(
    request: &'a HttpRequest,
    buffer: &'a FetchBuffer,
) -> Work<'a, Result<ErrorForm>> {
    Box::pin(async move {
        if context::whole(request).is_err() {
            return form(plain(request), &Macros::default());
        }
        let lookups = &Lookups::new(&request.access, buffer);
        let context = context_or_bare(request, lookups).await?;
        form(context.raw, &context.catalog.macros)
    })
}

fn form(raw: RawRequest, macros: &Macros) -> Result<ErrorForm> {
    // If a macro is undefined, the other commands can still be read.
    let tokens = expand(raw.tokens.clone(), macros).unwrap_or(raw.tokens);
    let filled = tokens::Filled::of(&tokens, &raw.object.join("/"));
    let last = |name| Ok(filled.last(name)?.unwrap_or_default().into_owned());
    let format = Reply::format(&last("req")?);
    Ok(ErrorForm { reply: filled.reply()?, format, id: last("id")? })
}

/// The error image, if the catalog has one and the request is for an image (r-errorimage; decision
/// J4). Returns `None` otherwise.
pub fn error_image<'a>(
    request: &'a HttpRequest,
    buffer: &'a FetchBuffer,
    error: &'a Error,
) -> Work<'a, Result<Option<Resolved>>> {
    Box::pin(async move {
        // For a request without a valid signature, nothing is read.
        if context::whole(request).is_err() {
            return Ok(None);
        }
        let lookups = &Lookups::new(&request.access, buffer);
        let context = context_or_bare(request, lookups).await?;
        let name = context.attributes.error_image.as_str();
        if name.is_empty() || !tokens::is_an_image(tokens::reply(&context.raw.tokens)) {
            return Ok(None);
        }
        match lookup::named((name, Named::Owner), &context, "", lookups).await? {
            Some(found) => image_of(context, found, error, lookups).await.map(Some),
            None => Ok(None),
        }
    })
}

/// Resolves the error image that was found.
fn image_of<'a>(
    mut context: RequestContext,
    found: Found,
    error: &'a Error,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<Resolved>> {
    Box::pin(async move {
        let title = error.kind.status().1;
        let detailed = context.attributes.errors.detail >= 2;
        let message = if detailed { error.message.as_str() } else { title };
        let variables =
            [tokens::variable("error.title", title), tokens::variable("error.message", message)];
        let object = found.object.clone();
        context.raw.object = vec![object.root.clone(), object.id.clone()];
        let mut assembly = Assembly::new(&context, None);
        assembly.only(&found, &variables, &context.catalog)?;
        let enclosing = Enclosing { locale: String::new(), reply: Some(Reply::Img) };
        let around = Around { context: &context, enclosing, draws: true, last: None };
        let images = layer_lookups::look_up(&mut assembly, Some(found), &around, lookups).await?;
        let mut resolved = settle_image(&context, assembly, images, object)?;
        embedded::add(&mut resolved, &context, "", lookups).await?;
        resolved.remote = lookups.permitted();
        resolved.identity.revision = lookups.revision();
        resolved.delivery.audience = Audience::of(context.is_private, lookups.is_filtered());
        Ok(resolved)
    })
}

#[inline(never)]
fn settle_image(
    context: &RequestContext,
    assembly: Assembly,
    mut images: Images,
    object: ObjectId,
) -> Result<Resolved> {
    let contents = images.finish(&context.attributes);
    let object = images.main.as_ref().map_or(object, |main| main.object.clone());
    let asset = images.main.as_ref().and_then(|main| main.asset.as_ref());
    let pictured = asset.is_some() || images.source.is_some();
    let given = Given { attributes: &context.attributes, pictured, followed: &assembly.followed };
    let raw = RawRequest { object: context.raw.object.clone(), tokens: assembly.tokens };
    let mut resolved = settle((raw, Some(contents)), &context.catalog, &given, &context.nesting)?;
    resolved.asset = asset.map(|key| key.as_str().to_owned()).ok_or_else(|| missing(&object));
    resolved.object = object;
    resolved.delivery.expiration = Some(0);
    resolved.identity.ruled.clone_from(&context.applied.attributes);
    Ok(resolved)
}

/// The modifiers as they were sent, before rules.
fn plain(request: &HttpRequest) -> RawRequest {
    crate::protocol::read("", &request.query, crate::commands::takes_request).unwrap_or_default()
}

/// Returns the context of a request. If its own catalog refuses the request, the context has the
/// catalog's attributes only, without the effect of rules.
async fn context_or_bare(request: &HttpRequest, lookups: &Lookups<'_>) -> Result<RequestContext> {
    if let Ok(context) = context::find(request, lookups).await {
        return Ok(context);
    }
    let root = context::root_of(context::object_of(request)?);
    let Loaded { catalog, stored } = lookups.catalog(root.as_deref()).await?;
    Ok(bare(request, catalog, root.filter(|_| stored)))
}

#[inline(never)]
fn bare(request: &HttpRequest, catalog: Rc<Catalog>, root: Option<String>) -> RequestContext {
    RequestContext {
        attributes: catalog.attributes.clone(),
        named: Named::Path,
        nesting: Nesting::up_to(catalog.attributes.max_nesting),
        enclosing: None,
        ruled_by: Rc::clone(&catalog),
        catalog,
        requester: Requester {
            root: root.clone().unwrap_or_else(|| DEFAULT.to_owned()),
            path: ObjectId::default(),
            admitted: false,
            locked: false,
            kind: context::kind(request),
        },
        root,
        raw: plain(request),
        path: ObjectId::default(),
        applied: Applied::default(),
        without_pixels: false,
        is_private: true,
    }
}
