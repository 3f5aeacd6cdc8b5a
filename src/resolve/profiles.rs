//! Finds the ICC profiles that a request and its catalogs name (r-color-management, r-icc, I12).

use std::{collections::BTreeMap, rc::Rc};

use super::Lookups;
use crate::{
    catalog::{Attributes, Catalog},
    color::icc::{identifier, rgb_space},
    commands::{Output, Reads},
    error::{Error, ErrorKind, Result},
    picture::{Assumed, ConversionOptions, ProfileName},
    pixel::ColorModel,
    resolved::{ColorManagement, Resolved},
    store::keys::Kind,
    time_slice::Work,
};

/// The attributes for profiles of replies, and for those of images: grey, RGB and CMYK.
const OUTPUT: [&str; 3] = ["IccProfileGray", "IccProfileRgb", "IccProfileCmyk"];
const SOURCE: [&str; 3] = ["IccProfileSrcGray", "IccProfileSrcRgb", "IccProfileSrcCmyk"];

/// The profile of this name: in the catalog's map of profiles, of an RGB space, or in the folder of
/// profiles. `None` without a name, or for `none`.
fn named(by: &str, name: &str, map: &BTreeMap<String, String>) -> Option<ProfileName> {
    let name = name.trim().trim_start_matches('/');
    if name.is_empty() || name.eq_ignore_ascii_case("none") {
        return None;
    }
    let named_by = || [by, "=", name].concat();
    if let Some(key) = map.get(name) {
        return Some(ProfileName::Stored { key: key.clone(), named_by: named_by() });
    }
    if let Some(space) = rgb_space(name) {
        return Some(ProfileName::BuiltIn(space));
    }
    let stem = [".icc", ".icm"].iter().find_map(|suffix| {
        let at = name.len().checked_sub(suffix.len())?;
        name.get(at..).filter(|end| end.eq_ignore_ascii_case(suffix)).and(name.get(..at))
    });
    let key = Kind::Profile.key(identifier(stem.unwrap_or(name)));
    Some(ProfileName::Stored { key, named_by: named_by() })
}

/// The profiles that images of a catalog have if they contain none.
pub fn assumed(attributes: &Attributes, map: &BTreeMap<String, String>) -> Assumed {
    let color = &attributes.color;
    Rc::new([0, 1, 2].map(|nth| match color.source[nth].as_str() {
        "" => named(OUTPUT[nth], &color.output[nth], map),
        name => named(SOURCE[nth], name, map),
    }))
}

/// The colour management of a request, before the stored profiles are looked up.
pub fn management(output: &Output, attributes: &Attributes, catalog: &Catalog) -> ColorManagement {
    let (color, profile) = (&attributes.color, output.profile.as_ref());
    ColorManagement {
        requested: profile.and_then(|profile| named("icc", &profile.object, &catalog.icc)),
        output: [0, 1, 2].map(|nth| named(OUTPUT[nth], &color.output[nth], &catalog.icc)),
        source: assumed(attributes, &catalog.icc),
        options: ConversionOptions {
            intent: profile.and_then(|profile| profile.intent).unwrap_or(color.intent),
            black_point: profile
                .and_then(|profile| profile.black_point)
                .unwrap_or(color.black_point),
            dither: profile.and_then(|profile| profile.dither).unwrap_or(color.dither),
        },
        stored: Vec::new(),
    }
}

/// Looks up the stored profiles. Then the colours of the profile in `icc=` are those of the reply.
/// Fails if that profile does not exist, or if the format cannot have its colours.
pub fn look_up<'a>(resolved: &'a mut Resolved, lookups: &'a Lookups<'a>) -> Work<'a, Result<()>> {
    Box::pin(async move {
        if resolved.answer.reply.kind().reads < Reads::Plan {
            return Ok(());
        }
        let color = &resolved.color;
        let of_catalog = color.output.iter().chain(color.source.iter()).flatten();
        let of_request = color.requested.iter().chain(of_catalog);
        let mut keys: Vec<String> = Vec::new();
        for name in of_request.chain(resolved.picture.profiles()) {
            if let ProfileName::Stored { key, .. } = name
                && !keys.contains(key)
            {
                keys.push(key.clone());
            }
        }
        if !keys.is_empty() {
            resolved.color.stored = lookups.profiles(&keys).await?;
        }
        choose_model(resolved)
    })
}

/// Sets the colours of the reply to those of the profile in `icc=`.
#[inline(never)]
fn choose_model(resolved: &mut Resolved) -> Result<()> {
    let Some(name) = &resolved.color.requested else { return Ok(()) };
    if !ColorManagement::applies_to(resolved.answer.reply) {
        return Ok(());
    }
    let model = resolved.color.model_of(name).ok_or_else(|| missing(name))?;
    let format = resolved.output.format;
    if !format.models.contains(&model) {
        let models: Vec<&str> = format.models.iter().map(|model| model.name()).collect();
        let message = format!(
            "icc={}: a profile for {}, but a {} has {}; use another profile or fmt=",
            name.name(),
            model.name(),
            format.name,
            models.join(" or ")
        );
        return Err(Error::new(ErrorKind::Value, message));
    }
    resolved.output.pixel.model = model;
    Ok(())
}

/// The command or attribute that names a profile.
fn named_by(name: &ProfileName) -> &str {
    match name {
        ProfileName::BuiltIn(space) => space.id,
        ProfileName::Stored { named_by, .. } => named_by,
    }
}

/// The error for a profile that does not exist.
pub fn missing(name: &ProfileName) -> Error {
    let key = if let ProfileName::Stored { key, .. } = name { key } else { "" };
    let named_by = named_by(name);
    let message = format!("{named_by}: no such ICC profile ({key}); put its file there");
    Error::new(ErrorKind::Value, message)
}

/// The error for a profile of other colours than those that it is named for.
pub fn wrong_model(name: &ProfileName, found: ColorModel, wanted: ColorModel) -> Error {
    let (named_by, found, wanted) = (named_by(name), found.name(), wanted.name());
    let message = format!("{named_by}: an ICC profile for {found}; expected one for {wanted}");
    Error::new(ErrorKind::Value, message)
}
