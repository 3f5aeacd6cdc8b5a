//! Conversion by ICC profiles: the transforms of a plan.

use std::{borrow::Cow, rc::Rc};

use crate::{
    color::{
        Components,
        icc::{Profile, Transform, TransformKey, computed, put},
        numbers_in,
    },
    error::{Error, Result},
    picture::ConversionOptions,
    pixel::PixelFormat,
    plan::{Conversion, Paint, Plan, ProfileSource, StoredBytes},
    pyramid::unpacked_profile,
    store::Fetched,
    time_slice::{TimeSlice, Work},
};

/// The transform of each conversion; `None` for an image whose profile is damaged or does not match
/// its pixels.
pub type Transforms = Vec<(Conversion, Option<Rc<Transform>>)>;

/// Takes the transforms of a plan from the cache, or computes them from the fetched profiles.
pub fn transforms<'a>(
    plan: &'a Plan,
    fetched: &'a Fetched,
    slice: &'a mut TimeSlice<'_>,
) -> Work<'a, Result<Transforms>> {
    Box::pin(async move {
        let mut transforms = Transforms::new();
        for (conversion, cached) in &plan.conversions {
            let transform = match cached {
                Some(transform) => Some(Rc::clone(transform)),
                None => match transform(conversion, fetched, slice).await {
                    Ok(transform) => Some(transform),
                    Err(Failed::Image) => None,
                    Err(Failed::Profile(error)) => return Err(error),
                },
            };
            transforms.push((conversion.clone(), transform));
        }
        Ok(transforms)
    })
}

/// A pixel of a colour, which is converted as the plan says. As many samples count as the format has.
pub fn painted(paint: &Paint, pixel: PixelFormat, transforms: &Transforms) -> [u8; 5] {
    let components = paint.color.components;
    let transform = paint.conversion.as_ref().and_then(|wanted| {
        let found = transforms.iter().find(|(conversion, _)| conversion == wanted);
        found?.1.as_ref()
    });
    let converted = transform.and_then(|transform| {
        let pixel = PixelFormat { model: components.model(), alpha: false };
        let (row, mut made) = (numbers_in(components, pixel.model), Vec::new());
        transform.convert(pixel, &row[..pixel.colors()], None, &mut made);
        Components::of(&made)
    });
    let [a, b, c, d] = numbers_in(converted.unwrap_or(components), pixel.model);
    let mut samples = [a, b, c, d, 0];
    if pixel.alpha {
        samples[pixel.colors()] = paint.color.alpha;
    }
    samples
}

/// Why there is no transform.
enum Failed {
    /// The profile in an image is damaged, or does not match its pixels.
    Image,
    /// A profile that a command or an attribute names cannot be used.
    Profile(Error),
}

async fn transform(
    conversion: &Conversion,
    fetched: &Fetched,
    slice: &mut TimeSlice<'_>,
) -> Result<Rc<Transform>, Failed> {
    let Conversion { model, from, to, options } = conversion;
    let ConversionOptions { intent, black_point, dither: _ } = options;
    let failed = |source: &ProfileSource, error: Error| match source.stored() {
        Some(StoredBytes { is_embedded: true, .. }) => Failed::Image,
        Some(StoredBytes { key, .. }) => {
            Failed::Profile(Error { message: format!("{key}: {}", error.message), ..error })
        }
        None => Failed::Profile(error),
    };
    let bytes = |source| bytes(source, fetched).map_err(Failed::Profile);
    let (from_bytes, to_bytes) = (bytes(from)?, bytes(to)?);
    let (name, key) =
        (conversion.name(), TransformKey::new(&from_bytes, &to_bytes, *intent, *black_point));
    if let Some(transform) = computed(&key, &name) {
        return if transform.from == *model { Ok(transform) } else { Err(Failed::Image) };
    }
    let source = Profile::read(&from_bytes).map_err(|error| failed(from, error))?;
    if from_bytes == to_bytes && source.model == *model {
        // Two images of one press keep their inks.
        let transform = Rc::new(Transform::unchanged(*model));
        put(key, &name, &transform);
        return Ok(transform);
    }
    let target = Profile::read(&to_bytes).map_err(|error| failed(to, error))?;
    if source.model != *model {
        return Err(Failed::Image);
    }
    // The target is checked first, so that what fails then is the source.
    target.from_pcs(*intent).map_err(|error| failed(to, error))?;
    let made = Transform::new(&source, &target, *intent, *black_point, slice).await;
    let transform = Rc::new(made.map_err(|error| failed(from, error))?);
    put(key, &name, &transform);
    Ok(transform)
}

/// The bytes of a profile; none if the profile of an image is damaged.
pub fn bytes<'a>(source: &ProfileSource, fetched: &'a Fetched) -> Result<Cow<'a, [u8]>> {
    match source {
        ProfileSource::BuiltIn(space) => Ok(Cow::Owned(space.profile())),
        ProfileSource::Stored(stored) => {
            let bytes = stored_bytes(stored, fetched)?;
            Ok(match stored.is_embedded {
                true => unpacked_profile(bytes).unwrap_or_default(),
                false => Cow::Borrowed(bytes),
            })
        }
    }
}

/// The bytes of a profile, or of an XMP packet, as they are stored.
pub fn stored_bytes<'a>(stored: &StoredBytes, fetched: &'a Fetched) -> Result<&'a [u8]> {
    let object = fetched.object(&stored.key);
    let bytes = object.and_then(|object| object.get(stored.range()));
    bytes.ok_or_else(|| Error::bad_source(format!("{}: its metadata ends early", stored.key)))
}
