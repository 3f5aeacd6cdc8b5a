//! Looks up the images of all layers in one batch.

use std::rc::Rc;

use super::{
    Lookups, RequestContext,
    assembly::Assembly,
    context::Enclosing,
    images::{ImageName, Names},
    lookup::{self, Found},
    nested,
    shown::{Images, shown},
    source,
    within::{NestedRequest, Surroundings, within},
};
use crate::{
    error::{Error, ErrorKind, Result},
    protocol::{RemoteRules, Variables, Wrapper, embedded},
    store::Together,
    time_slice::Work,
};

/// What every look-up of a request needs.
pub struct Around<'a> {
    /// The context of the request.
    pub context: &'a RequestContext,
    /// Its locale and its kind of reply.
    pub enclosing: Enclosing,
    /// Whether the reply needs the images of all layers, and not only that of layer 0.
    pub draws: bool,
    /// The number of the text that follows the request's own commands.
    pub last: Option<u16>,
}

/// The result of one look-up.
#[derive(Clone)]
pub enum Answer {
    /// An object or a remote image; `None` if it does not exist or is refused.
    Object(Option<Box<Found>>),
    /// A nested request.
    Request(Rc<NestedRequest>),
    /// A nested request without its image.
    Missing(Error),
}

/// Looks up the images of all layers. `main` is the object of the template or of the path.
pub fn look_up<'a>(
    assembly: &'a mut Assembly,
    main: Option<Found>,
    around: &'a Around<'a>,
    lookups: &'a Lookups<'a>,
) -> Work<'a, Result<Images>> {
    Box::pin(async move {
        let Around { context, draws, .. } = *around;
        let names = Names::find(assembly, context, draws)?;
        let masked = draws && main.as_ref().is_some_and(|main| main.mask_path().is_some());
        if names.images.is_empty() && !masked {
            return Ok(Images::of(main, names.is_replaced));
        }
        let remote = &assembly.attributes.remote;
        let (distinct, places) = distinct(&names.images, context)?;
        let lookup = |name: &&ImageName| answer(name, &names.variables, remote, around, lookups);
        let all: Result<Vec<_>> = distinct.iter().map(lookup).collect();
        let own: Work<'_, Result<Answer>> = Box::pin(masked_if(masked, main, context, lookups));
        let mut found = Together::new(std::iter::once(own).chain(all?));
        let mut answers = Vec::new();
        while let Some(answer) = found.next().await? {
            answers.push(answer);
        }
        drop(found);
        shown(assembly, &names, answers, &places, around)
    })
}

/// The names that differ, and for each name the index of the one that it equals. A repeated name
/// is looked up once.
#[inline(never)]
fn distinct<'a>(
    names: &'a [ImageName],
    context: &RequestContext,
) -> Result<(Vec<&'a ImageName>, Vec<usize>)> {
    let mut distinct: Vec<&ImageName> = Vec::new();
    let mut places = Vec::new();
    for name in names {
        let same = |known: &&ImageName| {
            (known.command, &known.value, known.by) == (name.command, &name.value, name.by)
        };
        let place = distinct.iter().position(same).unwrap_or(distinct.len());
        if place == distinct.len() {
            distinct.push(name);
        }
        places.push(place);
    }
    context.nesting.count_images(distinct.len())?;
    Ok((distinct, places))
}

/// Looks up one image.
fn answer<'a>(
    name: &ImageName,
    variables: &Rc<Variables>,
    remote: &RemoteRules,
    around: &'a Around<'a>,
    lookups: &'a Lookups<'a>,
) -> Result<Work<'a, Result<Answer>>> {
    let Around { context, enclosing, draws, .. } = around;
    let (context, draws) = (*context, *draws);
    match embedded(&name.value) {
        Some((Wrapper::ImageServing, text)) => {
            let enclosing = enclosing.clone();
            let variables = Rc::clone(variables);
            let around = Surroundings { context, variables, enclosing, embeds: false };
            let request = within(around, text.to_owned(), name.by, lookups);
            let name = name.clone();
            Ok(Box::pin(async move { of_request(&name, request.await) }))
        }
        Some((_, url)) => {
            let found = source::remote(name, url.trim(), remote, context, lookups)?;
            Ok(Box::pin(async move { Ok(Answer::Object(found.map(Box::new))) }))
        }
        None if !source::is_looked_up(&name.value) => {
            let error = name.missing("no object has such a name");
            Ok(Box::pin(async move { Ok(Answer::Missing(error)) }))
        }
        None => {
            let named = (name.value.as_str(), name.by);
            let found = lookup::named(named, context, &enclosing.locale, lookups);
            Ok(Box::pin(async move { masked_if(draws, found.await?, context, lookups).await }))
        }
    }
}

/// An object; with its mask, if `masked`.
async fn masked_if(
    masked: bool,
    found: Option<Found>,
    context: &RequestContext,
    lookups: &Lookups<'_>,
) -> Result<Answer> {
    Ok(Answer::Object(match found {
        Some(found) if masked => Some(Box::new(lookup::with_mask(context, found, lookups).await?)),
        found => found.map(Box::new),
    }))
}

/// The result of a nested request.
#[inline(never)]
fn of_request(name: &ImageName, request: Result<NestedRequest>) -> Result<Answer> {
    let text = embedded(&name.value).map_or("", |(_, text)| text);
    let outside = |error| nested::outside(error, name.command, text, &name.token);
    let request = request.map_err(outside)?;
    // A request with nothing to show lacks an image, too.
    let nothing = request.resolved.unsupported.clone();
    let nothing = nothing.filter(|error| error.kind == ErrorKind::NotFound);
    let missing = nothing.or_else(|| request.resolved.missing_image());
    Ok(match missing {
        Some(mut error) => {
            error.message = format!("layer={}: {}", name.layer, outside(error.clone()).message);
            Answer::Missing(error.at(name.token.column))
        }
        None => Answer::Request(Rc::new(request)),
    })
}

impl Answer {
    /// The object, if it is one that exists.
    pub fn object(self) -> Option<Found> {
        match self {
            Self::Object(found) => found.map(|found| *found),
            Self::Request(_) | Self::Missing(_) => None,
        }
    }
}
