//! Resolves the requests that the images of an SVG name (r-svg-support, "Image references").

use std::rc::Rc;

use super::{
    Lookups, RequestContext,
    access::Named,
    context::Enclosing,
    nested::Nesting,
    within::{NestedRequest, Surroundings, within},
};
use crate::{
    commands::{Lifetime, Reads, Reply},
    error::{Error, ErrorKind, Result},
    picture::{EmbeddedImage, Picture},
    protocol::Variables,
    resolved::Resolved,
    store::{Object, Together, keys::Kind},
    svg::{self, ImageHref, SvgVariables},
    time_slice::Work,
};

/// A request that an image of an SVG names.
#[derive(Debug, Clone)]
pub struct EmbeddedRequest {
    /// The key of the SVG.
    pub svg: String,
    /// The value of `href`.
    pub href: String,
    /// The request.
    pub request: Rc<NestedRequest>,
}

/// An image of an SVG, and the variables of the request that shows the SVG.
struct Wanted {
    svg: String,
    image: ImageHref,
    variables: SvgVariables,
}

/// Resolves the requests that the SVGs of a request embed, each as a nested request, and adds their
/// pictures. Those of its nested requests are resolved with these. An SVG that is not read yet keeps
/// its images for the next time that the request is resolved.
pub fn add<'a>(
    resolved: &'a mut Resolved,
    context: &'a RequestContext,
    locale: &'a str,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<Vec<EmbeddedRequest>>> {
    Box::pin(async move {
        let own = Some(resolved.answer.reply);
        let reply = context.enclosing.as_ref().map_or(own, |enclosing| enclosing.reply);
        let draws = |reply: Reply| reply.kind().reads >= Reads::Plan;
        let wanted = match reply.is_some_and(draws) {
            true => wanted(&mut resolved.picture, lookups)?,
            false => Vec::new(),
        };
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let enclosing = Enclosing { locale: locale.to_owned(), reply };
        let requests = wanted.into_iter().map(|wanted| {
            let (context, enclosing) = (context, enclosing.clone());
            let resolving: Work<'_, Result<EmbeddedRequest>> =
                Box::pin(async move { one(wanted, context, enclosing, lookups).await });
            resolving
        });
        let mut requests = Together::new(requests);
        let mut all = Vec::new();
        while let Some(request) = requests.next().await? {
            all.push(request);
        }
        drop(requests);
        show(resolved, &all, &context.nesting)?;
        Ok(all)
    })
}

/// The images of the SVGs that are read, each once.
#[inline(never)]
fn wanted(picture: &mut Picture, lookups: &Lookups) -> Result<Vec<Wanted>> {
    let fetched = lookups.fetched();
    let mut all: Vec<Wanted> = Vec::new();
    for (key, inputs) in picture.own_drawings_mut() {
        let Some(bytes) = fetched.object(key).and_then(Object::whole) else { continue };
        let images = svg::images(bytes, &inputs.variables);
        inputs.images = Some(Vec::new());
        for image in images.map_err(|error| outside(key, None, error))? {
            if !all.iter().any(|wanted| wanted.svg == key && wanted.image.href == image.href) {
                let (svg, variables) = (key.to_owned(), inputs.variables.clone());
                all.push(Wanted { svg, image, variables });
            }
        }
    }
    Ok(all)
}

/// Resolves the request of one image.
async fn one(
    Wanted { svg, image: ImageHref { href, has_variables }, variables }: Wanted,
    context: &RequestContext,
    enclosing: Enclosing,
    lookups: &Lookups<'_>,
) -> Result<EmbeddedRequest> {
    let text = svg::embedded_request(&href).map_err(|error| outside(&svg, None, error))?;
    // A catalog names what its own SVG names, unless a variable may have changed it.
    let root = Kind::Svg.name(&svg).and_then(|name| name.split('/').next());
    let by = match root == Some(&context.requester.root) && !has_variables {
        true => Named::Owner,
        false => Named::Request,
    };
    let definitions = variables.definitions().iter();
    let definitions = definitions.map(|(name, value)| (name.as_str(), value.as_str()));
    let variables = Rc::new(Variables::defined(definitions));
    let around = Surroundings { context, variables, enclosing, embeds: true };
    let request = within(around, text.to_owned(), by, lookups).await;
    let request = request.map_err(|error| outside(&svg, Some(&href), error))?;
    Ok(EmbeddedRequest { svg, href, request: Rc::new(request) })
}

/// Adds the pictures of embedded requests to their SVGs, and what of them counts for the reply: what
/// is missing or unsupported, and the shortest lifetime (K4).
#[inline(never)]
fn show(resolved: &mut Resolved, all: &[EmbeddedRequest], nesting: &Nesting) -> Result<()> {
    for (key, inputs) in resolved.picture.own_drawings_mut() {
        let Some(shown) = &mut inputs.images else { continue };
        for EmbeddedRequest { svg, href, request } in all.iter().filter(|one| one.svg == key) {
            let picture = &request.resolved.picture;
            nesting.count_layers(picture).map_err(|error| outside(svg, Some(href), error))?;
            shown.push(EmbeddedImage { href: href.clone(), picture: picture.clone() });
        }
    }
    for EmbeddedRequest { svg, href, request } in all {
        let lacks = |error| outside(svg, Some(href), error);
        let unsupported = request.resolved.unsupported.clone().map(lacks);
        let (nothing, unsupported) = match unsupported {
            // A request with nothing to show lacks an image, too.
            Some(error) if error.kind == ErrorKind::NotFound => (Some(error), None),
            unsupported => (None, unsupported),
        };
        let missing = nothing.or_else(|| request.resolved.missing_image().map(lacks));
        resolved.missing_layer = resolved.missing_layer.take().or(missing);
        resolved.unsupported = resolved.unsupported.take().or(unsupported);
        if resolved.answer.reply.kind().lifetime == Lifetime::Image {
            request.shorten(&mut resolved.delivery);
        }
    }
    Ok(())
}

/// An error with the key of its SVG and the start of the image's `href`.
fn outside(svg: &str, href: Option<&str>, mut error: Error) -> Error {
    // That of an SVG within this one names where it is.
    if !Kind::Svg.holds(&error.message) {
        let start = |href: &str| href.chars().take(60).collect::<String>();
        let image = href.map(|href| format!("<image href=\"{}\">: ", start(href)));
        let image = image.unwrap_or_default();
        error.message = format!("{svg}: {image}{}", error.message);
    }
    error.column = None;
    error
}
